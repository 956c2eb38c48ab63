import { createHash } from 'node:crypto'
import { countryOfContactPoint, normaliseContactPoint } from '@verzet/core'
import { countryFor } from '../../services/country-for.ts'
import type { Hub } from '../../services/hub.ts'
import type { DeliveryKind } from '../../services/report-delivery.ts'
import { takePart } from '../../services/texts/join-text-parts.ts'
import type { SmsAccount } from '../../services/texts/sms-accounts.ts'
import { handleIncomingText } from '../intake/sms/handle-incoming-text.ts'
import { internationalNumber } from '../intake/sms/webhook.ts'
import { readReceipt, readReceiptOptions, type ShortMessage, tags } from './pdu.ts'
import { decodeText, type PartOfText, readHeader } from './short-message.ts'

/** The user data header is there (SMPP 3.4 §5.2.12). */
const headerFlag = 0x40
/** Bits 2 to 5 say what kind of message it is: a delivery receipt, or a notification before it. */
const kindMask = 0x3c
const receiptKinds: ReadonlySet<number> = new Set([0x04, 0x20])
/** §5.2.5 */
const internationalTon = 1
const nationalTon = 2

/** Hears one deliver_sm; it is acknowledged once this resolves. */
export async function receiveMessage(hub: Hub, account: SmsAccount, message: ShortMessage): Promise<void> {
  const { esmClass, coding, octets, options } = message
  const header = (esmClass & headerFlag) === 0 ? { length: 0 } : readHeader(octets)
  const said = decodeText(octets.subarray(header.length), coding, account.settings.defaultCoding ?? 'gsm')
  const from = numberOf(message, countryFor(hub.catalog, account.brand))
  const raw = Buffer.from(`${from}\n${message.destination}\n${octets.toString('hex')}`)
  const source = { account, raw, receivedAt: hub.clock() }
  const isReceipt = receiptKinds.has(esmClass & kindMask)
  const receipt = isReceipt ? (readReceiptOptions(options) ?? readReceipt(said)) : undefined
  if (receipt !== undefined) {
    const meaning = meaningOf(receipt.state)
    if (meaning === undefined) return
    const { id, error } = receipt
    const code = error === '' ? receipt.state : error
    // A receipt comes from the number the message went to.
    const report = { kind: 'report' as const, id, number: from, channel: 'sms' as const, meaning, code }
    await handleIncomingText(hub, report, source)
    return
  }
  const part = header.concat ?? partInOptions(options)
  if (part === undefined || part.parts === 1) {
    // An operator gives no id: the same words in the same minute are the same text, delivered again.
    const minute = Math.floor(source.receivedAt / 60_000)
    const id = createHash('sha256').update(raw).update(String(minute)).digest('hex')
    await handleIncomingText(
      hub,
      { kind: 'text', id, from, to: message.destination, text: said, channel: 'sms' },
      source,
    )
    return
  }
  await takePart(
    hub,
    { account: account.id, sender: from, recipient: message.destination, body: said, ...part },
    (whole) => {
      const text = {
        kind: 'text' as const,
        id: whole.id,
        from,
        to: whole.recipient,
        text: whole.text,
        channel: 'sms' as const,
      }
      return handleIncomingText(hub, text, { ...source, raw: Buffer.from(whole.text), receivedAt: whole.arrivedAt })
    },
  )
}

function numberOf({ source, sourceTon }: ShortMessage, country: string | undefined): string {
  if (sourceTon === internationalTon && /^\d+$/.test(source)) return `+${source}`
  const international = internationalNumber(source)
  // A national number names no country: with a + it would be a stranger's. Some operators call any number national.
  const isOfCountry = country !== undefined && countryOf(international) === country
  return sourceTon === nationalTon && !isOfCountry && isNumber(source, country) ? source : international
}

function isNumber(value: string, country: string | undefined): boolean {
  return normaliseContactPoint({ type: 'phone', value }, country === undefined ? {} : { country }).kind === 'ok'
}

function countryOf(value: string): string | undefined {
  const named = normaliseContactPoint({ type: 'phone', value })
  return named.kind === 'ok' ? countryOfContactPoint(named.contactPoint) : undefined
}

/** §5.3.2.22–24: the same in options of their own. */
function partInOptions(options: ReadonlyMap<number, Buffer>): PartOfText | undefined {
  const reference = options.get(tags.sarReference)
  const [parts = 0] = options.get(tags.sarTotal) ?? []
  const [part = 0] = options.get(tags.sarPart) ?? []
  if (reference?.length !== 2 || part < 1 || part > parts) return undefined
  return { reference: reference.readUInt16BE(0), part, parts }
}

/** Appendix B. What an error code means is each operator's own, so no receipt makes a number dead by itself. */
function meaningOf(state: string): DeliveryKind | undefined {
  if (state === 'DELIVRD') return 'delivered'
  return state === 'UNDELIV' || state === 'REJECTD' || state === 'EXPIRED' ? 'soft_bounce' : undefined
}
