import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { loadTexts } from '../adapters/http/pages/text.ts'
import { brandPages } from '../adapters/http/public/brand-pages.ts'
import { describeError } from '../adapters/http/request-log.ts'
import {
  type PageAnswered,
  type PageAsked,
  pageAskedSchema,
  threadDataSchema,
} from '../adapters/http/staff/insight/insight-messages.ts'
import { insightPages } from '../adapters/http/staff/insight/insight-pages.ts'
import type { InsightParts } from '../adapters/http/staff/insight/insight-room.ts'
import { loadMailCatalogues } from '../adapters/mail/mail-catalogue.ts'
import { Catalog } from '../services/catalog.ts'
import { openDatabase } from '../storage/database.ts'
import { packageDirectory } from './package-directory.ts'

/**
 * The thread of `start-insight-pages.ts`: takes requests for pages of insight and answers them from connections and a
 * catalogue of its own. It looks at the data and changes nothing.
 */
const port = parentPort
if (port === null) throw new Error('insight-thread is no program: start-insight-pages.ts starts it')
letOthersGoFirst()
const { connectionString, yields } = threadDataSchema.parse(workerData)
const db = await openDatabase({ connectionString, yields, applicationName: `verzet-${process.pid}`, poolSize: 3 })
const catalog = await Catalog.open(db)
const locales = join(packageDirectory(), 'locales')
const texts = loadTexts(locales)
const pages = brandPages(texts, loadMailCatalogues(locales))
const parts: InsightParts = { hub: { db, insightDb: db, catalog, pages, clock: Date.now }, texts }

/**
 * A look of nobody's, so that the first of somebody's need not load and compile what all of them are made with. Whatever is
 * wrong with it is wrong with the next one too, and is answered there.
 */
const nobodys = { method: 'GET', url: '/insight', query: {}, headers: {}, staff: undefined }

port.on('message', (message: unknown) => {
  const asked = pageAskedSchema.parse(message)
  if (asked === 'stop') void stop()
  else if (asked === 'prepare') void answer({ id: 0, path: '/insight', request: nobodys })
  else void answer(asked).then((answered) => port.postMessage(answered))
})

async function answer({ id, path, request }: PageAsked): Promise<PageAnswered> {
  try {
    const page = insightPages.get(path)
    if (page === undefined) throw new Error('no page of insight has this address')
    return { id, answer: await page.read(parts, request) }
  } catch (error) {
    return { id, failed: describeError(error) }
  }
}

async function stop(): Promise<void> {
  port?.close()
  await catalog[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
}

/** On Linux a thread has a number of its own: it gets a tenth of the processor where others want it. */
function letOthersGoFirst(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Elsewhere it takes turns with the others.
  }
}
