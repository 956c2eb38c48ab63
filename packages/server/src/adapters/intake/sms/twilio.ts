import { createHmac } from 'node:crypto'
import type { DeliveryKind } from '../../../services/report-delivery.ts'
import {
  channelNamed,
  formBody,
  header,
  internationalNumber,
  isSameSecret,
  type SmsWebhook,
  saidIn,
  sha256Hex,
  type WebhookCall,
  type WebhookSignal,
} from './webhook.ts'

/** The secret is the account's auth token. https://www.twilio.com/docs/usage/webhooks/webhooks-security */
export const twilio: SmsWebhook = {
  verify(call, secret) {
    const given = header(call, 'x-twilio-signature')
    if (given === undefined) return false
    const bodyHash = new URL(call.url).searchParams.get('bodySHA256')
    if (bodyHash !== null && !isSameSecret(sha256Hex(call.body), bodyHash.toLowerCase())) return false
    const parameters = bodyHash === null ? signedParameters(call) : ''
    return urlVariants(call.url).some((url) =>
      isSameSecret(given, createHmac('sha1', secret).update(`${url}${parameters}`).digest('base64')),
    )
  },
  read(call) {
    const form = formBody(call)
    const status = form.get('MessageStatus') ?? form.get('SmsStatus')
    const isIncoming = form.has('Body') && form.has('From')
    if (isIncoming && (status === null || status === 'received' || status === 'receiving')) return [readText(form)]
    return status === null ? undefined : readStatus(form, status)
  },
}

/** Sorted by name; a name that is there more than once gives each of its values once, sorted. */
function signedParameters(call: WebhookCall): string {
  const form = formBody(call)
  const names = [...new Set(form.keys())].sort()
  return names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`)).join('')
}

/** Twilio signs the address with or without its port, and old versions with the query written anew. */
function urlVariants(address: string): string[] {
  const url = new URL(address)
  const [beforeQuery = '', query] = address.split(/\?(.*)/s)
  const rest = beforeQuery.slice(beforeQuery.indexOf('/', beforeQuery.indexOf('//') + 2))
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const origins = [`${url.protocol}//${url.hostname}`, `${url.protocol}//${url.hostname}:${port}`]
  const queries = query === undefined ? [''] : [`?${query}`, `?${new URLSearchParams(query).toString()}`]
  return origins.flatMap((origin) => queries.map((one) => `${origin}${rest}${one}`))
}

function readText(form: URLSearchParams): WebhookSignal {
  const from = form.get('From') ?? ''
  const optOutType = form.get('OptOutType')?.toUpperCase()
  const vendorRead = (['STOP', 'START', 'HELP'] as const).find((type) => type === optOutType)
  const id = form.get('MessageSid') ?? form.get('SmsSid')
  const isVoice = [...form].some(([name, value]) => /^MediaContentType\d/.test(name) && value.startsWith('audio/'))
  return {
    kind: 'text',
    ...(id !== null && { id }),
    from: internationalNumber(from),
    to: form.get('To') ?? '',
    text: '',
    ...saidIn(form.get('Body') ?? undefined, isVoice),
    channel: channelOf(from),
    ...(vendorRead !== undefined && { vendorRead }),
  }
}

/** https://www.twilio.com/docs/api/errors: what the codes that speak of the number mean. */
const errorMeanings: Readonly<Record<string, DeliveryKind | 'opted_out'>> = {
  '21610': 'opted_out',
  '63032': 'opted_out',
  '63049': 'soft_bounce',
  '21211': 'dead_number',
  '30005': 'dead_number',
  '21614': 'hard_bounce',
  '30006': 'hard_bounce',
  '30003': 'soft_bounce',
}

function readStatus(form: URLSearchParams, status: string): readonly WebhookSignal[] {
  const code = form.get('ErrorCode') ?? ''
  const to = form.get('To') ?? ''
  const meaning = status === 'delivered' || status === 'read' ? 'delivered' : errorMeanings[code]
  if (meaning === undefined || to === '') return []
  const id = form.get('MessageSid') ?? form.get('SmsSid')
  return [
    {
      kind: 'report',
      ...(id !== null && { id }),
      number: internationalNumber(to),
      channel: channelOf(to),
      meaning,
      code: code === '' ? status : code,
    },
  ]
}

function channelOf(address: string) {
  return channelNamed(/^(\w+):/.exec(address)?.[1] ?? 'sms') ?? 'sms'
}
