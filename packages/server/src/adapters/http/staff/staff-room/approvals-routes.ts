import type { FastifyReply, FastifyRequest } from 'fastify'
import { noteLooks } from '../../../../services/people/note-look.ts'
import { countProposals, decideProposal, readProposals } from '../../../../services/staff/four-eyes.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { type ApprovalsModel, approvalsPath, hasValue, renderApprovals } from './approvals-page.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where a second member of staff agrees, or not, to what would lift a no. */
export const approvalsRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: approvalsPath, access: 'people_change', handle: (...call) => sendApprovals(...call, 200, {}) },
  { method: 'POST', url: `${approvalsPath}/show`, access: 'people_change', handle: showAddresses },
  {
    method: 'POST',
    url: `${approvalsPath}/agree`,
    access: 'people_change',
    fresh: true,
    handle: (...call) => decide(...call, 'approved'),
  },
  {
    method: 'POST',
    url: `${approvalsPath}/refuse`,
    access: 'people_change',
    handle: (...call) => decide(...call, 'refused'),
  },
]

async function sendApprovals(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { isShown = false, ...model }: Pick<ApprovalsModel, 'said' | 'problem'> & { isShown?: boolean },
): Promise<FastifyReply> {
  const proposals = await readProposals(parts.hub)
  const staffId = request.staff?.session.staffId
  if (isShown && staffId !== undefined) {
    const seen = proposals.filter(({ contact }) => hasValue(contact)).map(({ contactKey }) => contactKey)
    await noteLooks(parts.hub, seen, { staffId, act: 'person_viewed' })
  }
  // What was decided a moment ago waits no more.
  if (request.staff?.waiting !== undefined)
    request.staff = { ...request.staff, waiting: await countProposals(parts.hub) }
  const frame = staffFrame(parts, request, approvalsPath)
  return sendStaffPage(
    reply,
    status,
    renderApprovals({ ...model, frame, catalog: parts.hub.catalog, proposals, isShown }),
  )
}

/** As on the page of a person: an address is masked until it is kept who sees it, and no GET writes (rule 5). */
function showAddresses(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendApprovals(parts, request, reply, 200, { isShown: true })
}

async function decide(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  verdict: 'approved' | 'refused',
): Promise<FastifyReply> {
  const id = postedField(request, 'proposal') ?? ''
  const staffId = request.staff?.session.staffId
  const isReadable = uuidPattern.test(id) && staffId !== undefined
  const outcome = isReadable ? await decideProposal(parts.hub, { id, staffId, verdict }) : { kind: 'gone' as const }
  switch (outcome.kind) {
    case 'approved':
      return sendApprovals(parts, request, reply, 200, { said: 'staff.approvals.agreed' })
    case 'overtaken':
      return sendApprovals(parts, request, reply, 200, { said: 'staff.approvals.overtaken' })
    case 'refused':
      return sendApprovals(parts, request, reply, 200, { said: 'staff.approvals.refused' })
    case 'own':
      return sendApprovals(parts, request, reply, 422, { problem: 'staff.approvals.own' })
    case 'gone':
      return sendApprovals(parts, request, reply, 422, { problem: 'staff.approvals.gone' })
  }
}
