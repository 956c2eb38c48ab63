import { createHmac } from 'node:crypto'
import { z } from 'zod'
import {
  digits,
  header,
  holdsSound,
  internationalNumber,
  isRecent,
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

const text = z.object({
  type: z.enum(['mo_text', 'mo_media']),
  id: z.string(),
  from: digits,
  to: digits.nullish().transform((to) => to ?? undefined),
  body: z.unknown(),
  received_at: maybe,
  sent_at: maybe,
  client_reference: maybe,
})
/** What a text with a picture says, where it says something. */
const mediaBody = z.object({ subject: z.string().nullish(), message: z.string().nullish() })
const report = z.object({
  type: z.enum(['recipient_delivery_report_sms', 'recipient_delivery_report_mms']),
  batch_id: z.string(),
  recipient: digits,
  code: z.union([z.number(), z.string()]).transform(String),
  status: z.string(),
  at: z.string().optional(),
})
const identity = z.object({ channel: z.string(), identity: z.string() })
const conversation = z.object({
  message: z.object({
    id: z.string(),
    channel_identity: identity,
    contact_message: z.object({
      text_message: z.object({ text: z.string() }).nullish(),
      /** A button under a WhatsApp message says what it was made to say. */
      choice_response_message: z.object({ postback_data: z.string() }).nullish(),
      media_message: z.object({ url: maybe }).nullish(),
      media_card_message: z.object({ caption: maybe }).nullish(),
    }),
    accept_time: maybe,
  }),
})
const optOut = z.object({
  opt_out_notification: z.object({
    request_id: z.string(),
    channel: z.string(),
    identity: z.string(),
    status: z.string(),
  }),
})

/** The SMS and the Conversation interface; the secret is that of the webhook. */
export const sinch: SmsWebhook = {
  verify(call, secret) {
    const nonce = header(call, 'x-sinch-webhook-signature-nonce')
    const timestamp = header(call, 'x-sinch-webhook-signature-timestamp')
    if (nonce === undefined || timestamp === undefined || !/^\d{1,13}$/.test(timestamp)) return false
    const moment = Number(timestamp) * (timestamp.length > 11 ? 1 : 1_000)
    if (!isRecent(moment, call.receivedAt)) return false
    const expected = createHmac('sha256', secret).update(call.body).update(`.${nonce}.${timestamp}`).digest('base64')
    return isSameSecret(header(call, 'x-sinch-webhook-signature'), expected)
  },
  read(call) {
    const body = jsonBody(call)
    if (typeof body !== 'object' || body === null) return undefined
    return readText(body) ?? readReport(body) ?? readConversation(body) ?? readOptOut(body) ?? []
  },
}

function readText(body: unknown): WebhookSignal[] | undefined {
  const parsed = text.safeParse(body)
  if (!parsed.success) return undefined
  const { id, from, to, body: said, received_at, sent_at, client_reference } = parsed.data
  const at = momentOf(sent_at ?? received_at)
  return [
    {
      kind: 'text',
      id,
      from: internationalNumber(from),
      ...(to !== undefined && { to }),
      text: wordsOf(said),
      channel: 'sms',
      ...(client_reference !== undefined && { reference: client_reference }),
      ...(at !== undefined && { at }),
    },
  ]
}

function wordsOf(said: unknown): string {
  if (typeof said === 'string') return said
  const { subject, message } = mediaBody.safeParse(said).data ?? {}
  return [subject, message].filter(Boolean).join('\n')
}

/** Code 1 is the network's own "unknown subscriber" (3GPP TS 29.002); 402 is Sinch's for a number nothing leads to. */
const hardCodes = new Set(['1', '9', '402'])

function readReport(body: unknown): WebhookSignal[] | undefined {
  const parsed = report.safeParse(body)
  if (!parsed.success) return undefined
  const { batch_id, recipient, code, status, at: moment } = parsed.data
  const at = momentOf(moment)
  const common = {
    kind: 'report' as const,
    id: batch_id,
    number: internationalNumber(recipient),
    channel: 'sms' as const,
    code,
    ...(at !== undefined && { at }),
  }
  if (status === 'Delivered') return [{ ...common, meaning: 'delivered' }]
  if (saysOptedOut(status)) return [{ ...common, meaning: 'opted_out' }]
  if (!/^(?:Failed|Rejected|Expired|Aborted|Deleted)$/.test(status)) return []
  return [{ ...common, meaning: hardCodes.has(code) ? 'hard_bounce' : 'soft_bounce' }]
}

function readConversation(body: unknown): WebhookSignal[] | undefined {
  const parsed = conversation.safeParse(body)
  if (!parsed.success) return undefined
  const { id, channel_identity, contact_message, accept_time } = parsed.data.message
  const at = momentOf(accept_time)
  const sender = senderOn(channel_identity.channel, channel_identity.identity)
  const { text_message, choice_response_message, media_message, media_card_message } = contact_message
  const written = text_message?.text ?? choice_response_message?.postback_data ?? media_card_message?.caption
  const said = saidIn(written, holdsSound(media_message))
  if (said === undefined) return []
  return [{ kind: 'text', id, ...sender, ...said, ...(at !== undefined && { at }) }]
}

/** Sinch has heard a no itself. */
function readOptOut(body: unknown): WebhookSignal[] | undefined {
  const parsed = optOut.safeParse(body)
  if (!parsed.success) return undefined
  const { request_id: id, channel: named, identity: number, status } = parsed.data.opt_out_notification
  const { from, channel } = senderOn(named, number)
  // A no that the vendor could not carry out is a no all the same.
  return [{ kind: 'report', id, number: from, channel, meaning: 'opted_out', code: status }]
}
