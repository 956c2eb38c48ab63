import {
  type Cadence,
  emptyStanding,
  everything,
  type HashSecrets,
  normaliseContactPoint,
  type Scope,
  type Standing,
  type StandingItem,
  sameScope,
  uuidV7,
} from '@verzet/core'
import { findChoice } from '../storage/choices.ts'
import { transact } from '../storage/database.ts'
import { findStandings } from '../storage/standings.ts'
import { choiceByLink, type LinkContext, type Reach, type Said, scopeOfReach } from './choices-by-link.ts'
import type { LeaveAnswer, LiftItem, Restriction } from './confirmation-details.ts'
import type { Hub } from './hub.ts'
import { nameContactPoint } from './key-contact-point.ts'
import { beginLeave, narrowingBy, saidByOtherLinks } from './leaving/leave-by-link.ts'
import type { LeavingPart } from './leaving/leaving-record.ts'
import type { OpenedLink } from './open-link.ts'
import { saidJustNow } from './portal/said-just-now.ts'
import type { PointInSight } from './read-person.ts'
import { reachesAllOf, readPerson, refusalsTouching, restrictionsInForce } from './read-person.ts'
import type { ChoiceOutcome, ChoiceToRecord } from './record-choices.ts'
import { readBeforeAndNow, scopesToReopen } from './refusals-by-link.ts'
import { saveRelation } from './save-relation.ts'
import { undoWithinMs, withdrawChoice } from './withdraw-choice.ts'

/** What came of an act on a person's own page. */
export type ActResult = {
  /** The choices that an undo would take back. */
  readonly choiceIds: readonly string[]
  /** The no that a question or an alternative on the next page would be about. */
  readonly leaveId?: string
  /** Since when the same had been said before, when nothing new was recorded. */
  readonly alreadySince?: number
  /** An older no stands in the way: it is lifted only by the link in a mail, and nothing holds before. */
  readonly lift?: LiftRequest
}

/** Consents that wait for the person to confirm them, and the alternative that was asked for with them. */
export type LiftRequest = {
  readonly items: readonly LiftItem[]
  readonly restriction?: Restriction
  /** What the restriction is about; everything where it is left out. */
  readonly restrictionScope?: Scope
  /** The leave that the confirmation answers. */
  readonly answers?: LeaveAnswer
}

export function contextOf(hub: Hub, { portal }: OpenedLink): LinkContext {
  return { signal: portal === undefined ? 'page' : 'portal', clock: hub.clock, random: hub.random }
}

/** Rule 4: the no holds from here; nothing is asked before it. */
export async function stopByLink(hub: Hub, link: OpenedLink, reach: Reach, isAsked = true): Promise<ActResult> {
  const scope = scopeOfReach(link, reach)
  const repeated = link.portal && (await saidJustNow(hub, link, scope))
  if (repeated !== undefined) return { choiceIds: [repeated.id], alreadySince: repeated.at, leaveId: repeated.id }
  const choice = choiceByLink(link, { words: { kind: 'objection', scope } }, contextOf(hub, link))
  const [outcome] = await hub.committer.record([beginLeave(hub, link, choice, isAsked)])
  if (outcome === undefined) throw new Error('a no was not recorded')
  if (outcome.kind === 'already_stands') return alreadySaid(outcome, scope, hub.clock())
  // Taking back what was said twice would leave the first: there is nothing to undo.
  const { id, alreadySince } = outcome
  return alreadySince === undefined ? { choiceIds: [id], leaveId: id } : { choiceIds: [], alreadySince }
}

/** Who presses twice sees the same page twice: the undo of the first press is on the second one too. */
function alreadySaid({ id, standing }: ChoiceOutcome, scope: Scope, now: number): ActResult {
  const item = standing.groups.flatMap((group) => group.items).find((one) => one.id === id)
  if (item === undefined) return { choiceIds: [] }
  const isJustSaid = item.inherited !== true && item.at + undoWithinMs >= now && sameScope(item.scope, scope)
  return { choiceIds: isJustSaid ? [id] : [], alreadySince: item.at, ...(isJustSaid && { leaveId: id }) }
}

export function pauseByLink(hub: Hub, link: OpenedLink, until: number): Promise<ActResult> {
  return restrictByLink(hub, link, { kind: 'pause', until })
}

export function lessByLink(hub: Hub, link: OpenedLink, cadence: Cadence): Promise<ActResult> {
  return restrictByLink(hub, link, { kind: 'cadence', cadence })
}

/**
 * An alternative holds at once, beside any narrower no. Taken instead of a no to everything that was said a moment ago
 * it records the consents that reopen what came through before as well (rule 1). An older no to everything, and one of
 * somebody who got nothing before, stay until the person confirms from the mail that is sent; the alternative is
 * recorded then.
 */
async function restrictByLink(hub: Hub, link: OpenedLink, restriction: Restriction): Promise<ActResult> {
  const now = hub.clock()
  const brandId = link.brand.id
  const seen = await readBeforeAndNow(hub, link, now)
  const refusesAll = ({ scope }: StandingItem) => reachesAllOf(scope, brandId)
  const isInstead = refusalsTouching(seen.standing, {}).some(refusesAll)
  const isOlder = refusalsTouching(seen.before, {}).some(refusesAll)
  const reopened = isInstead && !isOlder ? scopesToReopen(hub, seen, now) : []
  if (isInstead && reopened.length === 0) {
    // Said for a person as a whole it would open every channel they have: it opens the one it is about.
    const isForAll = seen.point.type === 'customer'
    const scope = { brand: brandId, ...(isForAll && { channel: link.claims.channel }) }
    const items = [{ subjectKey: link.claims.contactPointKey, scope }]
    return { choiceIds: [], lift: { items, restriction } }
  }
  const saidAt = momentAfter(seen.standing, now)
  const words: Said['words'][] = [
    ...reopened.map((scope) => ({ kind: 'consent' as const, scope })),
    { ...restriction, scope: everything },
  ]
  const context = contextOf(hub, link)
  const choices = words.map((said) => choiceByLink(link, { words: said, saidAt }, context))
  const leaving = reopened.length > 0 ? await narrowingBy(hub, link, restriction.kind) : undefined
  const outcomes = await hub.committer.record(withAnswer(choices, leaving))
  return { choiceIds: outcomes.map((outcome) => outcome.id) }
}

/** What comes of a leave is stored with the first of the choices that say so. */
export function withAnswer(
  choices: readonly ChoiceToRecord[],
  leaving: LeavingPart | undefined,
  first = 0,
): ChoiceToRecord[] {
  return choices.map((choice, index) => (index === first && leaving !== undefined ? { ...choice, leaving } : choice))
}

/** Said after every no it follows, even within the same millisecond. */
export function momentAfter(standing: Standing, now: number): number {
  return refusalsTouching(standing, {}).reduce((latest, { at }) => Math.max(latest, at + 1), now)
}

/** Takes back what was just done; false when it is too late or was not said through this link's contact point. */
export async function undoByLink(hub: Hub, link: OpenedLink, choiceIds: readonly string[]): Promise<boolean> {
  const elsewhere = await saidByOtherLinks(hub.db, link, hub.clock() - undoWithinMs)
  const ids = choiceIds.filter((id) => !elsewhere.has(id))
  return withdrawAll(hub, link, [link.claims.contactPointKey], ids)
}

/**
 * Ends every pause, or every cadence, that is about all advertising, through whichever of the person's contact points
 * it was said: the page shows them all. False when one still stands.
 */
export async function endRestrictions(hub: Hub, link: OpenedLink, kind: 'pause' | 'cadence'): Promise<boolean> {
  const now = hub.clock()
  const key = link.claims.contactPointKey
  const running = async () =>
    restrictionsInForce(await standingOf(hub, key), now).filter(
      (item) => item.kind === kind && reachesAllOf(item.scope, link.brand.id),
    )
  const person = await readPerson(hub.db, key, now)
  const subjects = [key, ...person.relations.map((one) => one.key), ...person.contactPoints.map((one) => one.key)]
  await withdrawAll(
    hub,
    link,
    [...new Set(subjects)],
    (await running()).map((item) => item.id),
  )
  return (await running()).length === 0
}

async function withdrawAll(
  hub: Hub,
  link: OpenedLink,
  subjects: readonly string[],
  choiceIds: readonly string[],
): Promise<boolean> {
  if (choiceIds.length === 0) return false
  const now = hub.clock()
  const { signal } = contextOf(hub, link)
  return transact(hub.db, async (tx) => {
    let isBack = false
    for (const choiceId of choiceIds) {
      const subjectKey = (await findChoice(tx, subjects, choiceId))?.subjectKey
      if (subjectKey === undefined) continue
      const evidenceId = uuidV7(now, hub.random(10))
      const leavingEvidenceId = uuidV7(now, hub.random(10))
      const withdrawal = { subjectKey, choiceId, evidenceId, leavingEvidenceId, signal, actor: 'person' }
      const outcome = await withdrawChoice(tx, withdrawal, now)
      isBack ||= outcome.kind === 'withdrawn' || outcome.kind === 'already_withdrawn'
    }
    return isBack
  })
}

/** Takes a contact point off the person; what was refused stays refused for it, and all marketing is from now on. */
export async function removeContactByLink(hub: Hub, link: OpenedLink, contactKey: string): Promise<boolean> {
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  if (!person.contactPoints.some((point) => point.key === contactKey)) return false
  for (const relation of person.relations) {
    if (relation.externalId === null) continue
    const rest = person.contactPoints.filter((point) => point.key !== contactKey)
    const contactPoints = rest.flatMap((point) => rename(hub.secrets, point))
    const self = rename(hub.secrets, { type: 'customer', value: relation.externalId })[0]
    if (self === undefined) continue
    const input = { key: relation.key, externalId: relation.externalId, fingerprint: self.fingerprint, contactPoints }
    await transact(hub.db, (tx) => saveRelation(tx, hub.random, input, now, 'person'))
  }
  // Said after it left: what is said up to that moment holds for the person's other contact points as well.
  const said: Said = { words: { kind: 'objection', scope: everything }, subjectKey: contactKey, saidAt: now + 1 }
  await hub.committer.record([choiceByLink(link, said, contextOf(hub, link))])
  return true
}

function rename(secrets: HashSecrets, { type, value }: PointInSight) {
  const normalised = normaliseContactPoint({ type, value: value ?? '' })
  return normalised.kind === 'ok' ? [nameContactPoint(secrets, normalised.contactPoint)] : []
}

async function standingOf(hub: Hub, key: string): Promise<Standing> {
  return (await findStandings(hub.db, [key])).get(key)?.record ?? emptyStanding
}
