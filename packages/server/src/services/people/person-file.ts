import { emptyStanding, type Standing } from '@verzet/core'
import { type CallRow, listCalls } from '../../storage/calls.ts'
import { type ContactPointRow, findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import type { MergeRow } from '../../storage/merges.ts'
import { listOutboundTexts, type OutboundTextRow } from '../../storage/outbound-texts.ts'
import { findRelations, type RelationRow } from '../../storage/relations.ts'
import { type CountedSend, listSends } from '../../storage/sends.ts'
import { listSignUps, type SignUpRow } from '../../storage/sign-ups.ts'
import { findStandings } from '../../storage/standings.ts'
import { tiesOfRelations } from '../../storage/ties.ts'
import { withSends } from '../ask-gate.ts'
import type { Person } from '../read-person.ts'
import { type TimelineEntry, timelineEntriesMax, timelineOf } from '../read-timeline.ts'
import { readOnePerson } from './one-person.ts'

/** More calls than anybody gets at one number before the page says so by its own limit. */
const callsPerNumberMax = 200

/** One thing that happened with a person. */
export type PersonEvent = { readonly at: number; readonly subjectKey: string } & (
  | { readonly kind: 'entry'; readonly entry: TimelineEntry }
  | { readonly kind: 'call'; readonly call: CallRow }
  | { readonly kind: 'send'; readonly send: CountedSend }
  | { readonly kind: 'text'; readonly text: OutboundTextRow }
  | { readonly kind: 'sign_up'; readonly signUp: SignUpRow }
)

/** Everything the hub holds about one person. */
export type PersonFile = {
  readonly key: string
  /** Every number they are known by, the one asked for first; none for a contact point that belongs to nobody. */
  readonly relations: readonly RelationRow[]
  readonly merges: readonly MergeRow[]
  /** Whom the page of the public would show it to: where they can be reached now, and what stands there. */
  readonly person: Person
  /** What was said for the person, or through any of their contact points. */
  readonly standing: Standing
  /** Everything that is or was theirs, by key. */
  readonly points: ReadonlyMap<string, ContactPointRow>
  readonly subjects: readonly string[]
  /** The newest first. */
  readonly events: readonly PersonEvent[]
  readonly truncated: boolean
}

/** Reads it by the keys alone, so that it costs the same among ten million people as among ten. */
export async function readPersonFile(db: Queryable, key: string, now: number): Promise<PersonFile> {
  const one = await readOnePerson(db, [key])
  const relationKeys = [key, ...one.relationKeys.filter((other) => other !== key)]
  const [known, ties] = await Promise.all([findRelations(db, relationKeys), tiesOfRelations(db, relationKeys)])
  const subjects = [...new Set([...relationKeys, ...ties.map((tie) => tie.contactKey)])]
  const current = new Set([
    ...(known.has(key) ? [] : [key]),
    ...ties.filter((tie) => tie.endedAt === null).map((tie) => tie.contactKey),
  ])
  const [points, rows, timeline, others] = await Promise.all([
    findContactPoints(db, subjects),
    findStandings(db, subjects),
    timelineOf(db, subjects, ties),
    otherEvents(db, subjects),
  ])
  const standings = await withSends(db, new Map([...rows].map(([contactKey, row]) => [contactKey, row.record])), now)
  const relations = relationKeys.flatMap((relationKey) => known.get(relationKey) ?? [])
  const contactPoints = [...current].flatMap((contactKey) => points.get(contactKey) ?? [])
  const events = [
    ...timeline.entries.map(
      (entry): PersonEvent => ({ kind: 'entry', at: entry.at, subjectKey: entry.subjectKey, entry }),
    ),
    ...others,
  ]
    // Of the same moment the later entry is the newer one.
    .reverse()
    .sort((one, other) => other.at - one.at)
  return {
    key,
    relations,
    merges: one.merges,
    person: { key, contactPoint: points.get(key), relations, contactPoints, standings },
    standing: standings.get(key) ?? emptyStanding,
    points,
    subjects,
    events: events.slice(0, timelineEntriesMax),
    truncated: timeline.truncated || events.length > timelineEntriesMax,
  }
}

async function otherEvents(db: Queryable, subjects: readonly string[]): Promise<PersonEvent[]> {
  const [sends, texts, signUps, calls] = await Promise.all([
    listSends(db, subjects, 0),
    listOutboundTexts(db, subjects),
    listSignUps(db, subjects),
    Promise.all(subjects.map((subjectKey) => listCalls(db, subjectKey, callsPerNumberMax))),
  ])
  // A message to a person stands under each of their numbers, and was one message.
  const counted = [...new Map(sends.map((send) => [send.id, send])).values()]
  return [
    ...counted.map((send): PersonEvent => ({ kind: 'send', at: send.at, subjectKey: send.subjectKey, send })),
    ...texts.map(
      (text): PersonEvent => ({
        kind: 'text',
        at: (text.sentAt ?? text.failedAt ?? text.createdAt).getTime(),
        subjectKey: text.contactKey,
        text,
      }),
    ),
    ...signUps.map(
      (signUp): PersonEvent => ({
        kind: 'sign_up',
        at: signUp.createdAt.getTime(),
        subjectKey: signUp.subjectKey,
        signUp,
      }),
    ),
    ...calls
      .flat()
      .map((call): PersonEvent => ({ kind: 'call', at: call.calledAt.getTime(), subjectKey: call.contactKey, call })),
  ]
}
