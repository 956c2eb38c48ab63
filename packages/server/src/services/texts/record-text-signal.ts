import { assertNever, everything, evidenceEntry, type Scope, uuidV7 } from '@verzet/core'
import { countMessage } from '../../storage/contact-message-counts.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { insertOutboundTexts } from '../../storage/outbound-texts.ts'
import { insertSeenText, isTextSeen } from '../../storage/seen-texts.ts'
import { scopeOfSilence } from '../choices-by-link.ts'
import { countryFor } from '../country-for.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import type { KeyedContactPoint } from '../ports.ts'
import type { ChoiceToRecord } from '../record-choices.ts'
import { reportDelivery } from '../report-delivery.ts'
import { keepPassedOver } from '../review/keep-passed-over.ts'
import { openReview, type WordsToReview } from '../review/open-review.ts'
import { askToStart, takeBackStart } from './ask-to-start.ts'
import { sealNumber } from './number-to-answer.ts'
import type { TextArrival, TextVerdict } from './text-verdict.ts'

/** How a no by text was heard. */
export const textSignal = 'text'
/**
 * The FCC's one confirmation (47 CFR 64.1200(a)(12)), one answer to START and one to HELP, each in 24 hours: HELP is
 * answered whoever asks (CTIA Messaging Principles §5.1.3), also who was answered something else today.
 */
const answersPerDayMax = 1

/** The texts that answer a text. */
export const textAnswerKinds = ['text_stopped', 'text_start', 'text_help'] as const
export type TextAnswerKind = (typeof textAnswerKinds)[number]

type Parts = Pick<Hub, 'db' | 'catalog' | 'committer' | 'secrets' | 'clock' | 'random'>

/**
 * Records what a text means, once. A no is durable before the text is noted as heard: after a crash in between the vendor
 * delivers it again, and the same no is the same no (rule 5). START and HELP change nothing; they are answered.
 */
export async function recordTextSignal(hub: Parts, verdict: TextVerdict, arrival: TextArrival): Promise<TextVerdict> {
  if (await isTextSeen(hub.db, arrival.textKey)) return { kind: 'ignored', reason: 'seen_before' }
  const keyed = keyOf(hub, arrival)
  if (keyed === undefined) return noteNobody(hub, verdict, arrival)
  const choice = verdict.kind === 'opt_out' ? objectionOf(hub, verdict, keyed, arrival) : undefined
  if (choice !== undefined) await hub.committer.record([choice])
  if (verdict.kind === 'delivery') await report(hub, verdict, keyed, arrival)
  const isNew = await transact(hub.db, async (tx) => {
    if (!(await insertSeenText(tx, arrival.textKey, verdict.kind, hub.clock()))) return false
    await note(tx, hub, { verdict, keyed, arrival, choice })
    return true
  })
  return isNew ? verdict : { kind: 'ignored', reason: 'seen_before' }
}

/** The brand's country reads a number that names none. */
function keyOf({ secrets, catalog }: Parts, { number, account }: TextArrival): KeyedContactPoint | undefined {
  const named = keyContactPoint(secrets, { type: 'phone', value: number }, countryFor(catalog, account.brand))
  return named.kind === 'ok' ? named.keyed : undefined
}

function objectionOf(
  hub: Parts,
  { author, topic, isWide = false }: Extract<TextVerdict, { kind: 'opt_out' }>,
  { key, fingerprint, contactPoint }: KeyedContactPoint,
  arrival: TextArrival,
): ChoiceToRecord {
  const now = hub.clock()
  const { account, channel, answered } = arrival
  const origin = {
    brand: account.brand,
    channel,
    ...(answered?.topic !== undefined && { topic: answered.topic.id }),
    ...(answered?.campaign !== undefined && { campaign: answered.campaign.id }),
  }
  return {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: key,
    subject: { type: 'phone', value: contactPoint.normalised, fingerprint },
    words: {
      kind: 'objection',
      scope: isWide ? everything : scopeOf(hub, topic, arrival, key),
      author,
      saidAt: Math.min(now, arrival.receivedAt),
    },
    context: {
      signal: author === 'provider' ? 'vendor_opt_out' : textSignal,
      origin,
      proof: { text: arrival.textHash.toString('hex'), account: account.id, vendor: account.vendor },
    },
    recordedAt: now,
    actor: author === 'provider' ? account.vendor : 'person',
    isRepeatable: true,
    ...(author === 'person' && { arrivedBy: channel }),
  }
}

/** A topic is refused on every channel. A bare no means everything, unless the message it answers offered both (rule 3). */
function scopeOf(
  { catalog }: Parts,
  topic: string | undefined,
  { account, answered }: TextArrival,
  key: string,
): Scope {
  if (topic !== undefined && catalog.topic(account.brand, topic)?.purpose === 'marketing')
    return { brand: account.brand, topic }
  return answered?.claims.contactPointKey === key ? scopeOfSilence(answered) : everything
}

async function report(
  hub: Parts,
  { outcome }: Extract<TextVerdict, { kind: 'delivery' }>,
  { contactPoint }: KeyedContactPoint,
  { channel, account, receivedAt }: TextArrival,
): Promise<void> {
  const about = { type: 'phone' as const, value: contactPoint.normalised }
  const fact = { contactPoint: about, channel, kind: outcome, at: receivedAt, source: account.vendor }
  await reportDelivery(hub, fact, hub.clock(), account.vendor)
}

type Noted = {
  readonly verdict: TextVerdict
  readonly keyed: KeyedContactPoint
  readonly arrival: TextArrival
  readonly choice: ChoiceToRecord | undefined
}

async function note(tx: Transaction, hub: Parts, noted: Noted): Promise<void> {
  const { verdict, choice } = noted
  switch (verdict.kind) {
    case 'opt_out':
      await takeBackStart(tx, noted.keyed.key, hub.clock())
      if (verdict.author === 'person') await answer(tx, hub, noted, 'text_stopped', choice)
      return
    case 'start':
    case 'help':
      await proveHeard(tx, hub, noted)
      await answer(tx, hub, noted, verdict.kind === 'start' ? 'text_start' : 'text_help', undefined)
      return
    case 'unclear':
      await openReview(tx, hub, wordsOf(noted, verdict.reason))
      return
    case 'ignored':
      await keepPassedOver(tx, hub, wordsOf(noted, 'ordinary'))
      return
    case 'delivery':
      return
    default:
      assertNever(verdict)
  }
}

/** Owes one text; who wrote today already was answered (RULE SMS-5). */
async function answer(
  tx: Transaction,
  hub: Parts,
  { keyed, arrival }: Noted,
  kind: TextAnswerKind,
  choice: ChoiceToRecord | undefined,
): Promise<void> {
  if (!arrival.mayAnswer) return
  const now = hub.clock()
  if ((await countMessage(tx, keyed.key, kind, now)) > answersPerDayMax) return
  const known = (await findContactPoints(tx, [keyed.key])).get(keyed.key)
  const isKnown = known !== undefined && known.value !== null
  const asksFor = known !== undefined && kind === 'text_start'
  const confirmationId = asksFor ? await askToStart(tx, hub, keyed.key, arrival) : undefined
  const { account, channel, language } = arrival
  const details = {
    brand: account.brand,
    account: account.id,
    channel,
    ...(!isKnown && { number: sealNumber(hub.secrets, keyed.contactPoint.normalised) }),
    ...(language !== undefined && { language }),
    ...(confirmationId !== undefined && { confirmationId }),
    ...(choice !== undefined && { choiceId: choice.id, scope: choice.words.scope }),
  }
  await insertOutboundTexts(tx, [{ id: uuidV7(now, hub.random(10)), contactKey: keyed.key, kind, details }], now)
}

async function proveHeard(tx: Transaction, hub: Parts, { verdict, keyed, arrival }: Noted): Promise<void> {
  const now = hub.clock()
  const details = { verdict: verdict.kind, account: arrival.account.id, text: arrival.textHash.toString('hex') }
  const id = uuidV7(now, hub.random(10))
  await appendEvidence(tx, [evidenceEntry({ id, subjectKey: keyed.key, kind: 'text_heard', recordedAt: now, details })])
}

function wordsOf({ keyed, arrival }: Noted, reason: string): WordsToReview {
  const { key, fingerprint, contactPoint } = keyed
  const answered = arrival.answered?.claims.contactPointKey === key ? arrival.answered : undefined
  return {
    source: 'sms',
    kind: 'unclear_text',
    reason,
    text: arrival.text ?? '',
    sender: contactPoint.normalised,
    keptUnder: key,
    brand: arrival.account.brand,
    subjects: [{ key, type: 'phone', value: contactPoint.normalised, fingerprint }],
    // As a clear no in the same text would be heard (rule 3).
    proposedScope: answered === undefined ? everything : scopeOfSilence(answered),
    proofHash: arrival.textHash,
    receivedAt: arrival.receivedAt,
  }
}

/** A sender that is no number of a person: a hidden one, a short code, a name. What it said is not dropped (rule 7). */
async function noteNobody(hub: Parts, verdict: TextVerdict, arrival: TextArrival): Promise<TextVerdict> {
  const mayBeNo = verdict.kind === 'opt_out' || verdict.kind === 'unclear'
  const heard: TextVerdict = mayBeNo
    ? { kind: 'unclear', reason: 'sender_unreadable' }
    : { kind: 'ignored', reason: 'sender_unreadable' }
  const isNew = await transact(hub.db, async (tx) => {
    if (!(await insertSeenText(tx, arrival.textKey, heard.kind, hub.clock()))) return false
    if (!mayBeNo) return true
    await openReview(tx, hub, {
      source: 'sms',
      kind: 'unclear_text',
      reason: 'sender_unreadable',
      text: arrival.text ?? '',
      sender: arrival.number,
      brand: arrival.account.brand,
      subjects: [],
      proofHash: arrival.textHash,
      receivedAt: arrival.receivedAt,
    })
    return true
  })
  return isNew ? heard : { kind: 'ignored', reason: 'seen_before' }
}
