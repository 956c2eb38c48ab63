import type { OutgoingText, TextOutcome } from '../../services/ports.ts'
import type { SmsAccount } from '../../services/texts/sms-accounts.ts'
import { memberOf } from '../intake/sms/json-web-token.ts'
import { saysOptedOut } from '../intake/sms/webhook.ts'

/** A vendor that takes longer is tried again; the lease of a text is four times as long. */
const answerWithinMs = 30_000
/** No vendor's answer to one text comes near it. */
const answerCharactersMax = 20_000

type Sender = (account: SmsAccount, text: OutgoingText) => Promise<TextOutcome>

/** The vendors that the hub can send through, each by the simplest of its calls. */
export const httpSenders: Readonly<Record<string, Sender>> = {
  twilio: sendByTwilio,
  cm: sendByCm,
  vonage: sendByVonage,
}

type Answer = { readonly status: number; readonly body: unknown }

/** https://www.twilio.com/docs/messaging/api/message-resource */
async function sendByTwilio(account: SmsAccount, { to, text, channel }: OutgoingText): Promise<TextOutcome> {
  const { user = '', api = 'https://api.twilio.com' } = account.settings
  const prefix = channel === 'whatsapp' ? 'whatsapp:' : ''
  const from = account.numbers[0] ?? ''
  const sender: Record<string, string> = from.startsWith('MG')
    ? { MessagingServiceSid: from }
    : { From: `${prefix}${from}` }
  const answer = await post(`${api}/2010-04-01/Accounts/${encodeURIComponent(user)}/Messages.json`, {
    headers: { authorization: basic(user, account.secrets.sending ?? '') },
    body: new URLSearchParams({ To: `${prefix}${to}`, ...sender, Body: text }),
  })
  const code = String(memberOf(answer.body, 'code') ?? '')
  // 21610: the recipient said STOP to Twilio.
  if (code === '21610') return { kind: 'refused', reason: 'twilio 21610', optedOut: true }
  return outcomeOf('twilio', answer, code)
}

/** https://developers.cm.com/messaging/docs/json */
async function sendByCm(account: SmsAccount, { id, to, text, channel }: OutgoingText): Promise<TextOutcome> {
  const { api = 'https://gw.messaging.cm.com' } = account.settings
  const message = {
    allowedChannels: [channel === 'whatsapp' ? 'WhatsApp' : 'SMS'],
    from: account.numbers[0] ?? '',
    to: [{ number: to.replace('+', '00') }],
    body: { type: 'auto', content: text },
    minimumNumberOfMessageParts: 1,
    maximumNumberOfMessageParts: 8,
    reference: id.replaceAll('-', ''),
  }
  const answer = await post(`${api}/v1.0/message`, {
    headers: { 'content-type': 'application/json', 'x-cm-producttoken': account.secrets.sending ?? '' },
    body: JSON.stringify({ messages: { msg: [message] } }),
  })
  return outcomeOf('cm', answer, String(memberOf(answer.body, 'errorCode') ?? ''))
}

/** https://developer.vonage.com/en/api/messages-olympus */
async function sendByVonage(account: SmsAccount, { to, text, channel }: OutgoingText): Promise<TextOutcome> {
  const { user = '', api = 'https://api.nexmo.com' } = account.settings
  const bare = (number: string) => number.replace(/^\+/, '')
  const message = { message_type: 'text', channel, to: bare(to), from: bare(account.numbers[0] ?? ''), text }
  const answer = await post(`${api}/v1/messages`, {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: basic(user, account.secrets.sending ?? ''),
    },
    body: JSON.stringify(message),
  })
  const words = `${String(memberOf(answer.body, 'title') ?? '')} ${String(memberOf(answer.body, 'detail') ?? '')}`
  if (answer.status >= 400 && saysOptedOut(words)) return { kind: 'refused', reason: 'vonage', optedOut: true }
  return outcomeOf('vonage', answer, '')
}

/** What is wrong with the text or the account is final for it; a vendor in trouble or in a hurry is tried again. */
function outcomeOf(vendor: string, { status }: Answer, code: string): TextOutcome {
  const reason = `${vendor} ${status}${/^\d{1,6}$/.test(code) && code !== '' ? ` ${code}` : ''}`
  const isRefusedInside = vendor === 'cm' && status < 300 && code !== '' && code !== '0'
  if (status >= 200 && status < 300 && !isRefusedInside) return { kind: 'sent' }
  // A wrong key is the operator's to mend, and the text still owed meanwhile.
  const isPassing = status === 401 || status === 403 || status === 408 || status === 429 || status >= 500
  return isPassing ? { kind: 'unavailable', reason } : { kind: 'refused', reason }
}

async function post(
  url: string,
  request: { headers: Record<string, string>; body: string | URLSearchParams },
): Promise<Answer> {
  const signal = AbortSignal.timeout(answerWithinMs)
  const response = await fetch(url, { method: 'POST', redirect: 'error', signal, ...request })
  const text = (await response.text()).slice(0, answerCharactersMax)
  try {
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  } catch {
    return { status: response.status, body: undefined }
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
