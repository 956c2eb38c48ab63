import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { BrandRow } from '../storage/catalog.ts'
import { type Database, transact } from '../storage/database.ts'
import {
  findRelayCredential,
  insertRelayCredential,
  listRelayCredentials,
  markRelayCredentialRemoved,
  type RelayCredentialRow,
  type WhenRefused,
} from '../storage/relay-credentials.ts'
import type { Clock, RandomBytes } from './ports.ts'

/** Who sends through the relay, and what holds for what they send. */
export type RelayCredential = {
  readonly name: string
  readonly brand: string
  readonly topic?: string
  readonly campaign?: string
  readonly whenRefused: WhenRefused
  /** Advertising whose body cannot be changed may leave with the header fields alone. */
  readonly headersOnly: boolean
  /** Service mail carries the ways out as well. */
  readonly linksInService: boolean
  readonly createdAt: number
  readonly removedAt?: number
}

export type CredentialWish = Omit<RelayCredential, 'name' | 'brand' | 'createdAt' | 'removedAt'> & {
  readonly brand: Pick<BrandRow, 'id'>
  /** Made from the brand when absent. */
  readonly name?: string
}

export type MadeCredential = { readonly kind: 'made'; readonly name: string; readonly password: string }

const saltBytes = 16
const hashBytes = 32
/** 192 bits of chance: nobody chooses this password, so its scrypt need not make up for a weak one. */
const passwordBytes = 24
const nameSuffixBytes = 4
/** RFC 7914 §2: 16 MB and about 50 ms on one core, which is what a guess costs as well. */
const scryptCost = { N: 16_384, r: 8, p: 1 } as const
/** Longer than this no process goes on taking a credential that was removed at another. */
const cachedForMs = 1_000
/** A client that signs in for each mail pays for scrypt once in this time. */
const provenForMs = 10 * 60_000
/** More than a deployment has. */
const cachedMax = 10_000

/** Makes a credential; `password` is the only copy. `name_taken` also for the name of a removed one. */
export async function addRelayCredential(
  db: Database,
  wish: CredentialWish,
  now: number,
  random: RandomBytes,
): Promise<MadeCredential | { readonly kind: 'name_taken' }> {
  const name = wish.name ?? `${wish.brand.id}-${Buffer.from(random(nameSuffixBytes)).toString('hex')}`
  // A dash in front of it is an option to the command lines that send mail.
  const password = Buffer.from(random(passwordBytes)).toString('base64url').replace(/^-/, '_')
  const salt = Buffer.from(random(saltBytes))
  const row = {
    name,
    brand: wish.brand.id,
    topic: wish.topic ?? null,
    campaign: wish.campaign ?? null,
    salt,
    passwordHash: await hashPassword(password, salt),
    whenRefused: wish.whenRefused,
    headersOnly: wish.headersOnly,
    linksInService: wish.linksInService,
    createdAt: new Date(now),
  }
  const isNew = await transact(db, (tx) => insertRelayCredential(tx, row))
  return isNew ? { kind: 'made', name, password } : { kind: 'name_taken' }
}

/** False when there was nothing to remove. */
export function removeRelayCredential(db: Database, name: string, now: number): Promise<boolean> {
  return transact(db, (tx) => markRelayCredentialRemoved(tx, name, now))
}

export async function readRelayCredentials(db: Database): Promise<RelayCredential[]> {
  return (await listRelayCredentials(db)).map(describe)
}

/** Says who signs in, and whether they still may. Asks the database at most once a second for each. */
export class RelayCredentialVerifier {
  readonly #db: Database
  readonly #clock: Clock
  readonly #found = new Map<string, { row: RelayCredentialRow | undefined; readAt: number }>()
  /** Passwords that were right lately, under a key of this process alone: a copy of its memory gives none away. */
  readonly #proven = new Map<string, { proof: Buffer; provenAt: number }>()
  readonly #proofKey = randomBytes(hashBytes)

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Undefined unless the name holds and the password is its own; either way a guess costs one scrypt. */
  async verify(name: string, password: string): Promise<RelayCredential | undefined> {
    const row = await this.#find(name)
    if (row !== undefined && this.#isProven(row, password)) return describe(row)
    const hash = await hashPassword(password, row?.salt ?? Buffer.alloc(saltBytes))
    const isRight = timingSafeEqual(hash, row?.passwordHash ?? Buffer.alloc(hashBytes))
    if (!isRight || row === undefined) return undefined
    keepBounded(this.#proven, name, { proof: this.#proofOf(row, password), provenAt: this.#clock() })
    return describe(row)
  }

  /** The credential of somebody who signed in before; undefined once it was removed. */
  async find(name: string): Promise<RelayCredential | undefined> {
    const row = await this.#find(name)
    return row && describe(row)
  }

  async #find(name: string): Promise<RelayCredentialRow | undefined> {
    const now = this.#clock()
    const known = this.#found.get(name)
    if (known !== undefined && Math.abs(now - known.readAt) < cachedForMs) return known.row
    const row = await findRelayCredential(this.#db, name)
    keepBounded(this.#found, name, { row, readAt: now })
    return row
  }

  #isProven(row: RelayCredentialRow, password: string): boolean {
    const known = this.#proven.get(row.name)
    if (known === undefined || Math.abs(this.#clock() - known.provenAt) > provenForMs) return false
    return timingSafeEqual(known.proof, this.#proofOf(row, password))
  }

  #proofOf(row: RelayCredentialRow, password: string): Buffer {
    return createHmac('sha256', this.#proofKey).update(row.passwordHash).update(password).digest()
  }
}

function keepBounded<Value>(map: Map<string, Value>, name: string, value: Value): void {
  map.delete(name)
  map.set(name, value)
  const oldest = map.keys().next().value
  if (map.size > cachedMax && oldest !== undefined) map.delete(oldest)
}

function hashPassword(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hashBytes, scryptCost, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}

function describe(row: RelayCredentialRow): RelayCredential {
  return {
    name: row.name,
    brand: row.brand,
    ...(row.topic !== null && { topic: row.topic }),
    ...(row.campaign !== null && { campaign: row.campaign }),
    whenRefused: row.whenRefused,
    headersOnly: row.headersOnly,
    linksInService: row.linksInService,
    createdAt: row.createdAt.getTime(),
    ...(row.removedAt !== null && { removedAt: row.removedAt.getTime() }),
  }
}
