import {
  type Cadence,
  type Channel,
  emptyStanding,
  everything,
  type HashSecrets,
  normaliseContactPoint,
  type Scope,
  type Standing,
  type StandingItem,
  uuidV7,
} from '@verzet/core'
import type { TopicRow } from '../storage/catalog.ts'
import { transact } from '../storage/database.ts'
import { findStandings } from '../storage/standings.ts'
import { choiceByLink, type LinkContext, type Reach, type Said, scopeOfReach } from './choices-by-link.ts'
import type { Hub } from './hub.ts'
import { nameContactPoint } from './key-contact-point.ts'
import type { OpenedLink } from './open-link.ts'
import { readPerson, refusalsTouching, restrictionsInForce } from './read-person.ts'
import type { ChoiceOutcome } from './record-choices.ts'
import { saveRelation } from './save-relation.ts'
import { undoWithinMs, withdrawChoice } from './withdraw-choice.ts'

/** What came of an act on a person's own page. Ids name what an undo would take back. */
export type ActResult = {
  readonly choiceIds: readonly string[]
  /** Since when the same had been said before, when nothing new was recorded. */
  readonly alreadySince?: number
  /** An older no stands in the way: it is lifted only by the link in a mail that was sent. */
  readonly lift?: readonly LiftRequest[]
}

/** A consent that waits for the person to confirm it. */
export type LiftRequest = { readonly subjectKey: string; readonly scope: Scope }

export function contextOf(hub: Hub): LinkContext {
  return { signal: 'page', clock: hub.clock, random: hub.random }
}

/** Rule 4: the no holds from here; nothing is asked before it. */
export async function stopByLink(hub: Hub, link: OpenedLink, reach: Reach): Promise<ActResult> {
  const said: Said = { words: { kind: 'objection', scope: scopeOfReach(link, reach) } }
  const [outcome] = await hub.committer.record([choiceByLink(link, said, contextOf(hub))])
  return outcome === undefined ? { choiceIds: [] } : resultOf(outcome)
}

export function pauseByLink(hub: Hub, link: OpenedLink, until: number): Promise<ActResult> {
  return restrictByLink(hub, link, { kind: 'pause', scope: everything, until })
}

export function lessByLink(hub: Hub, link: OpenedLink, cadence: Cadence): Promise<ActResult> {
  return restrictByLink(hub, link, { kind: 'cadence', scope: everything, cadence })
}

/**
 * An alternative holds at once. Taken instead of a no said a moment ago it records the consent that reopens as well
 * (rule 1); an older no stays until the person confirms from the mail that is sent.
 */
async function restrictByLink(hub: Hub, link: OpenedLink, words: Said['words']): Promise<ActResult> {
  const now = hub.clock()
  const standing = await standingOf(hub, link.claims.contactPointKey)
  const refusals = refusalsTouching(standing, {})
  const recent = refusals.filter((item) => isOwnAndRecent(item, now))
  const older = refusals.filter((item) => !isOwnAndRecent(item, now))
  const context = contextOf(hub)
  const saidAt = momentAfter(refusals, now)
  const reopened = older.length > 0 ? [] : recent
  const consents = reopened.map(({ scope }) => choiceByLink(link, { words: { kind: 'consent', scope }, saidAt }, context))
  const outcomes = await hub.committer.record([...consents, choiceByLink(link, { words, saidAt }, context)])
  const subjectKey = link.claims.contactPointKey
  const lift = older.length > 0 ? refusals.map(({ scope }) => ({ subjectKey, scope })) : []
  return { choiceIds: outcomes.map((outcome) => outcome.id), ...(lift.length > 0 && { lift }) }
}

/** One box of the grid. */
export type Box = { readonly channel: Channel; readonly topic: TopicRow }

export type PreferencesResult = ActResult & { readonly off: readonly Box[]; readonly on: readonly Box[]; readonly pending: readonly Box[] }

/**
 * Saves the grid: what was ticked and no longer is, is refused; what is newly ticked is asked for, and holds at once
 * only where it takes back a no said a moment ago through this very address.
 */
export async function savePreferences(
  hub: Hub,
  link: OpenedLink,
  boxes: { readonly refused: readonly Box[]; readonly wanted: readonly Box[] },
): Promise<PreferencesResult> {
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  const standing = person.standings.get(person.key) ?? emptyStanding
  const context = contextOf(hub)
  const saidAt = momentAfter(refusalsTouching(standing, {}), now)
  const scopeOf = ({ channel, topic }: Box): Scope => ({ brand: link.brand.id, channel, topic: topic.id })
  const reopened = boxes.wanted.filter((box) => {
    const refusals = refusalsTouching(standing, scopeOf(box)).filter(({ scope }) => scope.topic === undefined || scope.topic === box.topic.id)
    return box.channel === link.claims.channel && refusals.length > 0 && refusals.every((item) => isOwnAndRecent(item, now))
  })
  const waiting = boxes.wanted.filter((box) => !reopened.includes(box))
  const choices = [
    ...boxes.refused.map((box) => choiceByLink(link, { words: { kind: 'objection', scope: scopeOf(box) } }, context)),
    ...reopened.map((box) => choiceByLink(link, { words: { kind: 'consent', scope: scopeOf(box) }, saidAt }, context)),
  ]
  const outcomes = choices.length === 0 ? [] : await hub.committer.record(withOneAcknowledgement(choices))
  const relationKey = person.relations[0]?.key
  const lift = waiting.map((box) => ({
    subjectKey: box.channel === link.claims.channel ? person.key : (relationKey ?? person.key),
    scope: scopeOf(box),
  }))
  const choiceIds = outcomes.map((outcome) => outcome.id)
  return { choiceIds, off: boxes.refused, on: reopened, pending: waiting, ...(lift.length > 0 && { lift }) }
}

/** RFC 3834, and KB/AR 4 April 2003 art. 2: one acknowledgement for one act, however many boxes it had. */
function withOneAcknowledgement<T extends { readonly acknowledge?: unknown }>(choices: readonly T[]): T[] {
  const first = choices.findIndex((choice) => choice.acknowledge !== undefined)
  return choices.map((choice, index) => {
    if (index === first || choice.acknowledge === undefined) return choice
    const { acknowledge: _, ...rest } = choice
    return rest as T
  })
}

/** Takes back what was just done; false when it is too late or was not this person's. */
export async function undoByLink(hub: Hub, link: OpenedLink, choiceIds: readonly string[]): Promise<boolean> {
  const now = hub.clock()
  const subjectKey = link.claims.contactPointKey
  return transact(hub.db, async (tx) => {
    let undone = false
    for (const choiceId of choiceIds) {
      const evidenceId = uuidV7(now, hub.random(10))
      const outcome = await withdrawChoice(tx, { subjectKey, choiceId, evidenceId, signal: 'page', actor: 'person' }, now)
      undone ||= outcome.kind === 'withdrawn' || outcome.kind === 'already_withdrawn'
    }
    return undone
  })
}

/** Ends every pause or every cadence that was said through this address. */
export async function endRestrictions(hub: Hub, link: OpenedLink, kind: 'pause' | 'cadence'): Promise<void> {
  const standing = await standingOf(hub, link.claims.contactPointKey)
  const ids = restrictionsInForce(standing, hub.clock()).flatMap((item) => (item.kind === kind ? item.id : []))
  if (ids.length > 0) await undoByLink(hub, link, ids)
}

/** Takes a contact point off the relation; what was refused stays refused for it, and all marketing is from now on. */
export async function removeContactByLink(hub: Hub, link: OpenedLink, contactKey: string): Promise<boolean> {
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  if (!person.contactPoints.some((point) => point.key === contactKey)) return false
  for (const relation of person.relations) {
    if (relation.externalId === null) continue
    const rest = person.contactPoints.filter((point) => point.key !== contactKey && point.value !== null)
    const contactPoints = rest.flatMap((point) => rename(hub.secrets, point))
    const self = rename(hub.secrets, { type: 'customer', value: relation.externalId })[0]
    if (self === undefined) continue
    const input = { key: relation.key, externalId: relation.externalId, fingerprint: self.fingerprint, contactPoints }
    await transact(hub.db, (tx) => saveRelation(tx, hub.random, input, now, 'person'))
  }
  const said: Said = { words: { kind: 'objection', scope: everything }, subjectKey: contactKey }
  await hub.committer.record([choiceByLink(link, said, contextOf(hub))])
  return true
}

function rename(secrets: HashSecrets, point: { type: Parameters<typeof normaliseContactPoint>[0]['type']; value: string | null }) {
  const normalised = normaliseContactPoint({ type: point.type, value: point.value ?? '' })
  return normalised.kind === 'ok' ? [nameContactPoint(secrets, normalised.contactPoint)] : []
}

/** Said after the no it follows, even within the same millisecond. */
function momentAfter(refusals: readonly StandingItem[], now: number): number {
  return refusals.reduce((latest, { at }) => Math.max(latest, at + 1), now)
}

function isOwnAndRecent(item: StandingItem, now: number): boolean {
  return item.inherited !== true && item.at + undoWithinMs >= now
}

async function standingOf(hub: Hub, key: string): Promise<Standing> {
  return (await findStandings(hub.db, [key])).get(key)?.record ?? emptyStanding
}

function resultOf(outcome: ChoiceOutcome): ActResult {
  if (outcome.kind === 'recorded') {
    // Taking back what was said twice would leave the first: there is nothing to undo.
    return outcome.alreadySince === undefined ? { choiceIds: [outcome.id] } : { choiceIds: [], alreadySince: outcome.alreadySince }
  }
  const since = outcome.standing.groups.flatMap((group) => group.items).find((item) => item.id === outcome.id)?.at
  return { choiceIds: [], ...(since !== undefined && { alreadySince: since }) }
}
