import { z } from 'zod'
import type { DeliveryKind } from '../../../services/report-delivery.ts'
import { readToken } from './json-web-token.ts'
import {
  digits,
  header,
  isRecent,
  jsonBody,
  maybe,
  momentOf,
  type SmsWebhook,
  saidIn,
  saysOptedOut,
  senderOn,
  sha256Hex,
  type WebhookSignal,
} from './webhook.ts'

const party = z.union([digits, z.object({ number: digits }).transform(({ number }) => number)])
const captioned = z.object({ caption: maybe }).nullish()
const message = z.object({
  message_uuid: z.string(),
  from: party,
  to: party.nullish().transform((to) => to ?? undefined),
  channel: maybe,
  text: maybe,
  /** Buttons under a WhatsApp message: one of a template, and one of a question. */
  button: z.object({ text: maybe }).nullish(),
  reply: z.object({ title: maybe }).nullish(),
  /** What is written under a picture, a film or a file. */
  image: captioned,
  video: captioned,
  file: captioned,
  audio: z.object({}).nullish(),
  /** The first version of the interface. */
  message: z.object({ content: z.object({ text: maybe }) }).nullish(),
  timestamp: maybe,
  client_ref: maybe,
})
const status = z.object({
  message_uuid: z.string(),
  to: party,
  channel: z.string().optional(),
  status: z.string(),
  timestamp: z.string().optional(),
  error: z
    .object({
      type: z.union([z.string(), z.number()]).transform(String),
      title: z.union([z.string(), z.number()]).transform(String),
      detail: z.string(),
    })
    .partial()
    .optional(),
})

/** The Messages interface, whose calls carry a token signed with the account's signature secret. */
export const vonage: SmsWebhook = {
  verify(call, secret) {
    const claims = readToken(/^bearer +(\S+)$/i.exec(header(call, 'authorization') ?? '')?.[1], secret)
    if (claims === undefined || claims.payload_hash !== sha256Hex(call.body)) return false
    return typeof claims.iat === 'number' && isRecent(claims.iat * 1_000, call.receivedAt)
  },
  read(call) {
    const body = jsonBody(call)
    if (typeof body !== 'object' || body === null) return undefined
    return readStatus(body) ?? readText(body) ?? []
  },
}

function readText(body: unknown): WebhookSignal[] | undefined {
  const parsed = message.safeParse(body)
  if (!parsed.success) return undefined
  const { message_uuid: id, from, to, channel: named = 'sms', timestamp, client_ref } = parsed.data
  const { text, button, reply, image, video, file, audio } = parsed.data
  const written = text ?? button?.text ?? reply?.title ?? (image ?? video ?? file)?.caption
  const said = saidIn(written ?? parsed.data.message?.content.text, Boolean(audio))
  if (said === undefined) return []
  const at = momentOf(timestamp)
  return [
    {
      kind: 'text',
      id,
      ...senderOn(named, from),
      ...(to !== undefined && { to }),
      ...said,
      ...(client_ref !== undefined && { reference: client_ref }),
      ...(at !== undefined && { at }),
    },
  ]
}

/** Absent for good, a number of no plan, one nothing leads to, a recipient that is none. */
const meanings: Readonly<Record<string, DeliveryKind>> = {
  '1190': 'dead_number',
  '1240': 'hard_bounce',
  '1250': 'hard_bounce',
  '1430': 'hard_bounce',
}

function readStatus(body: unknown): WebhookSignal[] | undefined {
  const parsed = status.safeParse(body)
  if (!parsed.success) return undefined
  const { message_uuid: id, to, channel: named = 'sms', status: name, timestamp, error } = parsed.data
  const code = /\d{3,4}/.exec(`${error?.title ?? ''} ${error?.type ?? ''}`)?.[0] ?? name
  const at = momentOf(timestamp)
  const { from: number, channel } = senderOn(named, to)
  const common = {
    kind: 'report' as const,
    id,
    number,
    channel,
    code,
    ...(at !== undefined && { at }),
  }
  if (name === 'delivered' || name === 'read') return [{ ...common, meaning: 'delivered' }]
  if (name !== 'rejected' && name !== 'undeliverable') return []
  if (saysOptedOut(`${error?.title ?? ''} ${error?.detail ?? ''}`)) return [{ ...common, meaning: 'opted_out' }]
  return [{ ...common, meaning: meanings[code] ?? 'soft_bounce' }]
}
