import { createPublicKey } from 'node:crypto'
import { assertNever, type HashSecrets, seal, sealRing, unseal } from '@verzet/core'
import { type Database, transact } from '../../storage/database.ts'
import { insertPortal, listPortals, markPortalRemoved, type PortalRow } from '../../storage/portals.ts'
import { isSiteOrigin } from '../brand-settings.ts'
import type { Clock, RandomBytes } from '../ports.ts'

/** What a portal signs with. The algorithm follows from the key, never from the token (RFC 8725 §3.1). */
export type PortalKey =
  | { readonly kind: 'jwks'; readonly url: string }
  | { readonly kind: 'public_key'; readonly pem: string }
  | { readonly kind: 'shared_secret'; readonly secret: string }

/** A site of the customer where people sign in, and that may say to the hub who they are. */
export type Portal = {
  /** The `iss` of its tokens. */
  readonly name: string
  readonly brand: string
  readonly key: PortalKey
  /** Where the element may speak to the hub from. */
  readonly origins: readonly string[]
  readonly createdAt: number
  readonly removedAt?: number
}

export type PortalWish = Pick<Portal, 'name' | 'brand' | 'origins'> & {
  /** A shared secret is made here: one that somebody chose is one that can be guessed. */
  readonly key: Exclude<PortalKey, { kind: 'shared_secret' }> | { readonly kind: 'shared_secret' }
}

export type AddPortalOutcome =
  /** `secret` is the only copy that is shown. */
  | { readonly kind: 'added'; readonly secret?: string }
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'refused'; readonly hint: string }

/** 256 bits, as RFC 7518 §3.2 asks of a key for HS256. */
const secretBytes = 32
/** RFC 7518 §3.3. */
const rsaBitsMin = 2_048
/** More sites than one portal has. */
export const portalOriginsMax = 20
/** Goes into `iss` of every token and onto the command line. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/
/** How old the copy of another process's change may be before it is read again. */
const keptForMs = 1_000

type Parts = {
  readonly db: Database
  readonly secrets: HashSecrets
  readonly clock: Clock
  readonly random: RandomBytes
}

export async function addPortal(parts: Parts, wish: PortalWish): Promise<AddPortalOutcome> {
  const hint = faultOf(wish)
  if (hint !== undefined) return { kind: 'refused', hint }
  const secret = Buffer.from(parts.random(secretBytes)).toString('base64url')
  const { key } = wish
  const row = {
    name: wish.name,
    brand: wish.brand,
    keyKind: key.kind,
    jwksUrl: key.kind === 'jwks' ? key.url : null,
    publicKey: key.kind === 'public_key' ? key.pem : null,
    sealedSecret: key.kind === 'shared_secret' ? seal(secretRing(parts.secrets), Buffer.from(secret)) : null,
    origins: [...new Set(wish.origins)],
    createdAt: new Date(parts.clock()),
  }
  if (!(await transact(parts.db, (tx) => insertPortal(tx, row)))) return { kind: 'name_taken' }
  return { kind: 'added', ...(key.kind === 'shared_secret' && { secret }) }
}

/** False when there was nothing to remove. */
export function removePortal({ db, clock }: Pick<Parts, 'db' | 'clock'>, name: string): Promise<boolean> {
  return transact(db, (tx) => markPortalRemoved(tx, name, clock()))
}

export async function readPortals({ db, secrets }: Pick<Parts, 'db' | 'secrets'>): Promise<Portal[]> {
  return (await listPortals(db)).flatMap((row) => describe(row, secrets) ?? [])
}

/** The portals that hold, asked of the database at most once a second. */
export class PortalDirectory {
  readonly #parts: Pick<Parts, 'db' | 'secrets' | 'clock'>
  #held: readonly Portal[] = []
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<readonly Portal[]> | undefined

  constructor(parts: Pick<Parts, 'db' | 'secrets' | 'clock'>) {
    this.#parts = parts
  }

  async all(): Promise<readonly Portal[]> {
    if (Math.abs(this.#parts.clock() - this.#readAt) < keptForMs) return this.#held
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async find(name: string): Promise<Portal | undefined> {
    return (await this.all()).find((portal) => portal.name === name)
  }

  async #read(): Promise<readonly Portal[]> {
    const now = this.#parts.clock()
    this.#held = (await readPortals(this.#parts)).filter(({ removedAt }) => removedAt === undefined)
    this.#readAt = now
    return this.#held
  }
}

/** What cannot be used, as a sentence; undefined where all of it can. */
function faultOf({ name, origins, key }: PortalWish): string | undefined {
  if (!namePattern.test(name))
    return 'a name is made of letters, digits and . _ : / -, at most 100, as "iss" will say it'
  if (origins.length > portalOriginsMax) return `a portal has at most ${portalOriginsMax} origins`
  const odd = origins.find((origin) => !isSiteOrigin(origin))
  if (odd !== undefined) return `${odd} is no origin such as https://my.example.com`
  switch (key.kind) {
    case 'jwks':
      return isKeySetUrl(key.url) ? undefined : 'the key set has an https address without user name or fragment'
    case 'public_key':
      return algorithmOf(key.pem) === undefined
        ? `the public key is PEM: EC on the curve P-256, or RSA of ${rsaBitsMin} bits or more`
        : undefined
    case 'shared_secret':
      return undefined
    default:
      return assertNever(key)
  }
}

/** Plain http on this very machine only, where somebody tries it out. */
export function isKeySetUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, hash } = new URL(text)
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && username + password + hash === ''
}

/** The one algorithm a public key is used with; undefined for a key that is none of ours, a private one above all. */
export function algorithmOf(pem: string): 'ES256' | 'RS256' | undefined {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem)
    if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin ? 'RS256' : undefined
  } catch {
    return undefined
  }
}

/** Sealed under the pepper, so that a copy of the database signs nothing. */
function secretRing({ pepper }: HashSecrets) {
  return sealRing([{ id: 1, secret: pepper }], 'portal secret')
}

/** Undefined for a secret that was sealed under another pepper: nothing it signs can be judged. */
function describe(row: PortalRow, secrets: HashSecrets): Portal | undefined {
  const key = keyOf(row, secrets)
  if (key === undefined) return undefined
  const { name, brand, origins, createdAt, removedAt } = row
  const portal = { name, brand, key, origins, createdAt: createdAt.getTime() }
  return { ...portal, ...(removedAt !== null && { removedAt: removedAt.getTime() }) }
}

function keyOf({ keyKind, jwksUrl, publicKey, sealedSecret }: PortalRow, secrets: HashSecrets): PortalKey | undefined {
  switch (keyKind) {
    case 'jwks':
      return { kind: 'jwks', url: jwksUrl ?? '' }
    case 'public_key':
      return { kind: 'public_key', pem: publicKey ?? '' }
    case 'shared_secret': {
      const secret = unseal(secretRing(secrets), sealedSecret ?? Buffer.alloc(0))?.toString('utf8')
      return secret === undefined ? undefined : { kind: 'shared_secret', secret }
    }
    default:
      return assertNever(keyKind)
  }
}
