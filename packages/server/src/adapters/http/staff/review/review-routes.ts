import type { FastifyReply, FastifyRequest } from 'fastify'
import { findCaller } from '../../../../services/desk/find-caller.ts'
import type { KeyedContactPoint } from '../../../../services/ports.ts'
import { decideReview, type ReviewVerdict, reviewNoteCharactersMax } from '../../../../services/review/decide.ts'
import { readReview } from '../../../../services/review/list.ts'
import { readBoard } from '../../../../services/review/read-board.ts'
import { undoReview } from '../../../../services/review/undo.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { readScope } from './narrow-scopes.ts'
import { type ReviewModel, type ReviewProblem, renderReview } from './review-page.tsx'
import { reviewScript } from './review-script.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The review list: what may be a no, read and decided by a human before its deadline. */
export const reviewRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/review', access: 'review', handle: showBoard },
  { method: 'GET', url: '/review/keys.js', access: 'anyone', handle: sendScript },
  { method: 'POST', url: '/review/decide', access: 'review', handle: decide },
  { method: 'POST', url: '/review/undo', access: 'review', handle: undo },
]

function showBoard(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendBoard(parts, request, reply, {})
}

function sendScript(_parts: StaffParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/javascript; charset=utf-8').send(reviewScript)
}

/** The list as it is after the act, with the next item in focus. */
async function sendBoard(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  after: Pick<ReviewModel, 'done' | 'problem'>,
): Promise<FastifyReply> {
  const { hub } = parts
  const now = hub.clock()
  const board = await readBoard(hub.db, now)
  const frame = staffFrame(parts, request, '/review')
  const html = renderReview({ frame, board, catalog: hub.catalog, now, ...after })
  return sendStaffPage(reply, after.problem === undefined ? 200 : 422, html)
}

async function decide(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const item = postedField(request, 'item') ?? ''
  const staffId = request.staff?.session.staffId
  const posted = (name: string) => postedField(request, name) ?? ''
  const typed = { contact: posted('contact'), scope: posted('scope'), note: posted('note') }
  const failed = (kind: ReviewProblem) => sendBoard(parts, request, reply, { problem: { item, kind, typed } })
  if (!uuidPattern.test(item) || staffId === undefined) return failed('failed')
  const read = await readVerdict(parts, request, item)
  if (read.kind !== 'verdict') return failed(read.kind)
  const outcome = await decideReview(parts.hub, item, read.verdict, staffActor(staffId))
  switch (outcome.kind) {
    case 'decided':
      return sendBoard(parts, request, reply, { done: { item, decision: read.verdict.decision } })
    case 'already_decided':
    case 'nobody_named':
      return failed(outcome.kind)
    default:
      return failed('failed')
  }
}

type ReadVerdict = { readonly kind: 'verdict'; readonly verdict: ReviewVerdict } | { readonly kind: ReviewProblem }

async function readVerdict({ hub }: StaffParts, request: FastifyRequest, id: string): Promise<ReadVerdict> {
  const item = await readReview(hub.db, id)
  const decision = (['opt_out', 'not_a_no', 'narrow'] as const).find((one) => one === postedField(request, 'decision'))
  if (item === undefined || decision === undefined) return { kind: 'failed' }
  const scope = readScope(hub.catalog, item.row, postedField(request, 'scope'))
  if (decision === 'narrow' && scope === undefined) return { kind: 'no_scope' }
  const note = (postedField(request, 'note') ?? '').trim().slice(0, reviewNoteCharactersMax)
  const typed = (postedField(request, 'contact') ?? '').trim()
  let contactPoint: KeyedContactPoint | undefined
  if (decision !== 'not_a_no' && item.subjects.length === 0 && typed !== '') {
    const found = await findCaller(hub, typed)
    if (found.kind !== 'found') return { kind: 'unreadable' }
    contactPoint = found.caller.keyed
  }
  const verdict = {
    decision,
    ...(decision === 'narrow' && scope !== undefined && { scope }),
    ...(note !== '' && { note }),
    ...(contactPoint !== undefined && { contactPoint }),
  }
  return { kind: 'verdict', verdict }
}

async function undo(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const item = postedField(request, 'item') ?? ''
  const staffId = request.staff?.session.staffId
  const isReadable = uuidPattern.test(item) && staffId !== undefined
  const outcome = isReadable ? await undoReview(parts.hub, item, staffActor(staffId)) : undefined
  if (outcome?.kind === 'undone') return sendBoard(parts, request, reply, { done: { item, decision: 'undone' } })
  const isLate = outcome?.kind === 'too_late' || outcome?.kind === 'forgotten'
  return sendBoard(parts, request, reply, { problem: { item, kind: isLate ? 'too_late' : 'failed' } })
}
