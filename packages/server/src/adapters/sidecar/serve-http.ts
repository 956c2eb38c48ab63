import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { HttpProblem, notFound, problemBody, problemFor } from '../http/problem.ts'
import { lookUpInMap } from './map-lookup.ts'
import { invalidContactPoint, readJson, readQuestion, readQuestions } from './read-question.ts'
import { claimNow, decideNow, type ShownDecision, type SidecarGate } from './sidecar-gate.ts'
import type { SidecarMetrics } from './sidecar-metrics.ts'

/** As the hub has them: a single question is small, a batch has 10,000. */
const bodyBytesMax = 256 * 1024
const batchBodyBytesMax = 4 * 1024 * 1024
/** A request that is not whole after this is a dead line. */
const requestTimeoutMs = 30_000
/** Clients on the same host keep their connection; one that forgot it gives its place back. */
const keepAliveTimeoutMs = 72_000
/** Names a browser on this host would use for somebody else's page (DNS rebinding) are none of these. */
const ownNames = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

type Answer = { readonly status: number; readonly type: string; readonly body: string }
type Asked = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
}

export type HttpParts = { readonly gate: SidecarGate; readonly metrics: SidecarMetrics; readonly version: string }

/** The sidecar's HTTP, for connections that are handed to it (`emit('connection', socket)`). */
export function createSidecarHttp(parts: HttpParts): Server {
  const options = { requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs }
  return createServer(options, (request, response) => {
    void answer(parts, request)
      .catch((error: unknown) => problemAnswer(problemFor(error)))
      .then((answered) => write(response, answered))
  })
}

async function answer(parts: HttpParts, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/', headers, socket } = request
  // A Unix socket has no address, and no browser reaches it.
  if (socket.remoteAddress !== undefined && !ownNames.test(headers.host ?? '')) throw otherHost
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  const asked = { method: method === 'HEAD' ? 'GET' : method, path, query, request }
  return path.startsWith('/map/') ? answerMap(parts, asked) : answerCall(parts, asked)
}

async function answerCall(parts: HttpParts, asked: Asked): Promise<Answer> {
  const { gate, metrics, version } = parts
  switch (`${asked.method} ${asked.path}`) {
    case 'POST /v1/gate':
      metrics.count('gate')
      return single(decideNow(gate, readQuestion(await readBody(asked.request, bodyBytesMax))))
    case 'POST /v1/gate/claim':
      metrics.count('claim')
      return single(await claimNow(gate, readQuestion(await readBody(asked.request, bodyBytesMax))))
    case 'POST /v1/gate/batch': {
      metrics.count('batch')
      const questions = readQuestions(await readBody(asked.request, batchBodyBytesMax))
      return json({ decisions: questions.map((question) => decideNow(gate, question)) })
    }
    case 'GET /healthz':
      return json({ status: 'ok', version, state: gate.state })
    case 'GET /readyz':
      if (gate.state !== 'fresh' && gate.state !== 'unsure') throw notReady
      return json({ status: 'ready' })
    case 'GET /metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.text() }
    default:
      throw notFound(
        'not_found',
        'A sidecar answers /v1/gate, /v1/gate/batch, /v1/gate/claim, /map, /healthz and /metrics.',
      )
  }
}

function answerMap({ gate, metrics }: HttpParts, { method, path, query }: Asked): Answer {
  if (method !== 'GET') throw notFound('not_found', 'Ask a map with GET.')
  metrics.count('map')
  const refusal = lookUpInMap(gate, path, query)
  return {
    status: refusal === undefined ? 404 : 200,
    type: 'text/plain; charset=utf-8',
    body: `${refusal ?? 'allow'}\n`,
  }
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) throw notJson
  // Before it is read: leaving a body in the middle closes the connection under the answer.
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes > bytesMax) throw tooLarge
  }
  return readJson(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces))
}

function single(decision: ShownDecision): Answer {
  if (decision.reason === 'invalid_contact_point') throw invalidContactPoint()
  return json(decision)
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) }
}

function problemAnswer({ problem }: HttpProblem): Answer {
  return { status: problem.status, type: 'application/problem+json', body: problemBody(problem) }
}

function write(response: ServerResponse, { status, type, body }: Answer): void {
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
  // What is left of a body that was too large is not read.
  response.writeHead(status, status === 413 ? { ...headers, connection: 'close' } : headers).end(body)
}

const problem = (status: number, code: string, title: string, detail: string) =>
  new HttpProblem({ status, code, title, detail })
const notJson = problem(415, 'unsupported_media_type', 'Unsupported media type', 'Send the body as application/json.')
const tooLarge = problem(
  413,
  'payload_too_large',
  'Payload too large',
  'Send less at once: the body is larger than this call takes.',
)
const otherHost = problem(421, 'misdirected', 'Misdirected request', 'Ask for localhost or a loopback address.')
const notReady = problem(
  503,
  'unavailable',
  'Unavailable',
  'The copy of the gate is not up to date: everything is denied.',
)
