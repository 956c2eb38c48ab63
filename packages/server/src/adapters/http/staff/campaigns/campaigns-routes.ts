import { campaignCharactersMax } from '@verzet/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { holdCampaign, releaseCampaign } from '../../../../services/campaigns/hold-campaign.ts'
import { nameActors } from '../../../../services/campaigns/name-actors.ts'
import { listCampaigns, readCampaign } from '../../../../services/campaigns/read-campaigns.ts'
import { may } from '../../../../services/staff/permissions.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { renderCampaignList } from './campaign-list-page.tsx'
import { renderCampaign } from './campaign-page.tsx'
import { addressOf } from './campaign-parts.tsx'
import { showCampaignPeople } from './campaign-people.tsx'
import { member } from './read-member.ts'

/** What came of each campaign, and the button that holds one. */
export const campaignsRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/campaigns', access: 'campaigns', handle: showList },
  { method: 'GET', url: '/campaigns/:brand/:campaign', access: 'campaigns', handle: showOne },
  { method: 'GET', url: '/campaigns/:brand/:campaign/people', access: 'people', handle: showCampaignPeople },
  { method: 'POST', url: '/campaigns/hold', access: 'campaigns', handle: hold },
  { method: 'POST', url: '/campaigns/release', access: 'campaigns', handle: release },
]

async function showList(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendList(parts, request, reply)
}

async function sendList(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  problem?: { readonly brand: string; readonly campaign: string },
): Promise<FastifyReply> {
  const { db, catalog } = parts.hub
  const brands = catalog.brands().map(({ id, name }) => ({ id, name }))
  const brand = brands.find(({ id }) => id === member(request.query, 'brand'))?.id
  const named = member(request.query, 'name')?.trim().slice(0, campaignCharactersMax)
  const filter = { ...(brand !== undefined && { brand }), ...(named && { named }) }
  const campaigns = await listCampaigns(db, filter)
  const frame = staffFrame(parts, request, '/campaigns')
  const html = renderCampaignList({ frame, campaigns, brands, filter, ...(problem && { problem }) })
  return sendStaffPage(reply, problem === undefined ? 200 : 422, html)
}

async function showOne(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { db, catalog } = parts.hub
  const name = { brand: member(request.params, 'brand') ?? '', campaign: member(request.params, 'campaign') ?? '' }
  const frame = staffFrame(parts, request, addressOf(name))
  const page = await readCampaign(db, catalog, name, frame.timeZone)
  const brand = catalog.brand(name.brand)
  if (page === undefined || brand === undefined) {
    const to = { to: '/campaigns', text: 'campaigns.back' } as const
    return sendStaffPage(reply, 404, renderNotice(frame, 'campaigns.unknown', 'campaigns.unknown.explained', to))
  }
  const actors = page.holds.flatMap(({ heldBy, releasedBy }) => (releasedBy === null ? [heldBy] : [heldBy, releasedBy]))
  const seesPeople = may(request.staff?.session.roles ?? [], 'people')
  const html = renderCampaign({
    ...page,
    frame,
    brandName: brand.name,
    actors: await nameActors(db, actors),
    seesPeople,
  })
  return sendStaffPage(reply, 200, html)
}

function hold(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return change(parts, request, reply, holdCampaign)
}

function release(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return change(parts, request, reply, releaseCampaign)
}

/** The campaign's own page is the answer: asked for again, it does nothing. */
async function change(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  act: typeof holdCampaign,
): Promise<FastifyReply> {
  const brand = postedField(request, 'brand') ?? ''
  const campaign = (postedField(request, 'campaign') ?? '').trim()
  const staffId = request.staff?.session.staffId
  if (staffId === undefined || campaign === '' || campaign.length > campaignCharactersMax) {
    return sendList(parts, request, reply, { brand, campaign })
  }
  const outcome = await act(parts.hub, { brand, campaign }, staffActor(staffId))
  if (outcome.kind === 'unknown_brand') return sendList(parts, request, reply, { brand, campaign })
  return reply.redirect(`${addressOf({ brand, campaign })}${staffFrame(parts, request, '/campaigns').search}`, 303)
}
