import { createHash } from 'node:crypto'
import { type LinkClaims, uuidFromHex, uuidV7 } from '@verzet/core'
import { type Queryable, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { findLeave, type LeaveRow, listLeaves, moveLeave } from '../../storage/leaves.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'
import type { ChoiceToRecord } from '../record-choices.ts'
import { undoWithinMs } from '../withdraw-choice.ts'
import { type LeavingAsk, type LeavingPart, leaveOpenMs, leavingEvidence } from './leaving-record.ts'
import { leavingOf } from './leaving-settings.ts'

/**
 * Makes a no by link the beginning of a leave: what the brand wants asked is stored and owed in the same transaction.
 * It never waits for an answer. A text is owed only to who came by text: anybody else who has no mailbox here is asked
 * on the page.
 */
export function beginLeave(hub: Hub, link: OpenedLink, choice: ChoiceToRecord, isAsked = true): ChoiceToRecord {
  const policy = isAsked ? leavingOf(link.brand, link.topic).policy : 'immediate'
  const ask = askOf(policy, link)
  const now = hub.clock()
  const id = () => uuidV7(now, hub.random(10))
  const { acknowledge } = choice
  // The mail that asks is the acknowledgement as well, and is counted as the one mail of this act.
  const messageId = acknowledge?.mailId ?? id()
  const leaving = { kind: 'begin' as const, policy, ask, messageId, evidenceId: id(), link: linkDigest(link.claims) }
  return { ...choice, leaving }
}

function askOf(policy: ReturnType<typeof leavingOf>['policy'], { claims, portal }: OpenedLink): LeavingAsk {
  if (policy === 'immediate') return 'nothing'
  // At a portal the person is there, signed in, and no message brought them.
  if (policy === 'confirm_on_page' || portal !== undefined) return 'page'
  return claims.channel === 'email' ? 'mail' : claims.channel === 'sms' ? 'text' : 'page'
}

/** Tells one link from another without being one: half of a SHA-256 over what the token carries. */
export function linkDigest(claims: LinkClaims): string {
  const { contactPointKey, brandNumber, topicNumber, campaignNumber, channel, offered, mintedAt } = claims
  const parts = [contactPointKey, brandNumber, topicNumber, campaignNumber, channel, offered.join('+'), mintedAt]
  return uuidFromHex(createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32))
}

/** Who signed in at a portal is the person, through whichever link they spoke before. */
export function isSaidBy(leave: Pick<LeaveRow, 'link'>, link: OpenedLink): boolean {
  return link.portal !== undefined || leave.link === linkDigest(link.claims)
}

/**
 * The noes since a moment that were said through another link of the same contact point. Who holds this one has not
 * shown to be who said those: they are lifted by a confirmed consent alone.
 */
export async function saidByOtherLinks(db: Queryable, link: OpenedLink, since: number): Promise<ReadonlySet<string>> {
  const leaves = await listLeaves(db, link.claims.contactPointKey, since)
  return new Set(leaves.filter((leave) => !isSaidBy(leave, link)).map(({ id }) => id))
}

/** What a choice by this link is, when it opens something of a no said through it a moment ago. */
export async function narrowingBy(hub: Hub, link: OpenedLink, alternative?: string): Promise<LeavingPart | undefined> {
  const now = hub.clock()
  const leaves = await listLeaves(hub.db, link.claims.contactPointKey, now - undoWithinMs)
  const leave = leaves.find((one) => isSaidBy(one, link) && one.state !== 'returned')
  return leave && answerTo(hub, leave, 'narrowed', alternative)
}

export function answerTo(
  hub: Hub,
  { id, subjectKey }: LeaveRow,
  state: 'narrowed' | 'returned',
  alternative?: string,
): LeavingPart {
  const evidenceId = uuidV7(hub.clock(), hub.random(10))
  const answer = { kind: 'answer' as const, leaveId: id, leaveSubject: subjectKey, state, evidenceId }
  return { ...answer, ...(alternative && { alternative }) }
}

/** The leave that was named, or else the newest one; undefined for one that is over or not this contact point's. */
export async function readLeave(hub: Hub, link: OpenedLink, id?: string): Promise<LeaveRow | undefined> {
  const key = link.claims.contactPointKey
  const named = id === undefined ? undefined : await findLeave(hub.db, key, id)
  const leave = named ?? (await listLeaves(hub.db, key, hub.clock() - leaveOpenMs))[0]
  return leave?.state === 'returned' ? undefined : leave
}

/** The person meant the no. It held before; this only says so. False when there is nothing to confirm. */
export async function confirmLeave(hub: Hub, link: OpenedLink, leave: LeaveRow): Promise<boolean> {
  const now = hub.clock()
  const { contactPointKey: subjectKey } = link.claims
  return transact(hub.db, async (tx) => {
    if (!(await moveLeave(tx, { subjectKey, id: leave.id, state: 'confirmed' }, now))) {
      return (await findLeave(tx, subjectKey, leave.id))?.state === 'confirmed'
    }
    const evidenceId = uuidV7(now, hub.random(10))
    await appendEvidence(tx, [leavingEvidence({ evidenceId, id: leave.id, subjectKey, state: 'confirmed', at: now })])
    return true
  })
}
