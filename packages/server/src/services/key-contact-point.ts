import {
  type ContactPoint,
  type ContactPointProblem,
  type ContactPointType,
  contactPointKey,
  gateFingerprint,
  type HashSecrets,
  normaliseContactPoint,
} from '@verzet/core'
import type { KeyedContactPoint } from './ports.ts'

/** Normalises what somebody wrote down as an address or a number, and gives it the two names the hub knows it by. */
export function keyContactPoint(
  secrets: HashSecrets,
  input: { type: ContactPointType; value: string },
  country?: string,
): { kind: 'ok'; keyed: KeyedContactPoint } | ContactPointProblem {
  const normalised = normaliseContactPoint(input, country === undefined ? {} : { country })
  return normalised.kind === 'ok'
    ? { kind: 'ok', keyed: nameContactPoint(secrets, normalised.contactPoint) }
    : normalised
}

export function nameContactPoint(secrets: HashSecrets, contactPoint: ContactPoint): KeyedContactPoint {
  return {
    contactPoint,
    key: contactPointKey(secrets, contactPoint),
    fingerprint: BigInt.asIntN(64, gateFingerprint(secrets.fingerprintKey, contactPoint)),
  }
}
