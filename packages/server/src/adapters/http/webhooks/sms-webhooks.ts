import { BlockList, isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ConnectionNote, noteConnection, smsConnection } from '../../../services/channels/note-connection.ts'
import type { Hub } from '../../../services/hub.ts'
import { readSmsAccount, type SmsAccount } from '../../../services/texts/sms-accounts.ts'
import { handleIncomingText } from '../../intake/sms/handle-incoming-text.ts'
import { webhookOf } from '../../intake/sms/vendors.ts'
import type { WebhookCall } from '../../intake/sms/webhook.ts'
import { describeError } from '../request-log.ts'

/** A text of ten parts as JSON with all that vendors add is a tenth of it. */
export const webhookBytesMax = 64 * 1024
/** A vendor whose secret was mistyped calls on; a forger gets no further than this in a minute. */
export const refusedCallsMax = 60
const refusedWindowMs = 60_000

type Options = {
  readonly hub: Hub
  /** To be called after a commit that may owe a text. */
  readonly wakeTexts: () => void
}

/**
 * `POST /in/sms/{vendor}/{account}`: texts and delivery reports of vendors, verified on the bytes as they came. A vendor
 * gets 200 once what it says is durable, and delivers again whatever it gets something else for.
 */
export async function registerSmsWebhooks(app: FastifyInstance, options: Options): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: webhookBytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 503
    if (status >= 500) request.log.error(describeError(error), 'a webhook could not be recorded')
    return answer(reply, status >= 400 && status < 500 ? status : 503)
  })
  const countRefusal = app.createRateLimit({ max: refusedCallsMax, timeWindow: refusedWindowMs })
  app.post('/in/sms/:vendor/:account', { schema: { hide: true } }, async (request, reply) => {
    const { vendor, account: id } = readParameters(request)
    const webhook = webhookOf(vendor)
    const account = webhook && (await readSmsAccount(options.hub.db, options.hub.secrets, id))
    const call = callOf(options.hub, request)
    const isKnown = account?.vendor === vendor && account.secrets.webhook !== undefined
    if (webhook === undefined || account === undefined || !isKnown) {
      return refuse(reply, await countRefusal(request), 404)
    }
    const note = (kept: ConnectionNote) => noteConnection(options.hub, smsConnection(account.id), kept)
    if (!isAllowedFrom(account, request.ip)) {
      await note({ kind: 'failed', reason: 'address' })
      return refuse(reply, await countRefusal(request), 404)
    }
    if (!webhook.verify(call, account.secrets.webhook ?? '')) {
      await note({ kind: 'failed', reason: 'forged' })
      return refuse(reply, await countRefusal(request), 403)
    }
    const signals = webhook.read(call)
    if (signals === undefined) {
      request.log.warn({ vendor, account: id }, 'a webhook could not be read')
      await note({ kind: 'failed', reason: 'unreadable' })
      return answer(reply, 422)
    }
    const source = { account, raw: call.body, receivedAt: call.receivedAt }
    for (const signal of signals) await handleIncomingText(options.hub, signal, source)
    if (signals.length > 0) options.wakeTexts()
    await note({ kind: 'heard' })
    return vendor === 'twilio' ? reply.type('text/xml').send('<Response/>') : answer(reply, 200)
  })
}

function readParameters({ params }: FastifyRequest): { vendor: string; account: string } {
  const of = (name: string): string => {
    const value: unknown =
      typeof params === 'object' && params !== null ? Object.getOwnPropertyDescriptor(params, name)?.value : undefined
    return typeof value === 'string' ? value : ''
  }
  return { vendor: of('vendor'), account: of('account') }
}

/** The vendor signed the address it was given, which is the public one: a proxy in between changes what arrives. */
function callOf({ place, clock }: Hub, request: FastifyRequest): WebhookCall {
  return {
    url: `${place.url}${request.raw.url ?? ''}`,
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    receivedAt: clock(),
  }
}

export function isAllowedFrom({ settings }: Pick<SmsAccount, 'settings'>, address: string): boolean {
  const { addresses = [] } = settings
  if (addresses.length === 0) return true
  const allowed = new BlockList()
  for (const entry of addresses) {
    const [network = '', prefix] = entry.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) allowed.addAddress(network, family)
    else allowed.addSubnet(network, Number(prefix), family)
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return allowed.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

function refuse(
  reply: FastifyReply,
  limit: { isAllowed: boolean } & Partial<{ isExceeded: boolean }>,
  status: number,
): FastifyReply {
  return answer(reply, !limit.isAllowed && limit.isExceeded === true ? 429 : status)
}

function answer(reply: FastifyReply, status: number): FastifyReply {
  return reply
    .code(status)
    .type('text/plain')
    .send(status === 200 ? 'ok' : '')
}
