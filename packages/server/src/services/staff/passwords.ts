import { type Algorithm, hash, verify } from '@node-rs/argon2'

/** NIST SP 800-63B asks for eight and OWASP ASVS 5 recommends fifteen; no rule about signs, which only makes them worse. */
export const passwordCharactersMin = 12
/** As ASVS 5 asks: long enough for any sentence, short enough that reading it costs nothing. */
export const passwordCharactersMax = 128
/** Measured on the reference machine: about 100 ms and 46 MiB a password, in a thread of its own. OWASP asks for 19 MiB. */
const cost = { memoryCost: 47_104, timeCost: 2, parallelism: 1 } as const
/** Argon2id; the package declares its names as a const enum, which erasable syntax does not have. */
const argon2id: Algorithm = 2
/** Each takes 46 MiB: beyond this the one who asks is told to come back. */
const atOnceMax = 8

let underWay = 0

/** More passwords are being checked than this machine has memory for. */
export class PasswordsBusy extends Error {
  readonly code = 'overloaded'
}

export type PasswordFault = 'too_short' | 'too_long' | 'is_address'

/** What is wrong with a password somebody chose; undefined when nothing is. */
export function passwordFault(password: string, email: string): PasswordFault | undefined {
  const characters = [...password.normalize('NFC')].length
  if (characters < passwordCharactersMin) return 'too_short'
  if (characters > passwordCharactersMax) return 'too_long'
  const local = email.slice(0, email.lastIndexOf('@'))
  return [email, local].includes(password.trim().toLowerCase()) ? 'is_address' : undefined
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFC'), { ...cost, algorithm: argon2id }))
}

/** Takes as long for an account that is not there, or has no password, as for one that has. */
export async function passwordMatches(password: string, stored: string | null | undefined): Promise<boolean> {
  if ([...password].length > passwordCharactersMax) return false
  nobody ??= hashPassword('nobody has this password').catch((error: unknown) => {
    // Not kept: it would tell an account that is not there from one that is until the next start.
    nobody = undefined
    throw error
  })
  const known = stored ?? (await nobody)
  const matches = await inTurn(() => verify(known, password.normalize('NFC')))
  return matches && typeof stored === 'string'
}

let nobody: Promise<string> | undefined

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= atOnceMax) throw new PasswordsBusy('too many passwords at once')
  underWay += 1
  try {
    return await work()
  } finally {
    underWay -= 1
  }
}
