import type { FastifyReply, FastifyRequest } from 'fastify'
import { readConnections } from '../../../../services/channels/read-connections.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { renderChannels } from './channels-page.tsx'

/** What is connected and how it does, without anything secret. Changes nothing. */
export const channelsRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/channels', access: 'channels', handle: showChannels },
]

async function showChannels(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hub, outside } = parts
  const connections = await readConnections(hub, outside)
  const names = new Map(hub.catalog.brands().map(({ id, name }) => [id, name]))
  return sendStaffPage(
    reply,
    200,
    renderChannels({ frame: staffFrame(parts, request, '/channels'), connections, names }),
  )
}
