import { uuidV7 } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import { deletePrintBatch, finishPrintBatch, insertPrintBatch, insertPrintCards } from '../../storage/print.ts'
import { brandSettings, printLeadDaysDefault } from '../brand-settings.ts'
import type { Hub } from '../hub.ts'
import { type LinkRow, type Mailing, mintLinkRows } from '../mint-link-rows.ts'
import type { KeyedContactPoint } from '../ports.ts'

const dayMs = 86_400_000

/** How long after its print day a brand's post may still land. */
export function printLeadMs(brand: Mailing['brand']): number {
  return (brandSettings(brand).printLeadDays ?? printLeadDaysDefault) * dayMs
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'linkRing' | 'random' | 'place' | 'clock'>

/** Begins a print run; it counts once it is finished. Returns its id. */
export async function openPrintBatch(
  hub: Parts,
  mailing: Mailing,
  run: { readonly printedAt: number; readonly campaign?: string },
): Promise<string> {
  const now = hub.clock()
  const id = uuidV7(now, hub.random(10))
  const batch = {
    id,
    brand: mailing.brand.id,
    topic: mailing.topic.id,
    campaign: run.campaign ?? null,
    printedAt: new Date(run.printedAt),
    arrivesUntil: new Date(run.printedAt + printLeadMs(mailing.brand)),
  }
  await transact(hub.db, (tx) => insertPrintBatch(tx, batch, now))
  return id
}

/** Codes for those the gate lets through, and their place in the run. The others get none. */
export async function mintCards(
  hub: Parts & Hub,
  mailing: Mailing,
  batchId: string,
  recipients: readonly KeyedContactPoint[],
): Promise<LinkRow[]> {
  const rows = await mintLinkRows(hub, mailing, recipients, { withRefused: false })
  const keys = recipients.filter((_, index) => rows[index]?.links !== undefined).map(({ key }) => key)
  await transact(hub.db, (tx) => insertPrintCards(tx, batchId, keys))
  return rows
}

/** With no cards, or broken off, the run never was. */
export async function closePrintBatch(hub: Parts, batchId: string, cards: number, isWhole: boolean): Promise<void> {
  await transact(hub.db, (tx) =>
    isWhole && cards > 0 ? finishPrintBatch(tx, batchId, cards, hub.clock()) : deletePrintBatch(tx, batchId),
  )
}
