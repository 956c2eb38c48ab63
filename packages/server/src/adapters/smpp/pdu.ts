/** SMPP 3.4 §5.1.2.1, those a hub speaks. A response is its request with the highest bit set. */
export const commands = {
  genericNack: 0x80000000,
  bindReceiver: 0x00000001,
  bindTransmitter: 0x00000002,
  submitSm: 0x00000004,
  deliverSm: 0x00000005,
  unbind: 0x00000006,
  bindTransceiver: 0x00000009,
  enquireLink: 0x00000015,
} as const
export const responseBit = 0x80000000

/** §5.1.3, those that are answered with or looked at. */
export const statuses = {
  ok: 0,
  invalidCommand: 0x03,
  throttled: 0x58,
  temporaryError: 0x64,
  permanentError: 0x65,
} as const

/** §5.3.2 */
export const tags = {
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarPart: 0x020f,
  receiptedId: 0x001e,
  messageState: 0x0427,
  payload: 0x0424,
} as const

const headerBytes = 16
/** A message_payload has 64 KB at most, and nothing else here comes near it. */
export const pduBytesMax = 70_000

export type Pdu = {
  readonly command: number
  readonly status: number
  readonly sequence: number
  readonly body: Buffer
}

export function writePdu({ command, status, sequence, body }: Pdu): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32BE(headerBytes + body.length, 0)
  header.writeUInt32BE(command >>> 0, 4)
  header.writeUInt32BE(status, 8)
  header.writeUInt32BE(sequence, 12)
  return Buffer.concat([header, body])
}

/** The peer sends what is no SMPP, or more than any message has. */
export class PduUnreadable extends Error {
  readonly code = 'pdu_unreadable'
  override readonly name = 'PduUnreadable'
}

/** Cuts a stream into PDUs, whatever the packets they come in. */
export class PduReader {
  #held = Buffer.alloc(0)

  /** @throws {PduUnreadable} */
  push(chunk: Buffer): Pdu[] {
    this.#held = Buffer.concat([this.#held, chunk])
    const found: Pdu[] = []
    while (this.#held.length >= headerBytes) {
      const length = this.#held.readUInt32BE(0)
      if (length < headerBytes || length > pduBytesMax) throw new PduUnreadable('a PDU has an impossible length')
      if (this.#held.length < length) break
      found.push({
        command: this.#held.readUInt32BE(4),
        status: this.#held.readUInt32BE(8),
        sequence: this.#held.readUInt32BE(12),
        body: Buffer.from(this.#held.subarray(headerBytes, length)),
      })
      this.#held = this.#held.subarray(length)
    }
    return found
  }
}

export type ShortMessage = {
  readonly source: string
  readonly sourceTon: number
  readonly destination: string
  readonly esmClass: number
  readonly coding: number
  /** The octets of the message, from wherever they were. */
  readonly octets: Buffer
  readonly options: ReadonlyMap<number, Buffer>
}

/** The body of deliver_sm and submit_sm (§4.4.1, §4.6.1); undefined where it is cut short. */
export function readShortMessage(body: Buffer): ShortMessage | undefined {
  const cursor = { at: 0 }
  const text = () => {
    const end = body.indexOf(0, cursor.at)
    if (end === -1) throw new PduUnreadable('a text has no end')
    const value = body.toString('latin1', cursor.at, end)
    cursor.at = end + 1
    return value
  }
  const octet = () => {
    cursor.at += 1
    return body.readUInt8(cursor.at - 1)
  }
  try {
    text()
    const sourceTon = octet()
    octet()
    const source = text()
    octet()
    octet()
    const destination = text()
    const esmClass = octet()
    octet()
    octet()
    text()
    text()
    octet()
    octet()
    const coding = octet()
    octet()
    const length = octet()
    if (cursor.at + length > body.length) return undefined
    const short = body.subarray(cursor.at, cursor.at + length)
    const options = readOptions(body.subarray(cursor.at + length))
    const octets = length > 0 ? short : (options.get(tags.payload) ?? short)
    return { source, sourceTon, destination, esmClass, coding, octets, options }
  } catch {
    return undefined
  }
}

function readOptions(rest: Buffer): ReadonlyMap<number, Buffer> {
  const options = new Map<number, Buffer>()
  let at = 0
  while (at + 4 <= rest.length) {
    const length = rest.readUInt16BE(at + 2)
    if (at + 4 + length > rest.length) break
    options.set(rest.readUInt16BE(at), rest.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return options
}

export type MessageToWrite = {
  readonly source: string
  readonly destination: string
  readonly esmClass: number
  readonly coding: number
  readonly octets: Buffer
}

/** §4.4.1. Numbers go as international ones, short codes and names as what they are (§5.2.5). */
export function writeShortMessage({ source, destination, esmClass, coding, octets }: MessageToWrite): Buffer {
  return Buffer.concat([
    cString(''),
    address(source),
    address(destination),
    Buffer.from([esmClass, 0, 0]),
    cString(''),
    cString(''),
    Buffer.from([0, 0, coding, 0, octets.length]),
    octets,
  ])
}

function address(value: string): Buffer {
  const isInternational = /^\+\d{7,15}$/.test(value)
  const isName = /\D/.test(value.replace(/^\+/, ''))
  const ton = isInternational ? 1 : isName ? 5 : 3
  return Buffer.concat([Buffer.from([ton, isInternational ? 1 : 0]), cString(value.replace(/^\+/, ''))])
}

export type BindRequest = { readonly user: string; readonly password: string; readonly systemType: string }

/** §4.1.1; interface version 3.4, any address. */
export function writeBind({ user, password, systemType }: BindRequest): Buffer {
  return Buffer.concat([cString(user), cString(password), cString(systemType), Buffer.from([0x34, 0, 0]), cString('')])
}

export function cString(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'latin1')
}

export type Receipt = { readonly id: string; readonly state: string; readonly error: string }

/** A delivery receipt as operators write it (Appendix B); undefined for anything else. */
export function readReceipt(text: string): Receipt | undefined {
  if (!/\bstat:\w+/i.test(text)) return undefined
  const part = (name: string) => new RegExp(`\\b${name}:(\\S*)`, 'i').exec(text)?.[1] ?? ''
  return { id: part('id'), state: part('stat').toUpperCase(), error: part('err') }
}

/** §5.2.28, by the names of Appendix B; the others are no end of a message's way. */
const stateNames: ReadonlyMap<number, string> = new Map([
  [2, 'DELIVRD'],
  [3, 'EXPIRED'],
  [5, 'UNDELIV'],
  [8, 'REJECTD'],
])

/** A receipt in options of its own (§5.3.2.12, §5.3.2.35), whatever its text. */
export function readReceiptOptions(options: ReadonlyMap<number, Buffer>): Receipt | undefined {
  const id = options.get(tags.receiptedId)
  const [state] = options.get(tags.messageState) ?? []
  if (id === undefined || state === undefined) return undefined
  return { id: id.toString('latin1').replace(/\0.*$/s, ''), state: stateNames.get(state) ?? '', error: '' }
}
