import type { HashSecrets } from '@verzet/core'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../../services/ports.ts'
import { fieldError, invalidRequest } from '../problem.ts'

/** A relation is known by its external id as a customer number. */
export function nameRelation(secrets: HashSecrets, externalId: string): KeyedContactPoint {
  const named = keyContactPoint(secrets, { type: 'customer', value: externalId })
  if (named.kind !== 'ok') throw invalidRequest([fieldError('path', ['externalId'], named.hint)])
  return named.keyed
}
