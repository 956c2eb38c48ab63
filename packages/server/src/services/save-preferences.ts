import { type Channel, channelsServedBy, emptyStanding, type Scope, uuidV7 } from '@verzet/core'
import type { TopicRow } from '../storage/catalog.ts'
import { choiceByLink, type Said } from './choices-by-link.ts'
import type { Hub } from './hub.ts'
import { narrowingBy } from './leaving/leave-by-link.ts'
import type { OpenedLink } from './open-link.ts'
import { type ActResult, contextOf, momentAfter, withAnswer } from './person-acts.ts'
import { decideForPoint, readPerson } from './read-person.ts'
import type { ChoiceToRecord } from './record-choices.ts'
import { readBeforeAndNow } from './refusals-by-link.ts'

/** One box of the grid. */
export type GridBox = { readonly channel: Channel; readonly topic: TopicRow }

export type PreferencesResult = ActResult & {
  readonly off: readonly GridBox[]
  readonly on: readonly GridBox[]
  /** Asked for; open once confirmed. */
  readonly pending: readonly GridBox[]
}

/**
 * Saves the grid: what was ticked and no longer is, is refused; what is newly ticked is asked for. That holds at once
 * only where it takes back a no said a moment ago through this very contact point, which let the box through before;
 * anything else would be a way round the confirmation (rule 4).
 */
export async function savePreferences(
  hub: Hub,
  link: OpenedLink,
  boxes: { readonly refused: readonly GridBox[]; readonly wanted: readonly GridBox[] },
): Promise<PreferencesResult> {
  const now = hub.clock()
  const key = link.claims.contactPointKey
  const person = await readPerson(hub.db, key, now)
  const seen = await readBeforeAndNow(hub, link, now)
  const ownChannels = channelsServedBy(seen.point.type)
  const isOpenNow = (box: GridBox) => decision(box, person.standings.get(key) ?? emptyStanding) !== 'deny'
  const decision = ({ channel, topic }: GridBox, standing: typeof seen.standing) =>
    decideForPoint(seen.point, standing, { brand: link.brand, channel, topic, registers: hub.catalog.registers() }, now)
      .decision

  const asked = boxes.wanted.filter((box) => !ownChannels.includes(box.channel) || !isOpenNow(box))
  const on = asked.filter((box) => ownChannels.includes(box.channel) && decision(box, seen.before) !== 'deny')
  const pending = asked.filter((box) => !on.includes(box))

  const scopeOf = ({ channel, topic }: GridBox): Scope => ({ brand: link.brand.id, channel, topic: topic.id })
  const saidAt = momentAfter(seen.standing, now)
  const words: Said[] = [
    ...boxes.refused.map((box) => ({ words: { kind: 'objection' as const, scope: scopeOf(box) } })),
    ...on.map((box) => ({ words: { kind: 'consent' as const, scope: scopeOf(box) }, saidAt })),
  ]
  const choices = withOneAcknowledgement(
    hub,
    words.map((said) => choiceByLink(link, said, contextOf(hub, link))),
  )
  const leaving = on.length > 0 ? await narrowingBy(hub, link, 'fewer_topics') : undefined
  const outcomes =
    choices.length === 0 ? [] : await hub.committer.record(withAnswer(choices, leaving, boxes.refused.length))
  // Only what this press changed is its to undo: a no that stood already would still stand.
  const choiceIds = outcomes.flatMap((outcome) =>
    outcome.kind === 'recorded' && outcome.alreadySince === undefined ? outcome.id : [],
  )
  const relationKey = person.relations[0]?.key ?? key
  const items = pending.map((box) => ({
    subjectKey: ownChannels.includes(box.channel) ? key : relationKey,
    scope: scopeOf(box),
  }))
  return { choiceIds, off: boxes.refused, on, pending, ...(items.length > 0 && { lift: { items } }) }
}

/** KB/AR 4 April 2003 art. 2: one acknowledgement for one act, however many boxes it had; mails of one id are one mail. */
function withOneAcknowledgement(hub: Hub, choices: readonly ChoiceToRecord[]): ChoiceToRecord[] {
  const mailId = uuidV7(hub.clock(), hub.random(10))
  return choices.map(({ acknowledge, ...choice }) => ({
    ...choice,
    ...(acknowledge && { acknowledge: { ...acknowledge, mailId } }),
  }))
}
