import { channelsServedBy } from '@verzet/core'
import { z } from 'zod'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import { type LinkToMint, mintLinks } from '../../../services/mint-links.ts'
import { bodyField, unavailable, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const linkBody = z
  .strictObject({
    contactPoint: schemas.contactPoint,
    brand: schemas.brandId,
    channel: schemas.channel,
    topic: schemas.topicId,
    campaign: schemas.campaignId
      .optional()
      .meta({ description: 'Any name of yours; one nobody used before is added.' }),
    offered: z.array(schemas.offer).max(3).optional().meta({
      description:
        'What the message itself offers its reader, besides this link. Absent: nothing, and silence means everything.',
    }),
  })
  .meta({ id: 'NewLinks' })

const links = z
  .strictObject({
    page: z.url(),
    stopAll: z.url(),
    preferences: z.url(),
    mailto: z.string(),
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'Header fields to put into the message as they are (RFC 2369, RFC 8058, RFC 2919).' }),
    shortUrl: z.url(),
    code: z.string().meta({ description: 'To print, for people to type.' }),
  })
  .meta({ id: 'Links' })

/** Personal ways out, for one message to one contact point. */
export function postLinks(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/links',
    {
      config: { scope: 'links:write' },
      schema: {
        tags: ['links'],
        summary: 'Make the personal opt-out links of a message',
        description: 'They work from the moment they are returned, and never expire for leaving.',
        body: linkBody,
        response: { 200: answer('The links.', links), ...problems({ body: true }, 422) },
      },
    },
    async (request) => {
      const link = await readLink(hub, request.body)
      const [minted] = await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, [link], hub.clock())
      if (minted === undefined) throw unavailable()
      return minted
    },
  )
}

async function readLink(
  { catalog, secrets, clock }: ApiParts['hub'],
  body: z.infer<typeof linkBody>,
): Promise<LinkToMint> {
  const brand = catalog.brand(body.brand)
  if (brand === undefined)
    throw unprocessable('unknown_brand', [bodyField(['brand'], 'There is no such brand; GET /v1/brands lists them.')])
  const topic = catalog.topic(brand.id, body.topic)
  if (topic === undefined) {
    throw unprocessable('unknown_topic', [
      bodyField(['topic'], 'The brand has no such topic; GET /v1/brands/{brand}/topics lists them.'),
    ])
  }
  if (!channelsServedBy(body.contactPoint.type).includes(body.channel)) {
    throw unprocessable('channel_mismatch', [
      bodyField(['channel'], `A contact point of type ${body.contactPoint.type} is not reached on this channel.`),
    ])
  }
  const named = keyContactPoint(secrets, body.contactPoint, brand.country)
  if (named.kind !== 'ok')
    throw unprocessable('invalid_contact_point', [bodyField(['contactPoint', 'value'], named.hint)])
  const campaign = body.campaign === undefined ? undefined : await catalog.campaign(brand.id, body.campaign, clock())
  return {
    keyed: named.keyed,
    brand,
    topic,
    campaignNumber: campaign?.number ?? 0,
    channel: body.channel,
    offered: [...new Set(body.offered)],
  }
}
