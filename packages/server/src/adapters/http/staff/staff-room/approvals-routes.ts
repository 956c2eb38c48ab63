import type { FastifyReply, FastifyRequest } from 'fastify'
import { countProposals, decideProposal, readProposals } from '../../../../services/staff/four-eyes.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { type ApprovalsModel, approvalsPath, renderApprovals } from './approvals-page.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where a second member of staff agrees, or not, to what would lift a no. */
export const approvalsRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: approvalsPath, access: 'people_change', handle: (...call) => sendApprovals(...call, 200, {}) },
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
  model: Pick<ApprovalsModel, 'said' | 'problem'>,
): Promise<FastifyReply> {
  const proposals = await readProposals(parts.hub)
  // What was decided a moment ago waits no more.
  if (request.staff?.waiting !== undefined)
    request.staff = { ...request.staff, waiting: await countProposals(parts.hub) }
  const frame = staffFrame(parts, request, approvalsPath)
  return sendStaffPage(reply, status, renderApprovals({ ...model, frame, catalog: parts.hub.catalog, proposals }))
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
    case 'refused':
      return sendApprovals(parts, request, reply, 200, { said: 'staff.approvals.refused' })
    case 'own':
      return sendApprovals(parts, request, reply, 422, { problem: 'staff.approvals.own' })
    case 'gone':
      return sendApprovals(parts, request, reply, 422, { problem: 'staff.approvals.gone' })
  }
}
