import { createHmac } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import {
  deleteTextParts,
  insertTextPart,
  listTextParts,
  listWaitingTexts,
  type TextPartRow,
} from '../../storage/text-parts.ts'
import type { Hub } from '../hub.ts'

/** Parts travel apart and come within seconds; after this what is there is read as it stands (rule 7). */
export const partsWaitMs = 10 * 60_000
const overdueAtOnceMax = 50

export type TextPart = {
  readonly account: string
  readonly sender: string
  readonly recipient: string
  readonly body: string
  readonly reference: number
  readonly part: number
  readonly parts: number
}

export type WholeText = {
  readonly id: string
  readonly sender: string
  readonly recipient: string
  readonly text: string
  readonly account: string
  /** When its first part came, ms since 1970. */
  readonly arrivedAt: number
}

type Parts = Pick<Hub, 'db' | 'secrets' | 'clock'>

/**
 * Keeps a part until all are there, in any order, and then has the whole heard. A part may be acknowledged once this
 * resolves: it is durable, and the others find it after a crash.
 */
export async function takePart(
  hub: Parts,
  part: TextPart,
  hear: (whole: WholeText) => Promise<unknown>,
): Promise<void> {
  const messageKey = keyOf(hub, part)
  const { reference: _, ...row } = part
  // No database keeps U+0000, and a part that cannot be kept would come again for ever.
  const body = part.body.replaceAll('\u0000', '')
  await transact(hub.db, (tx) => insertTextPart(tx, { ...row, body, messageKey, arrivedAt: new Date(hub.clock()) }))
  const rows = await listTextParts(hub.db, messageKey)
  if (rows.length >= part.parts) await hearWhole(hub, messageKey, rows, hear)
}

/** Texts whose last parts never came, and those a crash left whole and unheard. */
export async function hearOverdueParts(hub: Parts, hear: (whole: WholeText) => Promise<unknown>): Promise<number> {
  const waiting = await listWaitingTexts(hub.db, hub.clock() - partsWaitMs, overdueAtOnceMax)
  for (const { messageKey } of waiting) {
    await hearWhole(hub, messageKey, await listTextParts(hub.db, messageKey), hear)
  }
  return waiting.length
}

async function hearWhole(
  hub: Parts,
  messageKey: string,
  rows: readonly TextPartRow[],
  hear: (whole: WholeText) => Promise<unknown>,
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const arrivedAt = Math.min(...rows.map((row) => row.arrivedAt.getTime()))
  const { sender, recipient, account } = first
  const text = rows.map((row) => row.body).join('')
  // Reference numbers come again after 256 texts: the moment tells the later one apart.
  await hear({ id: `${messageKey} ${arrivedAt}`, sender, recipient, text, account, arrivedAt })
  await transact(hub.db, (tx) => deleteTextParts(tx, messageKey))
}

function keyOf({ secrets }: Parts, { account, sender, recipient, reference, parts }: TextPart): string {
  const name = ['text parts', account, sender, recipient, String(reference), String(parts)].join('\n')
  return uuidFromHex(createHmac('sha256', secrets.pepper).update(name).digest('hex').slice(0, 32))
}
