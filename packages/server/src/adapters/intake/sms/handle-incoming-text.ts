import { createHash } from 'node:crypto'
import { assertNever, readPrintedCode, uuidFromHex } from '@verzet/core'
import type { Hub } from '../../../services/hub.ts'
import { type OpenedLink, openSealedLink } from '../../../services/open-link.ts'
import { seenTextsKeptMs } from '../../../services/texts/forget-seen-texts.ts'
import { recordTextSignal } from '../../../services/texts/record-text-signal.ts'
import type { TextArrival, TextVerdict } from '../../../services/texts/text-verdict.ts'
import { findPrintedCode } from '../../../storage/printed-codes.ts'
import { readTextWish, saysMoreThanStop, type TextReader, type TextWish } from '../text/read-text-wish.ts'
import { languageOfText } from '../text/text-language.ts'
import type { WebhookSignal } from './webhook.ts'

/** Where a signal came in. */
export type TextSource = {
  readonly account: { readonly id: string; readonly brand: string; readonly vendor: string }
  /** The bytes it came in. */
  readonly raw: Buffer
  readonly receivedAt: number
}

/** As much as is read of a text at once (ten parts of an SMS); WhatsApp takes 4,096 characters. */
const readAtOnceMax = 1_600

/**
 * Judges and records one signal of a vendor or an operator; the caller acknowledges it only after this resolves. What was
 * heard before changes nothing. Rejects only where the database does.
 */
export async function handleIncomingText(hub: Hub, given: WebhookSignal, source: TextSource): Promise<TextVerdict> {
  const signal = storable(given)
  const { account, raw, receivedAt } = source
  const textHash = createHash('sha256').update(raw).digest()
  const about = signal.kind === 'text' ? 'text' : `${signal.meaning} ${signal.code}`
  const number = signal.kind === 'text' ? signal.from : signal.number
  const name = [account.id, about, number, signal.id ?? nameOf(signal, textHash, receivedAt)].join('\n')
  const language = signal.kind === 'text' ? languageOfText(signal.text) : undefined
  const answered = signal.kind === 'text' ? await messageAnswered(hub, signal.reference) : undefined
  const arrival: TextArrival = {
    textKey: uuidFromHex(createHash('sha256').update(name).digest('hex').slice(0, 32)),
    textHash,
    receivedAt: momentSaid(signal, receivedAt),
    account,
    channel: signal.channel,
    number,
    // Whoever reads a report on the review list sees at least what the vendor called it.
    text: signal.kind === 'text' ? signal.text : signal.code,
    ...(language !== undefined && { language }),
    ...(answered !== undefined && { answered }),
    mayAnswer: signal.kind === 'text' && signal.vendorRead === undefined,
  }
  const verdict = signal.kind === 'text' ? judgeText(hub, signal, account.brand) : judgeReport(signal)
  return recordTextSignal(hub, verdict, arrival)
}

/** No database keeps U+0000 or half a surrogate pair, and a text that cannot be kept would be delivered again for ever. */
function storable(signal: WebhookSignal): WebhookSignal {
  const clean = (value: string) => value.replaceAll('\u0000', '').toWellFormed()
  return signal.kind === 'text'
    ? { ...signal, from: clean(signal.from), text: clean(signal.text) }
    : { ...signal, number: clean(signal.number) }
}

/**
 * No vendor tries longer than CM.com, a month. What claims to be older has no moment to give (`0001-01-01T00:00:00`), and
 * a no of unknown date counts from its arrival.
 */
function momentSaid({ at }: WebhookSignal, receivedAt: number): number {
  const isBelieved = at !== undefined && at <= receivedAt && at >= receivedAt - seenTextsKeptMs
  return isBelieved ? at : receivedAt
}

/**
 * Without an id of the vendor's, the same bytes are the same text. Where no moment is among them either, they are so only
 * for a minute: who came back and writes STOP again says it again.
 */
function nameOf({ at }: WebhookSignal, textHash: Buffer, receivedAt: number): string {
  const bytes = textHash.toString('hex')
  return at === undefined ? `${bytes} ${Math.floor(receivedAt / 60_000)}` : bytes
}

type Text = Extract<WebhookSignal, { kind: 'text' }>

/** What the vendor read itself can only add a no: nothing it says makes one of ours weaker. */
function judgeText({ catalog }: Hub, { text, vendorRead, isVoice = false }: Text, brandId: string): TextVerdict {
  const brand = catalog.brand(brandId)
  const topics = catalog
    .topics(brandId)
    .filter(({ purpose }) => purpose === 'marketing')
    .map(({ id, names }) => ({ id, names: Object.values(names) }))
  const reader = { topics, senders: brand === undefined ? [] : [brand.name, brand.controller] }
  const wish = readWhole(text, reader)
  if (wish.kind === 'stop' || vendorRead === 'STOP') {
    const topic = wish.kind === 'stop' && wish.scope !== 'everything' ? wish.scope.topic : undefined
    const isWide = wish.kind === 'stop' && topic === undefined && saysMoreThanStop(text, reader)
    return { kind: 'opt_out', author: 'person', ...(topic !== undefined && { topic }), ...(isWide && { isWide }) }
  }
  return isVoice ? { kind: 'unclear', reason: 'unreadable' } : verdictOf(wish, vendorRead)
}

/** Who says no at the end of a long letter has said it: a human reads that. */
function readWhole(text: string, reader: TextReader): TextWish {
  const wish = readTextWish(text, reader)
  if (wish.kind !== 'none' || text.length <= readAtOnceMax) return wish
  const atEnd = readTextWish(text.slice(-readAtOnceMax), reader)
  return atEnd.kind === 'none' || atEnd.kind === 'unknown' ? atEnd : { kind: 'unclear' }
}

function verdictOf(wish: Exclude<TextWish, { kind: 'stop' }>, vendorRead: Text['vendorRead']): TextVerdict {
  switch (wish.kind) {
    case 'unclear':
      return { kind: 'unclear', reason: 'may_be_no' }
    case 'unknown':
      return { kind: 'unclear', reason: 'not_understood' }
    case 'start':
    case 'help':
      return { kind: wish.kind }
    case 'none':
      if (vendorRead === 'START') return { kind: 'start' }
      return vendorRead === 'HELP' ? { kind: 'help' } : { kind: 'ignored', reason: 'no_wish' }
    default:
      return assertNever(wish)
  }
}

function judgeReport({ meaning }: Extract<WebhookSignal, { kind: 'report' }>): TextVerdict {
  return meaning === 'opted_out' ? { kind: 'opt_out', author: 'provider' } : { kind: 'delivery', outcome: meaning }
}

/** A message sent with its printed code as the vendor's reference says what it offered (rule 3). */
async function messageAnswered(hub: Hub, reference: string | undefined): Promise<OpenedLink | undefined> {
  const code = reference === undefined ? undefined : readPrintedCode(reference)
  const sealed = code === undefined ? undefined : await findPrintedCode(hub.db, code)
  return sealed && openSealedLink(hub.linkRing, hub.catalog, sealed)
}
