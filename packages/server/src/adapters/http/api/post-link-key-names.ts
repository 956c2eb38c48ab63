import { z } from 'zod'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import { takeLinkContactPoints } from '../../../services/link-key-contact-points.ts'
import type { KeyedContactPoint } from '../../../services/ports.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

/** A call of one transaction of some tens of milliseconds. */
const contactPointsMax = 1_000

const campaignBody = z
  .strictObject({ brand: schemas.brandId, campaign: schemas.campaignId })
  .meta({ id: 'CampaignToName' })

const contactPointsBody = z
  .strictObject({ contactPoints: z.array(schemas.contactPoint).min(1).max(contactPointsMax) })
  .meta({ id: 'LinkContactPoints' })

/** The number a campaign has in links made elsewhere. */
export function postLinkCampaigns(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/links/campaigns',
    {
      config: { scope: 'links:mint' },
      schema: {
        tags: ['links'],
        summary: 'Name a campaign before links are made for it elsewhere',
        description: 'The same name has the same number for ever.',
        body: campaignBody,
        response: {
          200: answer('Its number.', z.strictObject({ number: z.int().min(1) })),
          ...problems({ body: true }, 422),
        },
      },
    },
    async ({ body }) => {
      if (hub.catalog.brand(body.brand) === undefined) {
        throw unprocessable('unknown_brand', [
          bodyField(['brand'], 'There is no such brand; GET /v1/brands lists them.'),
        ])
      }
      const { number } = await hub.catalog.campaign(body.brand, body.campaign, hub.clock())
      return { number }
    },
  )
}

/** For whom links were made elsewhere. */
export function postLinkContactPoints(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/links/contact-points',
    {
      config: { scope: 'links:mint' },
      schema: {
        tags: ['links'],
        summary: 'Tell of contact points links were made for elsewhere',
        description:
          'In their normal form. They are kept as POST /v1/links keeps them; a no that was said by such a link before is then known to every gate.',
        body: contactPointsBody,
        response: {
          200: answer('They are known.', z.strictObject({ contactPoints: z.int() })),
          ...problems({ body: true }, 422),
        },
      },
    },
    async ({ body }) => {
      const keyed = body.contactPoints.map((given, index): KeyedContactPoint => {
        const named = keyContactPoint(hub.secrets, given)
        if (named.kind === 'ok') return named.keyed
        throw unprocessable('invalid_contact_point', [bodyField(['contactPoints', index, 'value'], named.hint)])
      })
      return { contactPoints: await takeLinkContactPoints(hub, keyed, hub.clock()) }
    },
  )
}
