import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FormQuestion, type LeaveForm, questionsSchema } from '../../../../services/forms/leave-form.ts'
import { publishLeaveForm } from '../../../../services/forms/publish-leave-form.ts'
import { readPublishedForm } from '../../../../services/forms/read-leave-form.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { brandInPath, sendNotThere } from './content-parts.ts'
import { faultOfPart } from './form-fields.tsx'
import { changedQuestions } from './question-form.ts'
import { type QuestionsOutcome, questionsRoute, renderQuestions } from './questions-page.tsx'

/** What is asked after a no. */
export const questionRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: questionsRoute, access: 'content', handle: showQuestions },
  { method: 'POST', url: questionsRoute, access: 'content', handle: takeQuestions },
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
  // Places in the form are places in the version it was made from.
  if (postedField(request, 'version') !== String(current.version))
    return send(parts, request, reply, brand, current, { kind: 'overtaken' })
  const { language } = staffFrame(parts, request, '/content')
  const wanted = changedQuestions(current.questions, (name) => postedField(request, name), language)
  const read = questionsSchema.safeParse(wanted)
  const shown = { version: current.version, questions: wanted }
  if (!read.success) {
    const fault = faultOfPart(read.error.issues[0]?.path ?? [])
    return send(parts, request, reply, brand, current, { kind: 'unusable', fault })
  }
  const questions: readonly FormQuestion[] = read.data
  const actor = staffActor(request.staff?.session.staffId ?? '')
  const outcome = await publishLeaveForm(hub, brand, questions, actor)
  if (outcome.kind === 'refused') return send(parts, request, reply, brand, shown, outcome)
  return send(parts, request, reply, brand, outcome.form, { kind: outcome.kind, version: outcome.form.version })
}

function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  brand: BrandRow,
  form: LeaveForm,
  outcome?: QuestionsOutcome,
): FastifyReply {
  const isDone = outcome === undefined || outcome.kind === 'published' || outcome.kind === 'unchanged'
  const frame = staffFrame(parts, request, `/content/${brand.id}/questions`)
  return sendStaffPage(reply, isDone ? 200 : 422, renderQuestions({ frame, brand, form, ...(outcome && { outcome }) }))
}
