import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { hashSecrets, sealRing } from '@verzet/core'
import { loadTexts } from '../src/adapters/http/pages/text.ts'
import { brandPages } from '../src/adapters/http/public/brand-pages.ts'
import { loadMailCatalogues } from '../src/adapters/mail/mail-catalogue.ts'
import { Catalog } from '../src/services/catalog.ts'
import { ChoiceCommitter } from '../src/services/choice-committer.ts'
import type { Hub } from '../src/services/hub.ts'
import { upsertBrand, upsertTopic } from '../src/storage/catalog.ts'
import { type Database, openDatabase, transact } from '../src/storage/database.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export type TestHub = Hub &
  AsyncDisposable & {
    readonly testDatabase: TestDatabase
    /** Closes every connection the hub has, for good. */
    loseDatabase(): Promise<void>
  }

/** Fixed, so that a key or a token in a test is the same in every run. */
const pepper = Buffer.alloc(32, 'pepper of the tests ')
const linkSecret = Buffer.alloc(32, 'link secret of the tests ')

/** Two brands: `acme` (BE) with news, offers (marketing) and orders (service); `globex` (NL) with magazine and invoices. */
const brands = [
  {
    id: 'acme',
    name: 'Acme',
    controller: 'Acme NV',
    country: 'BE',
    settings: { privacyUrl: 'https://acme.example/privacy' },
  },
  { id: 'globex', name: 'Globex', controller: 'Globex BV', country: 'NL', settings: {} },
] as const

const topics = [
  {
    brand: 'acme',
    id: 'news',
    purpose: 'marketing',
    names: { en: 'News', nl: 'Nieuws', fr: 'Actualités', de: 'Neuigkeiten' },
  },
  {
    brand: 'acme',
    id: 'offers',
    purpose: 'marketing',
    names: { en: 'Offers', nl: 'Aanbiedingen', fr: 'Offres', de: 'Angebote' },
  },
  {
    brand: 'acme',
    id: 'orders',
    purpose: 'service',
    names: { en: 'Orders', nl: 'Bestellingen', fr: 'Commandes', de: 'Bestellungen' },
  },
  { brand: 'globex', id: 'magazine', purpose: 'marketing', names: { en: 'Magazine', nl: 'Magazine' } },
  { brand: 'globex', id: 'invoices', purpose: 'service', names: { en: 'Invoices', nl: 'Facturen' } },
] as const

/** A hub on a database of its own, with fixed secrets and two brands. Disposing closes it and drops the database. */
const locales = fileURLToPath(new URL('../locales', import.meta.url))
const texts = loadTexts(locales)

export async function createTestHub(options: { now?: () => number } = {}): Promise<TestHub> {
  const clock = options.now ?? Date.now
  const testDatabase = await createTestDatabase()
  const { db } = testDatabase
  await fillCatalog(db, clock())
  const catalog = await Catalog.open(db)
  const secrets = hashSecrets(pepper)
  // As entry/compose.ts does it: what is recorded together travels together.
  const recording = await openDatabase({ connectionString: testDatabase.connectionString, poolSize: 2, pipeline: true })
  const committer = new ChoiceCommitter(recording, secrets.pepper)
  const keys = [{ id: 1, secret: linkSecret }]
  return {
    db,
    insightDb: db,
    catalog,
    committer,
    secrets,
    linkRing: sealRing(keys, 'link'),
    confirmationRing: sealRing(keys, 'confirmation'),
    place: { url: 'https://verzet.example', mailDomain: 'optout.verzet.example' },
    pages: brandPages(texts, loadMailCatalogues(locales)),
    sayInEnglish: texts.for('en'),
    clock,
    random: randomBytes,
    testDatabase,
    async loseDatabase() {
      await Promise.all([db.pool.end(), recording.pool.end()])
    },
    async [Symbol.asyncDispose]() {
      await committer[Symbol.asyncDispose]()
      await recording[Symbol.asyncDispose]()
      await catalog[Symbol.asyncDispose]()
      await testDatabase[Symbol.asyncDispose]()
    },
  }
}

async function fillCatalog(db: Database, now: number): Promise<void> {
  await transact(db, async (tx) => {
    for (const brand of brands) await upsertBrand(tx, brand, now)
    for (const topic of topics) await upsertTopic(tx, topic, now)
  })
}
