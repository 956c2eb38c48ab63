import { assertNever, type Scope } from '@verzet/core'
import type { Catalog } from '../../../../services/catalog.ts'
import { type ChoiceInForce, choicesThatHold } from '../../../../services/choices-in-force.ts'
import type { Caller } from '../../../../services/desk/find-caller.ts'
import { nameOfTopic } from '../../../../services/scope-in-words.ts'
import { channelName, dayInWords } from '../../pages/wording.ts'
import type { StaffFrame } from '../layout.tsx'

/** What stands for a caller, one sentence each, as an agent can read it out. */
export function standsForCaller(
  { standing }: Pick<Caller, 'standing'>,
  catalog: Pick<Catalog, 'brand' | 'brands' | 'topic'>,
  frame: Pick<StaffFrame, 'text' | 'language' | 'timeZone'>,
  now: number,
): string[] {
  const { text, language, timeZone } = frame
  const day = (at: number) => dayInWords(new Date(at), language, timeZone)
  const sentence = (choice: ChoiceInForce): string => {
    const what = whatInWords(choice.scope, catalog, frame)
    const values = { what, since: choice.since === null ? '' : day(choice.since) }
    switch (choice.kind) {
      case 'objection':
        return text('desk.stands.objection', values)
      case 'consent':
        return text(choice.since === null ? 'desk.stands.consentUndated' : 'desk.stands.consent', values)
      case 'pause':
        return text('desk.stands.pause', { what, until: day(choice.until ?? now) })
      case 'cadence':
        return text('desk.stands.cadence', { what, ...(choice.cadence ?? { max: 1, per: 'month' }) })
      default:
        return assertNever(choice.kind)
    }
  }
  const said = choicesThatHold(standing, now).map(sentence)
  const facts = [
    ...(standing.listedIn ?? []).map((register) => text('desk.stands.listed', { register })),
    ...(standing.undeliverable?.some(({ until }) => until === undefined || until > now)
      ? [text('desk.stands.undeliverable')]
      : []),
    ...(standing.held === undefined ? [] : [text('desk.stands.held')]),
  ]
  const lines = [...said, ...facts]
  return lines.length === 0 ? [text('desk.stands.nothing')] : lines
}

/** `all advertising`, or the parts that a word names, from the wide to the narrow. */
export function whatInWords(
  { brand, channel, topic }: Scope,
  catalog: Pick<Catalog, 'brand' | 'brands' | 'topic'>,
  { text, language }: Pick<StaffFrame, 'text' | 'language'>,
): string {
  const owners = brand === undefined ? catalog.brands().map(({ id }) => id) : [brand]
  const found = topic && owners.map((id) => catalog.topic(id, topic)).find((one) => one !== undefined)
  const parts = [
    ...(brand === undefined ? [] : [catalog.brand(brand)?.name ?? brand]),
    ...(topic === undefined ? [] : [found ? nameOfTopic(found, language) : topic]),
    ...(channel === undefined ? [] : [channelName(channel, text)]),
  ]
  return parts.length === 0 ? text('desk.what.all') : parts.join(', ')
}
