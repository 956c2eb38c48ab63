import { Gauge } from 'prom-client'
import { z } from 'zod'
import { type AlertView, alertsShownMax, readAlerts, seeAlert } from '../../../services/alerts/read-alerts.ts'
import { alertKinds, countAlerts } from '../../../storage/alerts.ts'
import { actorOf } from '../authenticate.ts'
import { notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const alert = z
  .strictObject({
    id: schemas.uuid.meta({ description: 'That of the choice it came with.' }),
    kinds: z.array(z.enum(alertKinds)),
    brand: schemas.brandId,
    topic: z.string().nullable(),
    channel: schemas.channel,
    campaign: z.string().nullable(),
    contactPoint: z.strictObject({ key: schemas.uuid, masked: z.string() }),
    externalIds: z.array(schemas.externalId).meta({ description: 'The relations the contact point belongs to now.' }),
    raisedAt: schemas.moment,
    seenAt: schemas.moment.nullable(),
    seenBy: z.string().nullable(),
  })
  .meta({ id: 'Alert', description: 'Somebody said that they never signed up, or that this is spam.' })

export function getAlerts(app: ApiServer, { hub, metrics }: ApiParts): void {
  measureAlerts(hub, metrics)
  app.get(
    '/v1/alerts',
    {
      config: { scope: 'alerts:read' },
      schema: {
        tags: ['alerts'],
        summary: 'What the privacy officer has to look into',
        querystring: z.strictObject({
          brand: schemas.brandId.optional(),
          state: z.enum(['open', 'all']).default('open').meta({ description: '`open`: nobody has seen them yet.' }),
        }),
        response: {
          200: answer(`The newest first, at most ${alertsShownMax}.`, z.strictObject({ alerts: z.array(alert) })),
          ...problems({ body: false }),
        },
      },
    },
    async (request) => {
      const { brand, state } = request.query
      const views = await readAlerts(hub.db, { isOpen: state === 'open', ...(brand !== undefined && { brand }) })
      return { alerts: views.map(show) }
    },
  )
}

export function postAlertSeen(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/alerts/:id/seen',
    {
      config: { scope: 'alerts:write' },
      schema: {
        tags: ['alerts'],
        summary: 'Say that an alert was seen',
        description: 'Who saw it first stays; saying so again changes nothing.',
        params: z.strictObject({ id: schemas.uuid }),
        response: { 200: answer('The alert.', alert), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const seen = await seeAlert(hub.db, request.params.id, actorOf(request), hub.clock())
      if (seen === undefined) throw notFound('unknown_alert', 'There is no such alert; GET /v1/alerts lists them.')
      return show(seen)
    },
  )
}

/** Counted where they are kept, so that every process says the same. */
function measureAlerts(hub: ApiParts['hub'], { registry }: ApiParts['metrics']): void {
  // Without a database the other measurements are wanted all the more.
  const counted = () => countAlerts(hub.db).catch(() => [])
  const labels = { labelNames: ['kind'], registers: [registry] }
  new Gauge({
    name: 'verzet_privacy_alerts',
    help: 'Alerts to the privacy officer, by kind.',
    ...labels,
    async collect() {
      for (const { kind, raised } of await counted()) this.set({ kind }, raised)
    },
  })
  new Gauge({
    name: 'verzet_privacy_alerts_open',
    help: 'Alerts to the privacy officer that nobody has seen, by kind.',
    ...labels,
    async collect() {
      for (const { kind, open } of await counted()) this.set({ kind }, open)
    },
  })
}

function show(view: AlertView): z.infer<typeof alert> {
  const { id, kinds, brand, topic, channel, campaign, contactKey, masked, externalIds, raisedAt, seenAt, seenBy } = view
  return {
    id,
    kinds: [...kinds],
    brand,
    topic,
    channel,
    campaign,
    contactPoint: { key: contactKey, masked },
    externalIds: [...externalIds],
    raisedAt: raisedAt.toISOString(),
    seenAt: seenAt?.toISOString() ?? null,
    seenBy,
  }
}
