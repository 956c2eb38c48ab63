import { z } from 'zod'
import { type HoldOutcome, holdCampaign, releaseCampaign } from '../../../services/campaigns/hold-campaign.ts'
import { type Campaign, campaignsShownMax, listCampaigns } from '../../../services/campaigns/read-campaigns.ts'
import { reportSends } from '../../../services/campaigns/report-sends.ts'
import { actorOf } from '../authenticate.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, noContent, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import * as schemas from './schemas.ts'

const params = z.strictObject({ brand: schemas.brandId, campaign: schemas.campaignId })

const people = (what: string) => z.int().meta({ description: `People who ${what}, each counted once.` })

const campaign = z
  .strictObject({
    brand: schemas.brandId,
    campaign: z.string(),
    heldSince: schemas.moment.nullable().meta({ description: 'Null: it is not held.' }),
    heldBy: z.string().nullable(),
    sends: z
      .strictObject({ relayed: z.int(), claimed: z.int(), reported: z.int(), total: z.int() })
      .meta({ description: 'Messages known to have left: by the relay, by a claim, and by report.' }),
    left: people('said no'),
    paused: people('asked for a pause or for less'),
    complained: people('complained to their mailbox provider'),
    bounced: z.int().meta({ description: 'Addresses and numbers that nobody is at.' }),
    complaints: z.enum(['too_few_sends', 'good', 'too_many', 'refused']).meta({
      description:
        'Complaints against the limits of mailbox providers: below 1 in 1,000 mails is good, from 3 in 1,000 on mail is refused.',
    }),
  })
  .meta({ id: 'Campaign' })

const hold = z
  .strictObject({
    held: z.boolean(),
    changed: z.boolean().meta({ description: 'False: it was so already.' }),
    known: z.boolean().meta({ description: 'False: no link, mail, claim or report has carried this name.' }),
  })
  .meta({ id: 'CampaignHold' })

export function getCampaigns(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/campaigns',
    {
      config: { scope: 'campaigns:read' },
      schema: {
        tags: ['campaigns'],
        summary: 'What came of each campaign',
        description: `Those that are held first, then the ${campaignsShownMax} that were seen last. Names nobody.`,
        querystring: z.strictObject({
          brand: schemas.brandId.optional(),
          name: z.string().min(1).max(100).optional().meta({ description: 'A part of the name, in any case.' }),
        }),
        response: {
          200: answer('The campaigns.', z.strictObject({ campaigns: z.array(campaign) })),
          ...problems({ body: false }),
        },
      },
    },
    async (request) => {
      const { brand, name } = request.query
      const filter = { ...(brand !== undefined && { brand }), ...(name !== undefined && { named: name }) }
      return { campaigns: (await listCampaigns(hub.db, filter)).map(show) }
    },
  )
}

export function putCampaignHold(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.put(
    '/v1/campaigns/:brand/:campaign/hold',
    {
      config: { scope: 'campaigns:write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Hold a campaign',
        description:
          'Every question, claim and mail that names the campaign is denied as `campaign_held` until it is released: here at once, in replicas of the gate within a second. A name that nothing has carried yet is held all the same; `known` says whether one has.',
        params,
        response: { 200: answer('It is held.', hold), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const outcome = await holdCampaign(hub, request.params, actorOf(request))
      tailer.wake()
      return showHold(outcome, true)
    },
  )
}

export function deleteCampaignHold(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.delete(
    '/v1/campaigns/:brand/:campaign/hold',
    {
      config: { scope: 'campaigns:write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Release a campaign',
        description: 'What was refused meanwhile does not leave by itself: ask again.',
        params,
        response: { 200: answer('It is not held.', hold), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const outcome = await releaseCampaign(hub, request.params, actorOf(request))
      tailer.wake()
      return showHold(outcome, false)
    },
  )
}

const reported = z
  .strictObject({
    channel: schemas.channel,
    sentOn: schemas.day,
    source: schemas.brandId.meta({ description: 'Which system says so: its name in small letters.' }),
    sends: z.int().min(0).max(2_000_000_000),
  })
  .meta({ id: 'ReportedSends' })

export function putCampaignSends(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/campaigns/:brand/:campaign/sends',
    {
      config: { scope: 'campaigns:write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Report how many messages left',
        description:
          'For a system that asks neither `/v1/gate/claim` nor the relay: rates per thousand need it. The same day, channel and system reported again replaces the number.',
        params,
        body: reported,
        response: { 204: noContent('Kept.'), ...problems({ body: true }, 404, 422) },
      },
    },
    async (request, reply) => {
      const { brand, campaign } = request.params
      const outcome = await reportSends(hub, { brand, campaign, ...request.body })
      if (outcome.kind === 'unknown_brand') throw unknownBrand()
      if (outcome.kind === 'in_the_future') {
        throw unprocessable('in_the_future', [bodyField(['sentOn'], 'This day has not begun anywhere.')])
      }
      return reply.code(204).send(null)
    },
  )
}

function showHold(outcome: HoldOutcome, held: boolean): z.infer<typeof hold> {
  if (outcome.kind === 'unknown_brand') throw unknownBrand()
  return { held, changed: outcome.changed, known: outcome.isKnown }
}

function show(one: Campaign): z.infer<typeof campaign> {
  const { brand, campaign: name, hold: inForce, relayed, claimed, reported: told, sends: total } = one
  const { left, paused, complained, bounced, complaints } = one
  return {
    brand,
    campaign: name,
    heldSince: inForce?.heldAt.toISOString() ?? null,
    heldBy: inForce?.heldBy ?? null,
    sends: { relayed, claimed, reported: told, total },
    left,
    paused,
    complained,
    bounced,
    complaints,
  }
}
