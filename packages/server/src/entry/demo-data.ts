import type { ContactPointType } from '@verzet/core'
import { demoPortalName } from '../adapters/http/portal/demo-portal.ts'
import type { Hub } from '../services/hub.ts'
import { keyContactPoint } from '../services/key-contact-point.ts'
import { mintLinks } from '../services/mint-links.ts'
import { addPortal } from '../services/portal/portals.ts'
import { saveBrand } from '../services/save-brand.ts'
import { saveRelation } from '../services/save-relation.ts'
import { saveTopic } from '../services/save-topic.ts'
import { transact } from '../storage/database.ts'
import { findRelations } from '../storage/relations.ts'

/** A shop in Ghent that does not exist. */
export const demoBrand = {
  id: 'duinroos',
  name: 'Duinroos',
  controller: 'Duinroos Wonen & Tuin',
  country: 'BE',
  settings: {
    accent: '#0f5c4d',
    contactEmail: 'privacy@duinroos.example',
    postalAddress: 'Duinroos, Voorbeeldstraat 1, 9000 Gent',
  },
}

export const demoTopics = [
  topic('nieuws', 'marketing', 'nieuwsbrief', 'infolettre', 'Newsletter', 'newsletter'),
  topic('aanbiedingen', 'marketing', 'aanbiedingen', 'offres', 'Angebote', 'offers'),
  topic('evenementen', 'marketing', 'evenementen', 'événements', 'Veranstaltungen', 'events'),
  topic('bestellingen', 'service', 'bestellingen', 'commandes', 'Bestellungen', 'orders'),
] as const

export const demoCampaign = 'lente-2026'

export const demoRelations = [
  person('K-1001', 'Jan Peeters', 'nl', 'BE', {
    email: 'jan@voorbeeld.be',
    phone: '+32470123456',
    post: 'Kerkstraat 12, 9000 Gent, België',
  }),
  person('K-1002', 'Claire Dubois', 'fr', 'BE', { email: 'claire@exemple.be', phone: '+32471234567' }),
  person('K-1003', 'Anna Schneider', 'de', 'DE', { email: 'anna@beispiel.de', phone: '+4915112345678' }),
] as const

export type DemoSummary = {
  readonly brand: string
  readonly topics: readonly { readonly id: string; readonly purpose: string }[]
  readonly relations: readonly {
    readonly externalId: string
    readonly language: string
    readonly contactPoints: readonly { readonly type: ContactPointType; readonly value: string }[]
    readonly page: string
  }[]
}

/**
 * Adds what is missing of the demo, and leaves alone what is there: what people said, corrected, removed or had erased in
 * an earlier run stays so.
 */
export async function fillDemo(hub: Hub): Promise<DemoSummary> {
  const now = hub.clock()
  if (hub.catalog.brand(demoBrand.id) === undefined) await saveBrand(hub.db, hub.catalog, demoBrand, now, 'demo')
  for (const wanted of demoTopics) {
    const isThere = hub.catalog.topic(demoBrand.id, wanted.id) !== undefined
    if (!isThere) await saveTopic(hub.db, hub.catalog, { brand: demoBrand.id, ...wanted }, now, 'demo')
  }
  for (const relation of demoRelations) await addRelation(hub, relation, now)
  // One that was removed in an earlier run comes back with another secret.
  await addPortal(hub, { name: demoPortalName, brand: demoBrand.id, origins: [], key: { kind: 'shared_secret' } })
  const pages = await demoPages(hub, now)
  return {
    brand: demoBrand.id,
    topics: demoTopics.map(({ id, purpose }) => ({ id, purpose })),
    relations: demoRelations.map(({ externalId, language, contactPoints }, index) => ({
      externalId,
      language,
      contactPoints,
      page: pages[index] ?? '',
    })),
  }
}

async function addRelation(hub: Hub, relation: (typeof demoRelations)[number], now: number): Promise<void> {
  const { externalId, name, language, country } = relation
  const { key, fingerprint } = nameOrThrow(hub, { type: 'customer', value: externalId })
  // An erased one is known too, and is not brought back.
  if ((await findRelations(hub.db, [key])).has(key)) return
  const contactPoints = relation.contactPoints.map((point) => nameOrThrow(hub, point))
  const details = { key, fingerprint, externalId, name, language, country, customerSince: '2024-03-01' }
  await transact(hub.db, (tx) =>
    saveRelation(tx, hub.random, { ...details, contactPoints, keepOthers: true }, now, 'demo'),
  )
}

/** One campaign's links, by e-mail, offering both the wide and the narrow no. */
async function demoPages(hub: Hub, now: number): Promise<string[]> {
  const brand = hub.catalog.brand(demoBrand.id)
  const about = hub.catalog.topic(demoBrand.id, 'nieuws')
  if (brand === undefined || about === undefined) throw new Error('the demo brand was not stored')
  const campaign = await hub.catalog.campaign(brand.id, demoCampaign, now)
  const links = demoRelations.map((relation) => ({
    keyed: nameOrThrow(hub, relation.contactPoints[0] ?? { type: 'customer', value: relation.externalId }),
    brand,
    topic: about,
    campaignNumber: campaign.number,
    channel: 'email' as const,
    offered: ['all', 'topic'] as const,
  }))
  return (await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, links, now)).map((minted) => minted.page)
}

function nameOrThrow(hub: Hub, point: { type: ContactPointType; value: string }) {
  const named = keyContactPoint(hub.secrets, point, demoBrand.country)
  if (named.kind !== 'ok') throw new Error(`demo data: ${named.hint}`)
  return named.keyed
}

function topic(id: string, purpose: 'marketing' | 'service', nl: string, fr: string, de: string, en: string) {
  return { id, purpose, names: { nl, fr, de, en } }
}

function person(
  externalId: string,
  name: string,
  language: string,
  country: string,
  points: { email: string; phone?: string; post?: string },
) {
  const contactPoints = (['email', 'phone', 'post'] as const).flatMap((type) => {
    const value = points[type]
    return value === undefined ? [] : [{ type, value }]
  })
  return { externalId, name, language, country, contactPoints }
}
