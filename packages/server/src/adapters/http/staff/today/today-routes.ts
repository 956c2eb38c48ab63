import type { FastifyReply, FastifyRequest } from 'fastify'
import { readAlerts, seeAlert } from '../../../../services/alerts/read-alerts.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { readToday } from '../../../../services/today/read-today.ts'
import { dayForInput } from '../../pages/wording.ts'
import { readDay } from '../../public/read-day.ts'
import { postedField } from '../access.ts'
import type { StaffFrame } from '../layout.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { renderLive } from './live-sections.tsx'
import { streamToday } from './live-stream.ts'
import { maySeePeople, renderToday } from './today-page.tsx'
import { todayScript } from './today-script.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The day as it is: what comes in, what waits, what is wrong. */
export const todayRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/today', access: 'today', handle: showToday },
  { method: 'GET', url: '/today/live', access: 'today', handle: live },
  { method: 'GET', url: '/today/live.js', access: 'anyone', handle: sendScript },
  { method: 'POST', url: '/today/seen', access: 'people', handle: markSeen },
]

function sendScript(_parts: StaffParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/javascript; charset=utf-8').send(todayScript)
}

async function showToday(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const frame = staffFrame(parts, request, '/today')
  const today = await readNow(parts, frame)
  const alerts = maySeePeople(frame) ? await readAlerts(parts.hub.db, { isOpen: true }) : []
  const html = renderToday({ frame, today, catalog: parts.hub.catalog, alerts: alerts.slice(0, alertsShownMax) })
  return sendStaffPage(reply, 200, html)
}

/** The next come up as these are seen. */
const alertsShownMax = 20

function readNow({ hub, outside }: StaffParts, { timeZone }: StaffFrame) {
  const now = hub.clock()
  const midnight = readDay(dayForInput(new Date(now), timeZone), timeZone)
  return readToday(hub, midnight ?? now - 86_400_000, outside)
}

function live(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
  const frame = staffFrame(parts, request, '/today')
  const read = async () => {
    const today = await readNow(parts, frame)
    const { noes, latest, waiting, warnings } = today
    // How fast the database was this time is no news by itself.
    const news = JSON.stringify({ noes, latest, waiting, warnings }, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    return { news, html: renderLive({ frame, today, catalog: parts.hub.catalog }) }
  }
  return streamToday(parts, request, reply, read)
}

async function markSeen(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = postedField(request, 'alert') ?? ''
  const staffId = request.staff?.session.staffId
  const { db, clock } = parts.hub
  if (uuidPattern.test(id) && staffId !== undefined) await seeAlert(db, id, staffActor(staffId), clock())
  return reply.redirect(`/today${staffFrame(parts, request, '/today').search}`, 303)
}
