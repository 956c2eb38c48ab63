import { type Channel, type ContactPointType, channels, contactPointTypes } from '@verzet/core'
import { usageProblem } from './exit-codes.ts'

/** What kind of contact point somebody typed; asks when it cannot be told. */
export function contactPointArgument(
  value: string,
  type: string | undefined,
): { type: ContactPointType; value: string } {
  if (type !== undefined) return { type: oneOf(contactPointTypes, type, '--type'), value }
  if (value.includes('@')) return { type: 'email', value }
  if (/^\+?[\d\s().\-/]{6,}$/.test(value)) return { type: 'phone', value }
  throw usageProblem(`cannot tell what "${value}" is: add --type email, phone, post, push or customer`)
}

export function channelOption(value: string): Channel {
  return oneOf(channels, value, '--channel')
}

/** A value out of a closed list, or a sentence that names the list. */
export function oneOf<T extends string>(allowed: readonly T[], value: string, flag: string): T {
  const found = allowed.find((candidate) => candidate === value.trim().toLowerCase())
  if (found === undefined) throw usageProblem(`${flag} takes ${allowed.join(', ')}; "${value}" is none of them`)
  return found
}

/** `a,b` and repeated flags alike. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ]
}
