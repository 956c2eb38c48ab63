import { createServer, type Socket } from 'node:net'
import { postponementFor, refusalFor } from '../smtp/relay/refusals.ts'
import { misconfigured, type RelayReply } from '../smtp/relay/reply.ts'
import { type PolicyRequest, readPolicyRequests } from './policy-request.ts'
import type { SidecarGate } from './sidecar-gate.ts'

/** Postfix opens one connection for each of its smtpd processes, of which it has a hundred unless told otherwise. */
const connectionsMax = 1_024
/** Postfix closes an idle connection after 300 s (`smtpd_policy_service_max_idle`); a dead one is not kept for ever. */
const silenceMsMax = 600_000
const drainMsMax = 3_000
/** Says nothing against it: what other restrictions think decides. */
const dunno = 'DUNNO'

/** What mail is about, where Postfix says nothing else. */
export type MailTopic = { readonly brand?: string; readonly topic: string; readonly campaign?: string }

export type PolicyOptions = {
  readonly gate: SidecarGate
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly topic: MailTopic
  readonly count: () => void
  readonly log: (line: string) => void
}

/**
 * Postfix's policy delegation (SMTPD_POLICY_README): asked at RCPT about each recipient, it answers `DUNNO` where the
 * gate allows, a permanent refusal where it does not, and a temporary one where it does not know (rule 6). A cadence is
 * counted there, since Postfix asks at no later moment about one recipient.
 */
export async function startPolicyServer(
  options: PolicyOptions,
): Promise<AsyncDisposable & { readonly port: number | undefined }> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    socket.setTimeout(silenceMsMax, () => socket.destroy())
    serve(socket, options)
  })
  server.maxConnections = connectionsMax
  const { host, port } = options
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host, port }, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : undefined,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      // Postfix keeps its connections; without an answer it defers the mail.
      const timer = setTimeout(() => {
        for (const socket of open) socket.destroy()
      }, drainMsMax)
      for (const socket of open) socket.end()
      await closed
      clearTimeout(timer)
    },
  }
}

function serve(socket: Socket, options: PolicyOptions): void {
  let rest: Buffer = Buffer.alloc(0)
  const take = async (piece: Buffer) => {
    socket.pause()
    const read = readPolicyRequests(rest.length === 0 ? piece : Buffer.concat([rest, piece]))
    if (read.kind === 'malformed') {
      options.log('what is no request of Postfix came to the policy port; the connection was ended')
      socket.destroy()
      return
    }
    rest = read.rest
    for (const request of read.requests) {
      options.count()
      socket.write(`action=${await actionFor(request, options)}\n\n`)
    }
    socket.resume()
  }
  socket.on('data', (piece: Buffer) => void take(piece).catch(() => socket.destroy()))
}

/** What Postfix is to do with one request. */
export async function actionFor(request: PolicyRequest, { gate, topic, log }: PolicyOptions): Promise<string> {
  const recipient = request.get('recipient') ?? ''
  // At other moments there is no one recipient: `DATA` names one only where there is no other (SMTPD_POLICY_README).
  if (request.get('protocol_state') !== 'RCPT') return dunno
  const about = topicOf(request, topic)
  if (about === undefined) {
    log('a policy_context of Postfix is not like brand/topic or brand/topic/campaign')
    return written(misconfigured)
  }
  const { decision, reason } = await gate.claim({ type: 'email', value: recipient }, { ...about, channel: 'email' })
  if (decision === 'allow') return dunno
  return written(postponementFor(reason) ?? refusalFor(reason))
}

/** Postfix 3.1 and later pass on a `policy_context` of their settings: one port then serves many topics. */
function topicOf(request: PolicyRequest, topic: MailTopic): MailTopic | undefined {
  const context = request.get('policy_context') ?? ''
  if (context === '') return topic
  const [, brand, name, campaign] = /^([^/\s]+)\/([^/\s]+)(?:\/(\S+))?$/.exec(context) ?? []
  return brand === undefined || name === undefined ? undefined : { brand, topic: name, ...(campaign && { campaign }) }
}

function written({ code, status, text }: RelayReply): string {
  return `${code} ${status} ${text}`
}
