import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import { readToken } from './json-web-token.ts'
import {
  digits,
  formBody,
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
  sha256Hex,
  type WebhookCall,
  type WebhookSignal,
} from './webhook.ts'

/** As MessageBird's own libraries allow clocks to differ. */
const tokenSkewMs = 5_000

/** MessageBird (signed token, or the older signature) and Bird; the secret is the signing key. */
export const messagebird: SmsWebhook = {
  verify(call, secret) {
    const token = header(call, 'messagebird-signature-jwt')
    return token === undefined ? verifySignature(call, secret) : verifyToken(call, token, secret)
  },
  read(call) {
    const isForm = (header(call, 'content-type') ?? '').startsWith('application/x-www-form-urlencoded')
    const body = isForm ? Object.fromEntries(formBody(call)) : jsonBody(call)
    if (typeof body !== 'object' || body === null) return undefined
    return readText(body) ?? readStatus(body) ?? readBird(body) ?? []
  },
}

function verifyToken(call: WebhookCall, token: string, secret: string): boolean {
  const claims = readToken(token, secret)
  if (claims?.iss !== 'MessageBird' || claims.url_hash !== sha256Hex(call.url)) return false
  const bodyHash = call.body.length === 0 ? undefined : sha256Hex(call.body)
  if (claims.payload_hash !== bodyHash) return false
  const { exp, nbf } = claims
  const isOver = typeof exp === 'number' && exp * 1_000 + tokenSkewMs < call.receivedAt
  const isEarly = typeof nbf === 'number' && nbf * 1_000 - tokenSkewMs > call.receivedAt
  return !isOver && !isEarly
}

/** The older form signs the sorted query, Bird's the whole address; both end in the bytes of the body's SHA-256. */
function verifySignature(call: WebhookCall, secret: string): boolean {
  const given = header(call, 'messagebird-signature')
  const timestamp = header(call, 'messagebird-request-timestamp')
  if (given === undefined || timestamp === undefined || !/^\d{1,11}$/.test(timestamp)) return false
  if (!isRecent(Number(timestamp) * 1_000, call.receivedAt)) return false
  const query = new URL(call.url).searchParams
  query.sort()
  const bodyHash = createHash('sha256').update(call.body).digest()
  return [query.toString(), call.url].some((middle) => {
    const expected = createHmac('sha256', secret).update(`${timestamp}\n${middle}\n`).update(bodyHash).digest('base64')
    return isSameSecret(given, expected)
  })
}

const text = z.object({
  id: maybe,
  originator: digits,
  recipient: digits.nullish().transform((to) => to ?? undefined),
  body: maybe,
  payload: maybe,
  reference: maybe,
  createdDatetime: maybe,
})

function readText(body: unknown): WebhookSignal[] | undefined {
  const parsed = text.safeParse(body)
  const said = parsed.data?.body ?? parsed.data?.payload
  if (!parsed.success || said === undefined) return undefined
  const { id, originator, recipient, reference, createdDatetime } = parsed.data
  const at = momentOf(createdDatetime)
  return [
    {
      kind: 'text',
      ...(id !== undefined && { id }),
      from: internationalNumber(originator),
      ...(recipient !== undefined && { to: recipient }),
      text: said,
      channel: 'sms',
      ...(reference && { reference }),
      ...(at !== undefined && { at }),
    },
  ]
}

const status = z.object({
  id: z.string(),
  recipient: digits,
  status: z.string(),
  statusErrorCode: z.union([z.string(), z.number()]).transform(String).optional(),
  statusReason: z.string().optional(),
  statusDatetime: z.string().optional(),
})

/** 103 is the subscriber who opted out; 1 and 5 are numbers nobody has. */
function readStatus(body: unknown): WebhookSignal[] | undefined {
  const parsed = status.safeParse(body)
  if (!parsed.success) return undefined
  const { id, recipient, status: name, statusErrorCode: code = '', statusReason = '', statusDatetime } = parsed.data
  const at = momentOf(statusDatetime)
  const common = {
    kind: 'report' as const,
    id,
    number: internationalNumber(recipient),
    channel: 'sms' as const,
    code: code === '' ? name : code,
    ...(at !== undefined && { at }),
  }
  if (name === 'delivered') return [{ ...common, meaning: 'delivered' }]
  if (code === '103' || saysOptedOut(statusReason)) return [{ ...common, meaning: 'opted_out' }]
  if (name !== 'delivery_failed' && name !== 'expired') return []
  return [{ ...common, meaning: code === '1' || code === '5' ? 'hard_bounce' : 'soft_bounce' }]
}

const words = z.looseObject({ text: maybe }).nullish()
const bird = z.object({
  event: z.string(),
  payload: z.object({
    id: z.string(),
    sender: z.object({ contact: z.object({ identifierValue: z.string() }) }),
    /** The words, or those under a picture or a file. */
    body: z.looseObject({ text: words, image: words, file: words }),
    reference: maybe,
    createdAt: maybe,
  }),
})

/** `sms.inbound`, `whatsapp.inbound`, and those of channels on which nobody has a number. */
const inboundEvent = '.inbound'

function readBird(body: unknown): WebhookSignal[] | undefined {
  const parsed = bird.safeParse(body)
  if (!parsed.success || !parsed.data.event.endsWith(inboundEvent)) return undefined
  const { event } = parsed.data
  const { id, sender, body: said, reference, createdAt } = parsed.data.payload
  const at = momentOf(createdAt)
  const spoken = saidIn((said.text ?? said.image ?? said.file)?.text, holdsSound(said))
  if (spoken === undefined) return []
  return [
    {
      kind: 'text',
      id,
      ...senderOn(event.slice(0, -inboundEvent.length), sender.contact.identifierValue),
      ...spoken,
      ...(reference && { reference }),
      ...(at !== undefined && { at }),
    },
  ]
}
