import { z } from 'zod'
import {
  digits,
  holdsSound,
  internationalNumber,
  isSameSecret,
  jsonBody,
  maybe,
  momentOf,
  type SmsWebhook,
  saidIn,
  saysOptedOut,
  senderOn,
  type WebhookSignal,
} from './webhook.ts'

const party = z.union([digits, z.object({ number: digits }).transform(({ number }) => number)])
const incoming = z.object({
  from: party,
  to: party.nullish().transform((to) => to ?? undefined),
  message: z.looseObject({ text: maybe }).nullish(),
  /** The older form. */
  body: maybe,
  reference: maybe,
  timeUtc: maybe,
  channel: maybe,
})

const reportOfOne = z.object({
  to: digits,
  reference: z.string().nullish(),
  status: z.object({
    code: z.union([z.string(), z.number()]).transform(String),
    errorCode: z.union([z.string(), z.number()]).transform(String).nullish(),
    errorDescription: z.string().nullish(),
  }),
  received: z.string().nullish(),
})
const report = z.object({ messages: z.object({ msg: z.union([reportOfOne, z.array(reportOfOne)]) }) })

/** CM.com signs nothing: the secret is the `key` in the address that was given to it. */
export const cm: SmsWebhook = {
  verify: (call, secret) => isSameSecret(new URL(call.url).searchParams.get('key') ?? undefined, secret),
  read(call) {
    const body = jsonBody(call)
    if (typeof body !== 'object' || body === null) return undefined
    return readText(body) ?? readReports(body) ?? []
  },
}

function readText(body: unknown): WebhookSignal[] | undefined {
  const parsed = incoming.safeParse(body)
  if (!parsed.success) return undefined
  const { from, to, message, body: older, reference, timeUtc, channel: named = 'SMS' } = parsed.data
  const said = saidIn(message?.text ?? older, holdsSound(message))
  if (said === undefined) return []
  const at = momentOf(timeUtc)
  return [
    {
      kind: 'text',
      ...senderOn(named, from),
      ...(to !== undefined && { to }),
      ...said,
      ...(reference && { reference }),
      ...(at !== undefined && { at }),
    },
  ]
}

/** 0 accepted, 1 rejected by CM, 2 delivered, 3 failed. Why it failed differs by operator: only words are believed. */
function readReports(body: unknown): WebhookSignal[] | undefined {
  const parsed = report.safeParse(body)
  if (!parsed.success) return undefined
  return [parsed.data.messages.msg].flat().flatMap(({ to, reference, status, received }): WebhookSignal[] => {
    const words = `${status.errorDescription ?? ''} ${status.errorCode ?? ''}`
    const at = momentOf(received)
    const common = {
      kind: 'report' as const,
      ...(reference && { id: `${reference} ${received ?? ''}` }),
      number: internationalNumber(to),
      channel: 'sms' as const,
      code: status.errorCode ?? status.code,
      ...(at !== undefined && { at }),
    }
    if (status.code === '2') return [{ ...common, meaning: 'delivered' }]
    if (status.code !== '1' && status.code !== '3') return []
    if (saysOptedOut(words)) return [{ ...common, meaning: 'opted_out' }]
    const isUnknown = /unknown (?:subscriber|number)|invalid (?:number|msisdn)/i.test(words)
    return [{ ...common, meaning: isUnknown ? 'hard_bounce' : 'soft_bounce' }]
  })
}
