import type { ContactPoint } from '@verzet/core'
import { cancelConfirmation } from '../storage/confirmations.ts'
import { transact } from '../storage/database.ts'
import { type AskOutcome, askConfirmation, type ConfirmationRequest, type MoveRequest } from './ask-confirmation.ts'
import { originOf } from './choices-by-link.ts'
import type { Hub } from './hub.ts'
import { nameContactPoint } from './key-contact-point.ts'
import type { OpenedLink } from './open-link.ts'
import type { LiftRequest } from './person-acts.ts'

/** A link proves too little for these: the mail that is sent proves the rest. `language` is the one the page was read in. */
export function requestLift(hub: Hub, link: OpenedLink, wanted: LiftRequest, language: string): Promise<AskOutcome> {
  return request(hub, link, { kind: 'lift', ...wanted }, language)
}

export function requestContactPoint(
  hub: Hub,
  link: OpenedLink,
  added: ContactPoint,
  language: string,
  instead: MoveRequest = {},
): Promise<AskOutcome> {
  const contactPoint = nameContactPoint(hub.secrets, added)
  return request(hub, link, { kind: 'contact_point', contactPoint, ...instead }, language)
}

export function requestErasure(hub: Hub, link: OpenedLink, language: string): Promise<AskOutcome> {
  return request(hub, link, { kind: 'erasure' }, language)
}

/** Takes back what waits for a confirmation: its mail is not sent any more, and a link already sent has expired. */
export function cancelRequest(hub: Hub, link: OpenedLink, confirmationId: string): Promise<boolean> {
  return transact(hub.db, (tx) => cancelConfirmation(tx, link.claims.contactPointKey, confirmationId, hub.clock()))
}

function request(hub: Hub, link: OpenedLink, wanted: ConfirmationRequest, language: string): Promise<AskOutcome> {
  const asked = { subjectKey: link.claims.contactPointKey, request: wanted, origin: originOf(link), language }
  return transact(hub.db, (tx) => askConfirmation(tx, hub.random, asked, hub.clock()))
}
