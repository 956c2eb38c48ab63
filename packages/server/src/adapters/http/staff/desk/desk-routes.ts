import { channelsServedBy, contactPointTypes } from '@verzet/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, describeCaller, findCaller } from '../../../../services/desk/find-caller.ts'
import {
  answerRightOffered,
  type DeskAct,
  type DeskOutcome,
  fitsContact,
  recordConsentOnDesk,
  recordOnDesk,
  undoOnDesk,
  wordsCharactersMax,
} from '../../../../services/desk/record-on-desk.ts'
import { keyContactPoint } from '../../../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../../../services/ports.ts'
import { nameOfTopic } from '../../../../services/scope-in-words.ts'
import type { Texts } from '../../pages/text.ts'
import { postedField } from '../access.ts'
import type { StaffFrame } from '../layout.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import type { ConsentFault } from './consent-form.tsx'
import { readAct, readOffered } from './desk-keys.ts'
import { type CallerModel, renderCaller, renderSearch, type SearchModel } from './desk-page.tsx'
import { deskScript } from './desk-script.ts'
import { renderOfferedAgain, renderRecorded } from './recorded-page.tsx'
import { standsForCaller } from './stands-in-words.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A note that says less than this says nothing: "yes", "ok". */
const noteCharactersMin = 10

/** The agent's desk: find who is on the line, say what stands, record what they say. */
export const deskRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/desk', access: 'desk', handle: showDesk },
  { method: 'GET', url: '/desk/keys.js', access: 'anyone', handle: sendScript },
  { method: 'POST', url: '/desk/search', access: 'desk', handle: search },
  { method: 'POST', url: '/desk/record', access: 'desk', handle: record },
  { method: 'POST', url: '/desk/consent', access: 'desk', handle: recordConsent },
  { method: 'POST', url: '/desk/undo', access: 'desk', handle: undo },
  { method: 'POST', url: '/desk/call', access: 'desk', handle: saveOffered },
]

function deskFrame(parts: StaffParts, request: FastifyRequest): StaffFrame {
  return staffFrame(parts, request, '/desk')
}

function sendSearch(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Omit<SearchModel, 'frame'> = {},
): FastifyReply {
  const html = renderSearch({ ...model, frame: deskFrame(parts, request) })
  return sendStaffPage(reply, model.problem === undefined ? 200 : 422, html)
}

function showDesk(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendSearch(parts, request, reply)
}

function sendScript(_parts: StaffParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/javascript; charset=utf-8').send(deskScript)
}

/** A search is posted: the number of whoever calls stays out of addresses, histories and the log of a proxy. */
async function search(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const typed = postedField(request, 'contact') ?? ''
  if (typed.trim() === '') return sendSearch(parts, request, reply)
  const found = await findCaller(parts.hub, typed)
  if (found.kind !== 'found') return sendSearch(parts, request, reply, { typed, problem: found.kind })
  return sendCaller(parts, request, reply, found.caller)
}

function sendCaller(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  refused?: CallerModel['refused'],
): FastifyReply {
  const { hub, texts } = parts
  const frame = deskFrame(parts, request)
  const topics = hub.catalog.brands().flatMap((brand) =>
    hub.catalog
      .topics(brand.id)
      .filter(({ purpose }) => purpose === 'marketing')
      .map((topic) => ({
        value: `${brand.id} ${topic.id}`,
        name: `${brand.name}: ${nameOfTopic(topic, frame.language)}`,
      })),
  )
  const stands = standsForCaller(caller, hub.catalog, frame, hub.clock())
  const model = { frame, caller, stands, topics, scripts: scriptsOf(texts), ...(refused && { refused }) }
  return sendStaffPage(reply, refused === undefined ? 200 : 422, renderCaller(model))
}

function scriptsOf(texts: Texts): CallerModel['scripts'] {
  const script = (language: 'nl' | 'fr' | 'de' | 'en') => texts.for(language)('desk.script')
  return { nl: script('nl'), fr: script('fr'), de: script('de'), en: script('en') }
}

/** The form carries the contact point as the hub wrote it; anything else was not written by the hub. */
function subjectOf({ hub }: StaffParts, request: FastifyRequest): KeyedContactPoint | undefined {
  const type = contactPointTypes.find((one) => one === postedField(request, 'type'))
  const value = postedField(request, 'value')
  if (type === undefined || value === undefined) return undefined
  const named = keyContactPoint(hub.secrets, { type, value })
  return named.kind === 'ok' ? named.keyed : undefined
}

async function record(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const keyed = subjectOf(parts, request)
  const staffId = request.staff?.session.staffId
  if (keyed === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'unreadable' })
  const act = readAct(postedField(request, 'act'), postedField(request, 'digit'))
  if (act === undefined || !fitsContact(act, keyed)) {
    const typed = { digit: postedField(request, 'digit') ?? '', words: postedField(request, 'words') ?? '' }
    const caller = await describeCaller(parts.hub, keyed)
    return sendCaller(parts, request, reply, caller, { kind: 'act', ...typed })
  }
  const words = (postedField(request, 'words') ?? '').trim().slice(0, wordsCharactersMax)
  const outcome = await recordOnDesk(parts.hub, { act, keyed, staffId, ...(words !== '' && { words }) })
  return sendRecorded(parts, request, reply, keyed, { act, outcome })
}

async function recordConsent(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hub } = parts
  const keyed = subjectOf(parts, request)
  const staffId = request.staff?.session.staffId
  if (keyed === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'unreadable' })
  const posted = (name: string) => postedField(request, name) ?? ''
  const asked = { topic: posted('topic'), channel: posted('channel'), note: posted('note') }
  const [brand = '', topic = ''] = asked.topic.split(' ')
  const channel = channelsServedBy(keyed.contactPoint.type).find((one) => one === asked.channel)
  const note = asked.note.trim().slice(0, wordsCharactersMax)
  const isKnown = hub.catalog.topic(brand, topic)?.purpose === 'marketing'
  const faults: ConsentFault[] = [
    ...(isKnown ? [] : (['topic'] as const)),
    ...(channel === undefined ? (['channel'] as const) : []),
    ...(note.length < noteCharactersMin ? (['note'] as const) : []),
  ]
  if (faults.length > 0 || channel === undefined) {
    return sendCaller(parts, request, reply, await describeCaller(hub, keyed), { kind: 'consent', faults, ...asked })
  }
  const outcome = await recordConsentOnDesk(hub, { keyed, staffId, scope: { brand, channel, topic }, note })
  return sendRecorded(parts, request, reply, keyed, { act: 'consent', outcome })
}

async function sendRecorded(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  keyed: KeyedContactPoint,
  done: { readonly act: DeskAct | 'consent'; readonly outcome: DeskOutcome },
): Promise<FastifyReply> {
  const { hub } = parts
  const caller = await describeCaller(hub, keyed)
  const frame = deskFrame(parts, request)
  const stands = standsForCaller(caller, hub.catalog, frame, hub.clock())
  return sendStaffPage(reply, 200, renderRecorded({ frame, caller, stands, ...done }))
}

async function undo(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const subjectKey = postedField(request, 'subject') ?? ''
  const choiceId = postedField(request, 'choice') ?? ''
  const staffId = request.staff?.session.staffId
  const isReadable = uuidPattern.test(subjectKey) && uuidPattern.test(choiceId) && staffId !== undefined
  const isUndone = isReadable && (await undoOnDesk(parts.hub, { subjectKey, choiceId, staffId }))
  return sendSearch(parts, request, reply, { said: isUndone ? 'desk.undone' : 'desk.undo.late' })
}

async function saveOffered(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const contactKey = postedField(request, 'contact') ?? ''
  const id = postedField(request, 'call') ?? ''
  const offered = readOffered(postedField(request, 'offered'), postedField(request, 'digit'))
  const staffId = request.staff?.session.staffId
  const isReadable = uuidPattern.test(contactKey) && uuidPattern.test(id) && staffId !== undefined
  // What is kept as proof of a sales call is asked again, not lost over a slip of the hand.
  if (isReadable && offered === undefined) {
    const digit = postedField(request, 'digit') ?? ''
    const html = renderOfferedAgain(deskFrame(parts, request), { contactKey, callId: id, digit })
    return sendStaffPage(reply, 422, html)
  }
  if (isReadable && (offered === 'yes' || offered === 'no')) {
    await answerRightOffered(parts.hub, { contactKey, id, staffId }, offered === 'yes')
  }
  return sendSearch(parts, request, reply, offered === undefined ? {} : { said: 'desk.saved' })
}
