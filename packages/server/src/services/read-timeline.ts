import { type EvidenceEntry, type EvidenceKind, type LeaveState, leaveStates } from '@verzet/core'
import { listChoices, type StoredChoice } from '../storage/choices.ts'
import type { Queryable } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { listOutboundMails } from '../storage/outbound-mails.ts'
import { findRelations } from '../storage/relations.ts'
import { type Tie, tiesOfRelations } from '../storage/ties.ts'

/** More than any person's history; a longer one keeps its newest entries and says so. */
export const timelineEntriesMax = 5_000

export type TimelineMail = {
  readonly id: string
  readonly kind: string
  readonly attempts: number
  readonly sentAt?: number
  readonly failedAt?: number
}

/** One thing that happened: said, done about it, or sent. */
export type TimelineEntry = {
  readonly at: number
  readonly kind: EvidenceKind | 'mail'
  /** The contact point or relation it is about. */
  readonly subjectKey: string
  readonly choice?: StoredChoice
  readonly evidence?: EvidenceEntry
  readonly mail?: TimelineMail
  /** What became of a leave. */
  readonly leaving?: { readonly state: LeaveState; readonly alternative?: string }
}

export type Timeline = { readonly entries: readonly TimelineEntry[]; readonly truncated: boolean }

/**
 * Everything said and done for a relation and through its contact points, oldest first; of a contact point that left
 * the relation, what happened until then. Undefined when nobody knows the relation or it was erased.
 */
export async function readTimeline(db: Queryable, relationKey: string): Promise<Timeline | undefined> {
  const relation = (await findRelations(db, [relationKey])).get(relationKey)
  if (relation === undefined || relation.erasedAt !== null) return undefined
  const ties = await tiesOfRelations(db, [relationKey])
  return timelineOf(db, [relationKey, ...ties.map((tie) => tie.contactKey)], ties)
}

/** The same of any subjects; `ties` say which of them left the person, and when. */
export async function timelineOf(db: Queryable, subjects: readonly string[], ties: readonly Tie[]): Promise<Timeline> {
  const choices = await listChoices(db, subjects)
  const evidence = await listEvidence(db, subjects)
  const entries = [...withEvidence(evidence, choices), ...(await mailEntries(db, subjects))]
    .filter((entry) => belongs(entry, ties))
    .sort((one, other) => one.at - other.at)
  return { entries: entries.slice(-timelineEntriesMax), truncated: entries.length > timelineEntriesMax }
}

function withEvidence(evidence: readonly EvidenceEntry[], choices: readonly StoredChoice[]): TimelineEntry[] {
  const byId = new Map(choices.map((choice) => [choice.id, choice]))
  const proven = new Set<string>()
  const acts = evidence.map((entry) => {
    const choice = byId.get(choiceIdOf(entry) ?? '')
    if (choice !== undefined) proven.add(choice.id)
    const leaving = entry.kind === 'leaving' ? leavingOf(entry) : undefined
    return {
      at: entry.recordedAt,
      kind: entry.kind,
      subjectKey: entry.subjectKey,
      evidence: entry,
      ...(choice !== undefined && { choice }),
      ...(leaving && { leaving }),
    }
  })
  const others = choices
    .filter((choice) => !proven.has(choice.id))
    .map((choice) => ({ at: choice.recordedAt, kind: 'choice' as const, subjectKey: choice.subjectKey, choice }))
  return [...acts, ...others]
}

function leavingOf(entry: EvidenceEntry): TimelineEntry['leaving'] {
  const details = member(JSON.parse(entry.body), 'details')
  const state = leaveStates.find((known) => known === member(details, 'state'))
  const alternative = member(details, 'alternative')
  return state && { state, ...(typeof alternative === 'string' && { alternative }) }
}

/** Which choice an evidence entry is about: its own, or the one that was taken back. */
function choiceIdOf(entry: EvidenceEntry): string | undefined {
  const body: unknown = JSON.parse(entry.body)
  const choice = member(member(body, 'details'), 'choice')
  const id = entry.kind === 'choice' ? member(choice, 'id') : choice
  return typeof id === 'string' ? id : undefined
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

async function mailEntries(db: Queryable, subjects: readonly string[]): Promise<TimelineEntry[]> {
  return (await listOutboundMails(db, subjects)).map((mail) => ({
    at: (mail.sentAt ?? mail.failedAt ?? mail.createdAt).getTime(),
    kind: 'mail' as const,
    subjectKey: mail.contactKey,
    mail: {
      id: mail.id,
      kind: mail.kind,
      attempts: mail.attempts,
      ...(mail.sentAt !== null && { sentAt: mail.sentAt.getTime() }),
      ...(mail.failedAt !== null && { failedAt: mail.failedAt.getTime() }),
    },
  }))
}

/** What left one relation of a person and is still with another belongs to them. */
function belongs(entry: TimelineEntry, ties: readonly Tie[]): boolean {
  const own = ties.filter(({ contactKey }) => contactKey === entry.subjectKey)
  return own.length === 0 || own.some(({ endedAt }) => endedAt === null || entry.at <= endedAt.getTime())
}
