import { createHash } from 'node:crypto'
import { type HashSecrets, type Offer, uuidV7 } from '@verzet/core'
import type { CallToRecord } from '../../services/calls/record-calls.ts'
import { type CallOutcome, callOutcomes } from '../../storage/calls.ts'
import { readSigns } from '../intake/mail/reply-wish.ts'
import { readTextWish, saysEverything } from '../intake/text/read-text-wish.ts'
import { fold } from '../intake/wish/fold.ts'
import { stopKeywords } from '../intake/wish/stop-keywords.ts'
import { readContactPoints } from './contact-fields.ts'
import { readDate } from './read-date.ts'
import type { ColumnMap } from './relation-columns.ts'

/** Where a dialler's outcomes stand in its file; what is not named is not there. */
export type CallColumns = {
  readonly phone: ColumnMap
  readonly at?: number
  readonly outcome?: number
  readonly offered?: number
  readonly answer?: number
  readonly comment?: number
}

export type CallReading = {
  readonly header: readonly string[]
  readonly columns: CallColumns
  readonly brand?: string
  readonly topic?: string
  readonly campaign?: string
  readonly country?: string
  readonly source?: string
  readonly offers: readonly Offer[]
}

/** `reasons` says what could not be read. A no is taken even from a line that says nothing else clearly. */
export type CallLine = { readonly calls: readonly CallToRecord[]; readonly reasons: readonly string[] }

const yes = new Set(['yes', 'y', '1', 'true', 'ja', 'j', 'oui', 'o', 'x'])
const no = new Set(['no', 'n', '0', 'false', 'nee', 'non', 'nein'])
/** As diallers and people write them, without what stands between the words. */
const objections = new Set(
  `9 objection objected optout optedout stop unsubscribe remove dnc donotcall nomorecalls bezwaar afmelden uitschrijven
  nietmeerbellen opposition desinscription neplusappeler widerspruch abmelden nichtmehranrufen`.split(/\s+/),
)
/** How diallers name the key where they do not give it alone. */
const keyNine = /^(?:dtmf|key|press|pressed|digit|toets|touche|taste)9$/
const outcomeWords: Readonly<Record<string, CallOutcome>> = {
  reached: 'answered',
  'no answer': 'no_answer',
  noanswer: 'no_answer',
  engaged: 'busy',
  invalid: 'dead_number',
  'wrong number': 'dead_number',
  'dead number': 'dead_number',
}

export function readCallLine(
  secrets: HashSecrets,
  reading: CallReading,
  fields: readonly string[],
  line: { readonly file: string; readonly now: number },
): CallLine {
  const { header, columns, brand, topic, campaign, source } = reading
  const found = readContactPoints(secrets, header, columns.phone, fields, reading.country)
  const reasons = [...found.problems]
  const [number] = found.points
  if (number === undefined)
    return { calls: [], reasons: reasons.length > 0 ? reasons : ['there is no number in this line'] }
  const cell = (column: number | undefined) => (column === undefined ? '' : (fields[column]?.trim() ?? ''))
  // Their own words are a no as well, whatever stands beside them (rule 7).
  const isObjection = isNo(cell(columns.answer)) || isNo(cell(columns.comment))
  const outcome = readOutcome(cell(columns.outcome))
  if (outcome === undefined) reasons.push(`${header[columns.outcome ?? -1]}: there is no such outcome`)
  const called = readMoment(cell(columns.at), line.now)
  if (called === undefined) reasons.push(`${header[columns.at ?? -1]}: this date cannot be read`)
  // Half a call proves nothing; a no is a no all the same.
  if (!isObjection && (outcome === undefined || called === undefined)) return { calls: [], reasons }
  const offered = cell(columns.offered).toLowerCase()
  const answer = cell(columns.answer)
  const comment = cell(columns.comment)
  const at = called?.at ?? line.now
  const call: CallToRecord = {
    id: callId(number.key, line.file, called?.isDated ? at : undefined),
    number,
    outcome: outcome ?? 'answered',
    offered: reading.offers,
    calledAt: at,
    ...(brand !== undefined && { brand }),
    ...(topic !== undefined && { topic }),
    ...(campaign !== undefined && { campaign }),
    ...(source !== undefined && { source }),
    ...(yes.has(offered) ? { rightOffered: true } : no.has(offered) ? { rightOffered: false } : {}),
    // A pressed key may be narrowed, who says "everything" has picked (rule 3).
    ...(isObjection && saysEverything(`${answer} ${comment}`) && { asked: 'all' as const }),
    ...(isObjection ? { answer: 'objection' as const } : answer === '' ? {} : { answer: 'no_objection' as const }),
    ...(comment !== '' && { comment: comment.slice(0, 2_000) }),
  }
  return { calls: [call], reasons }
}

/** `9`, `9#`, `9.0` as a spreadsheet writes it, a word for it, or a sentence that says it. */
function isNo(answer: string): boolean {
  const plain = fold(answer)
    .replace(/^9[.,]0+$/, '9')
    .replace(/[\s_.:#*!-]+/g, '')
  if (objections.has(plain) || stopKeywords.has(plain) || keyNine.test(plain)) return true
  // Weights were learnt from answers to messages: of calls the signs know as much.
  return /\s/.test(answer) && (readTextWish(answer).kind === 'stop' || readSigns(answer, 'text').saysNo)
}

function readOutcome(text: string): CallOutcome | undefined {
  if (text === '') return 'answered'
  const word = text.toLowerCase()
  return callOutcomes.find((known) => known === word.replaceAll(/[ -]/g, '_')) ?? outcomeWords[word]
}

/** Where no date is given the call counts as one of now. */
function readMoment(text: string, now: number): { at: number; isDated: boolean } | undefined {
  const undated = { at: now, isDated: false }
  if (text === '') return undated
  const date = readDate(text, now)
  if (date.kind === 'no_date') return undated
  return date.kind === 'ok' ? { at: Math.min(date.at, now), isDated: true } : undefined
}

/** The same call of the same moment is one call; without a moment, the same number in the same file. */
function callId(contactKey: string, file: string, at: number | undefined): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(['call', contactKey, at ?? file]))
    .digest()
  return uuidV7(at ?? 0, digest.subarray(0, 10))
}
