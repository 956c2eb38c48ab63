import type { EvidenceEntry } from '@verzet/core'
import { z } from 'zod'
import type { Catalog } from '../../../../services/catalog.ts'
import type { PersonEvent } from '../../../../services/people/person-file.ts'
import type { TimelineEntry } from '../../../../services/read-timeline.ts'
import type { StoredChoice } from '../../../../storage/choices.ts'
import { dayInWords } from '../../pages/wording.ts'
import { whatInWords } from '../desk/stands-in-words.ts'
import type { StaffFrame } from '../layout.tsx'

type Names = Pick<Catalog, 'brand' | 'brands' | 'topic'>
/** What the words are written with; a page of staff has more. */
type Voice = Pick<StaffFrame, 'text' | 'language' | 'timeZone'>

/** What happened, in a few words each: the thing itself first, what is known of it after it. */
export function eventInWords(event: PersonEvent, catalog: Names, voice: Voice): string[] {
  const { text } = voice
  switch (event.kind) {
    case 'entry':
      return entryInWords(event.entry, catalog, voice)
    case 'call':
      return [text('people.event.call', { outcome: event.call.outcome, answer: event.call.answer ?? 'none' })]
    case 'send':
      return [text('people.event.send', { what: whatInWords(event.send, catalog, voice) })]
    case 'text':
      return [text('people.event.owed', { state: stateOf(event.text), message: event.text.kind })]
    case 'sign_up': {
      const { brand, channel, topics, confirmedAt } = event.signUp
      const what = topics.map((topic) => whatInWords({ brand, channel, topic }, catalog, voice)).join('; ')
      return [text('people.event.signUp', { state: confirmedAt === null ? 'asked' : 'confirmed', what })]
    }
  }
}

/** Who did it: the person, a member of staff, a program. */
export function actorInWords(event: PersonEvent, { text }: Voice, staffNames: ReadonlyMap<string, string>): string {
  const actor = event.kind === 'call' ? event.call.actor : event.kind === 'entry' ? actorOf(event.entry.evidence) : ''
  const [kind = '', name = ''] = actor.split(':')
  if (actor === '') return ''
  if (kind === 'staff') return text('people.by', { who: 'staff', name: staffNames.get(name) ?? name.slice(-6) })
  const who =
    actor.startsWith('command') || actor.startsWith('verzet ') ? 'command' : kind === 'api-key' ? 'key' : actor
  return text('people.by', { who, name: actor })
}

function entryInWords(entry: TimelineEntry, catalog: Names, voice: Voice): string[] {
  const { text } = voice
  const { kind, choice, evidence, mail, leaving } = entry
  if (kind === 'choice' && choice !== undefined) return choiceInWords(choice, catalog, voice)
  if (mail !== undefined) return [text('people.event.owed', { state: stateOf(mail), message: mail.kind })]
  if (leaving !== undefined) return [text('people.event.leaving', { state: leaving.state })]
  if (kind === 'staff_act') return [text('people.event.staff', { act: detail(evidence, 'act') })]
  if (kind === 'delivery_fact') {
    const channel = text('channel', { channel: detail(evidence, 'channel') })
    return [text('people.event.delivery', { outcome: detail(evidence, 'outcome'), channel })]
  }
  const about = choice === undefined ? [] : choiceInWords(choice, catalog, voice).slice(0, 1)
  return [text('people.event', { kind }), ...about]
}

/** The word, then when it was said, whether it was taken back, and the reason that was given with it. */
function choiceInWords(choice: StoredChoice, catalog: Names, voice: Voice): string[] {
  const { text, language, timeZone } = voice
  const day = (at: number) => dayInWords(new Date(at), language, timeZone)
  const { kind, scope, saidAt, recordedAt, withdrawnAt, context } = choice
  const until = kind === 'pause' ? day(choice.until) : ''
  const isEarlier = saidAt !== null && day(saidAt) !== day(recordedAt)
  return [
    text('people.said', { kind, what: whatInWords(scope, catalog, voice), until }),
    ...(isEarlier ? [text('people.said.on', { date: day(saidAt) })] : []),
    ...(withdrawnAt === null ? [] : [text('people.said.back', { date: day(withdrawnAt) })]),
    ...(context.reason === undefined ? [] : [text('people.said.reason', { reason: context.reason })]),
  ]
}

/** The words that came with a choice, as the person or who recorded it wrote them. */
export function wordsOf(event: PersonEvent): { comment?: string; note?: string } {
  const choice = event.kind === 'entry' && event.entry.kind === 'choice' ? event.entry.choice : undefined
  if (choice === undefined) return {}
  const { comment, proof } = choice.context
  const note = z.object({ note: z.string() }).safeParse(proof)
  return {
    ...(comment !== undefined && { comment }),
    ...(note.success && { note: note.data.note }),
  }
}

function stateOf(message: { readonly sentAt?: unknown; readonly failedAt?: unknown }): 'sent' | 'failed' | 'owed' {
  if (message.sentAt !== undefined && message.sentAt !== null) return 'sent'
  return message.failedAt !== undefined && message.failedAt !== null ? 'failed' : 'owed'
}

const bodyDetails = z.object({ details: z.record(z.string(), z.unknown()) })

function detail(evidence: EvidenceEntry | undefined, name: string): string {
  const body = evidence === undefined ? undefined : bodyDetails.safeParse(JSON.parse(evidence.body)).data
  const value = body?.details[name]
  return typeof value === 'string' ? value : ''
}

function actorOf(evidence: EvidenceEntry | undefined): string {
  return detail(evidence, 'actor')
}
