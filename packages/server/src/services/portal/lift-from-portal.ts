import { everything, uuidV7 } from '@verzet/core'
import { findStandings } from '../../storage/standings.ts'
import { choiceByLink, type Said } from '../choices-by-link.ts'
import type { Hub } from '../hub.ts'
import type { LeavingPart } from '../leaving/leaving-record.ts'
import type { OpenedLink } from '../open-link.ts'
import { contextOf, type LiftRequest, momentAfter, withAnswer } from '../person-acts.ts'

/**
 * Records at once what a link has to have confirmed by mail: who signed in at a portal makes the later, provable choice
 * that lifts their own earlier no (rule 2). The proof of the identity is kept with each consent. Returns the choices
 * that an undo would take back.
 */
export async function liftFromPortal(hub: Hub, link: OpenedLink, lift: LiftRequest): Promise<readonly string[]> {
  const { items, restriction, restrictionScope, answers } = lift
  const subjects = [...new Set([link.claims.contactPointKey, ...items.map(({ subjectKey }) => subjectKey)])]
  const standings = await findStandings(hub.db, subjects)
  // After every no it follows, and in one moment: the consent that makes room for a restriction does not end it (rule 1).
  const saidAt = [...standings.values()].reduce((at, row) => momentAfter(row.record, at), hub.clock())
  const said: Said[] = items.map(({ subjectKey, scope }) => ({
    words: { kind: 'consent', scope },
    ...(subjectKey !== link.claims.contactPointKey && { subjectKey }),
    saidAt,
  }))
  if (restriction !== undefined) said.push({ words: { ...restriction, scope: restrictionScope ?? everything }, saidAt })
  const context = contextOf(hub, link)
  const choices = said.map((one) => choiceByLink(link, one, context))
  const outcomes = await hub.committer.record(withAnswer(choices, answers && answering(hub, answers)))
  return outcomes.map(({ id }) => id)
}

function answering(hub: Hub, { subjectKey, ...answer }: NonNullable<LiftRequest['answers']>): LeavingPart {
  const evidenceId = uuidV7(hub.clock(), hub.random(10))
  return { kind: 'answer', leaveSubject: subjectKey, evidenceId, ...answer }
}
