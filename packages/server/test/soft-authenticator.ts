import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a browser is asked with, as far as an authenticator reads it. */
export type Question = {
  readonly challenge: string
  readonly rp?: { readonly id?: string }
  readonly rpId?: string
  readonly user?: { readonly id: string }
}

export type Circumstances = {
  readonly origin?: string
  readonly isVerified?: boolean
  /** The count it says; one more than the last time where nothing is said. */
  readonly count?: number
}

const userPresent = 0x01
const userVerified = 0x04
const withCredential = 0x40

/** A passkey in memory: one credential that signs with ES256 (WebAuthn level 3, 6.5), without a browser around it. */
export class SoftAuthenticator {
  readonly id = randomBytes(16)
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  #userHandle = ''
  #count = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Makes the credential; the answer as the page's script posts it. */
  create(asked: Question, circumstances: Circumstances = {}): string {
    this.#userHandle = asked.user?.id ?? ''
    const credential = Buffer.concat([Buffer.alloc(16), uint16(this.id.length), this.id, coseKey(this.#keys.publicKey)])
    const data = this.#data(asked.rp?.id ?? '', withCredential, circumstances, credential)
    const attestationObject = cborMap([
      [cborText('fmt'), cborText('none')],
      [cborText('attStmt'), cborMap([])],
      [cborText('authData'), cborBytes(data)],
    ])
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', asked, circumstances).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** Proves that it is there, and whose it is. */
  get(asked: Question, circumstances: Circumstances = {}): string {
    const clientData = this.#clientData('webauthn.get', asked, circumstances)
    const data = this.#data(asked.rpId ?? '', 0, circumstances)
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    return this.#answer({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
      userHandle: this.#userHandle,
    })
  }

  #answer(response: object): string {
    const id = this.id.toString('base64url')
    return JSON.stringify({ id, rawId: id, type: 'public-key', response })
  }

  #clientData(type: string, { challenge }: Question, { origin = this.#origin }: Circumstances): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  }

  #data(
    rpId: string,
    flags: number,
    { isVerified = true, count }: Circumstances,
    credential = Buffer.alloc(0),
  ): Buffer {
    this.#count = count ?? this.#count + 1
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#count)
    const shown = flags | userPresent | (isVerified ? userVerified : 0)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([shown]), counter, credential])
  }
}

/** RFC 9053 §7.1.1: key type 2 (EC2), algorithm -7 (ES256), curve 1 (P-256), and the point. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return cborMap([
    [Buffer.from([0x01]), Buffer.from([0x02])],
    [Buffer.from([0x03]), Buffer.from([0x26])],
    [Buffer.from([0x20]), Buffer.from([0x01])],
    [Buffer.from([0x21]), cborBytes(Buffer.from(x, 'base64url'))],
    [Buffer.from([0x22]), cborBytes(Buffer.from(y, 'base64url'))],
  ])
}

// RFC 8949 §3, as much of it as an attestation needs.
function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([Buffer.from([0xa0 | entries.length]), ...entries.flat()])
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)])
}

function cborBytes(bytes: Buffer): Buffer {
  const isShort = bytes.length < 256
  const head = isShort ? Buffer.from([0x58, bytes.length]) : Buffer.concat([Buffer.from([0x59]), uint16(bytes.length)])
  return Buffer.concat([head, bytes])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
