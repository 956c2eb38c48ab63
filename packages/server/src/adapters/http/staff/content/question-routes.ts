import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FormQuestion, type LeaveForm, questionsSchema } from '../../../../services/forms/leave-form.ts'
import { publishLeaveForm } from '../../../../services/forms/publish-leave-form.ts'
import { readPublishedForm } from '../../../../services/forms/read-leave-form.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { brandInPath, contentFormBytesMax, sendNotThere } from './content-parts.ts'
import { faultOfPart } from './form-fields.tsx'
import { inTurn } from './in-turn.ts'
import { questionDifferences } from './question-differences.ts'
import { changedQuestions, type Posted } from './question-form.ts'
import { type QuestionsOutcome, questionsRoute, renderQuestions } from './questions-page.tsx'

/** What is asked after a no. */
export const questionRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: questionsRoute, access: 'content', handle: showQuestions },
  {
    method: 'POST',
    url: questionsRoute,
    access: 'content',
    bodyBytesMax: contentFormBytesMax,
    handle: (parts, ...call) => inTurn(parts.hub, () => takeQuestions(parts, ...call)),
  },
]

async function showQuestions(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  return send(parts, request, reply, brand, await readPublishedForm(parts.hub, brand))
}

async function takeQuestions(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hub } = parts
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  const current = await readPublishedForm(hub, brand)
  const posted = (name: string) => postedField(request, name)
  const frame = staffFrame(parts, request, '/content')
  // Places in the form are places in the version it was made from.
  if (posted('version') !== String(current.version)) {
    const differing = questionDifferences(frame, current.questions, posted)
    return send(parts, request, reply, brand, current, { kind: 'overtaken', differing }, posted)
  }
  const wanted = changedQuestions(current.questions, posted, frame.language)
  const read = questionsSchema.safeParse(wanted)
  if (!read.success) {
    const fault = placedFault(wanted, read.error.issues[0]?.path ?? [])
    return send(parts, request, reply, brand, current, { kind: 'unusable', ...fault }, posted)
  }
  const questions: readonly FormQuestion[] = read.data
  const actor = staffActor(request.staff?.session.staffId ?? '')
  const outcome = await publishLeaveForm(hub, brand, questions, actor)
  if (outcome.kind === 'refused') return send(parts, request, reply, brand, current, outcome, posted)
  return send(parts, request, reply, brand, outcome.form, { kind: outcome.kind, version: outcome.form.version })
}

/** What is wrong, and with which question and answer: in the form they stand where they stood. */
function placedFault(wanted: readonly FormQuestion[], path: readonly PropertyKey[]) {
  const [at, list, place] = path
  const question = typeof at === 'number' ? wanted[at] : undefined
  const choices = question !== undefined && 'choices' in question && list === 'choices' ? question.choices : []
  const choice = typeof place === 'number' ? choices[place]?.id : undefined
  return {
    fault: faultOfPart(path),
    ...(question !== undefined && { part: question.id }),
    ...(choice !== undefined && { choice }),
  }
}

/** `typed` is what was sent and could not be kept. */
function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  brand: BrandRow,
  form: LeaveForm,
  outcome?: QuestionsOutcome,
  typed?: Posted,
): FastifyReply {
  const isDone = outcome === undefined || outcome.kind === 'published' || outcome.kind === 'unchanged'
  const frame = staffFrame(parts, request, `/content/${brand.id}/questions`)
  const model = { frame, brand, form, ...(outcome && { outcome }), ...(typed && { typed }) }
  return sendStaffPage(reply, isDone ? 200 : 422, renderQuestions(model))
}
