import { covers, emptyStanding, type Scope, type Standing, uuidV7 } from '@verzet/core'
import { type ContactPointRow, findContactPoints } from '../../storage/contact-points.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  countOpenLiftProposals,
  decideLiftProposal,
  findLiftProposal,
  insertLiftProposal,
  type LiftProposalRow,
  listOpenLiftProposals,
} from '../../storage/lift-proposals.ts'
import { findStandings } from '../../storage/standings.ts'
import type { Hub } from '../hub.ts'
import { type ChoiceToRecord, recordChoices } from '../record-choices.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

/**
 * A yes that staff record for somebody who said no lifts that no. Where the deployment asks for it, a second member of
 * staff agrees first; until then nothing is recorded and the no stands.
 *
 *   proposed ──► approved    recorded as said when it was said, with both who recorded and who agreed
 *            ├─► refused     nothing is recorded
 *            └─► too old     nothing is recorded; ask the person again
 */
export const proposalValidityMs = 48 * 3_600_000
/** What the page lists; more than anybody decides in one sitting. */
export const proposalsShownMax = 200

type Parts = Pick<Hub, 'db' | 'clock' | 'random' | 'secrets'>

/** Whether a consent of this scope, recorded by staff for this contact point or relation, has to wait for a second member. */
export async function needsSecondPerson(
  hub: Pick<Hub, 'db' | 'hasFourEyes'>,
  { contactKey, scope }: { readonly contactKey: string; readonly scope: Scope },
): Promise<boolean> {
  if (hub.hasFourEyes !== true) return false
  const standing = (await findStandings(hub.db, [contactKey])).get(contactKey)?.record ?? emptyStanding
  return refusals(standing, scope).length > 0
}

/** Any no that this yes and it are both about; pruned standings hold only noes that still count. */
function refusals(standing: Standing, scope: Scope) {
  const items = standing.groups.flatMap((group) => group.items)
  return items.filter((item) => item.kind === 'objection' && (covers(item.scope, scope) || covers(scope, item.scope)))
}

export type LiftToPropose = {
  /** The contact point or the relation that the consent is for. */
  readonly contactKey: string
  readonly scope: Scope
  /** How the person asked for it, as the choice would keep it. */
  readonly note: string
  /** Where it was said: `desk`, `people`. */
  readonly signal: string
  readonly saidAt: number
  readonly staffId: string
}

/** Keeps the consent for a second member of staff. Nothing is recorded as said, and the no stands. */
export function proposeLift(hub: Parts, lift: LiftToPropose): Promise<{ id: string; expiresAt: number }> {
  const now = hub.clock()
  const id = uuidV7(now, hub.random(10))
  const expiresAt = now + proposalValidityMs
  const { staffId, saidAt, ...rest } = lift
  return transact(hub.db, async (tx) => {
    await insertLiftProposal(tx, {
      ...rest,
      id,
      saidAt: new Date(saidAt),
      proposedBy: staffId,
      proposedAt: new Date(now),
      expiresAt: new Date(expiresAt),
    })
    const act = { staffId: lift.contactKey, act: 'lift_proposed', actor: staffActor(staffId), object: id } as const
    await appendStaffAct(tx, hub.random, act, now)
    return { id, expiresAt }
  })
}

export type OpenProposal = LiftProposalRow & { readonly contact: ContactPointRow | undefined }

/** What waits, soonest to end first. */
export async function readProposals(hub: Pick<Hub, 'db' | 'clock'>): Promise<OpenProposal[]> {
  const rows = await listOpenLiftProposals(hub.db, hub.clock(), proposalsShownMax)
  const contacts = await findContactPoints(
    hub.db,
    rows.map(({ contactKey }) => contactKey),
  )
  return rows.map((row) => ({ ...row, contact: contacts.get(row.contactKey) }))
}

/** How many wait, whoever proposed them. */
export function countProposals(hub: Pick<Hub, 'db' | 'clock'>): Promise<number> {
  return countOpenLiftProposals(hub.db, hub.clock())
}

export type ProposalDecided =
  | { readonly kind: 'approved'; readonly choiceId: string }
  /** Recorded as well, but a no that was said after it stands. */
  | { readonly kind: 'overtaken'; readonly choiceId: string }
  | { readonly kind: 'refused' }
  /** Whoever proposed it cannot agree with themselves. */
  | { readonly kind: 'own' }
  /** Decided a moment before, too old, or there is none. */
  | { readonly kind: 'gone' }

/** A second member of staff agrees or does not; the decision and the choice that it lets through are one transaction. */
export function decideProposal(
  hub: Parts,
  decision: { readonly id: string; readonly staffId: string; readonly verdict: 'approved' | 'refused' },
): Promise<ProposalDecided> {
  const now = hub.clock()
  const { id, staffId, verdict } = decision
  const approvedBy = staffActor(staffId)
  return transact(hub.db, async (tx) => {
    const proposal = await findLiftProposal(tx, id)
    if (proposal === undefined || proposal.note === null) return { kind: 'gone' }
    if (proposal.proposedBy === staffId) return { kind: 'own' }
    if (!(await decideLiftProposal(tx, { id, decidedBy: staffId, verdict }, now))) return { kind: 'gone' }
    const act = verdict === 'approved' ? 'lift_approved' : 'lift_refused'
    await appendStaffAct(tx, hub.random, { staffId: proposal.contactKey, act, actor: approvedBy, object: id }, now)
    if (verdict === 'refused') return { kind: 'refused' }
    await recordChoices(tx, hub.secrets.pepper, [liftOf(hub, proposal, approvedBy, now)])
    return { kind: (await isRefusedSince(tx, proposal)) ? 'overtaken' : 'approved', choiceId: id }
  })
}

/** Whether the person said no again after the yes, which lifts only what was said before it. */
async function isRefusedSince(tx: Transaction, { contactKey, scope, saidAt }: LiftProposalRow): Promise<boolean> {
  const standing = (await findStandings(tx, [contactKey])).get(contactKey)?.record ?? emptyStanding
  return refusals(standing, scope).some(({ at }) => at >= saidAt.getTime())
}

function liftOf(hub: Pick<Hub, 'random'>, proposal: LiftProposalRow, approvedBy: string, now: number): ChoiceToRecord {
  const recordedBy = staffActor(proposal.proposedBy)
  const proof = { note: proposal.note ?? '', askedBy: 'person', recordedBy, approvedBy }
  return {
    // The same id: what was agreed to can be found from either side.
    id: proposal.id,
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: proposal.contactKey,
    words: { kind: 'consent', scope: proposal.scope, author: 'agent', saidAt: proposal.saidAt.getTime() },
    context: { signal: proposal.signal, proof },
    recordedAt: now,
    actor: recordedBy,
  }
}
