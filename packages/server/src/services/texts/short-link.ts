import { type Channel, makePrintedCode, printedCodeRandomBytes, sealLink } from '@verzet/core'
import type { BrandRow } from '../../storage/catalog.ts'
import { type Database, transact } from '../../storage/database.ts'
import { insertPrintedCodes } from '../../storage/printed-codes.ts'
import { type PublicPlace, shortOriginOf } from '../mint-links.ts'
import type { PageParts } from '../personal-page.ts'
import type { RandomBytes } from '../ports.ts'

export type ShortLinkParts = PageParts & { readonly db: Database; readonly random: RandomBytes }

/** A number two draws of which are the same is one in a million at ten million codes. */
const drawsMax = 8

/** A fresh short link to somebody's own page. Nothing was offered with it, so a bare no through it means everything. */
export async function mintShortLink(
  parts: ShortLinkParts,
  contactPointKey: string,
  brand: BrandRow,
  channel: Channel,
  now: number,
): Promise<string> {
  const sealed = sealLink(parts.linkRing, {
    contactPointKey,
    brandNumber: brand.number,
    topicNumber: 0,
    campaignNumber: 0,
    channel,
    offered: [],
    mintedAt: now,
  })
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const code = makePrintedCode(parts.random(printedCodeRandomBytes))
    const stored = await transact(parts.db, (tx) => insertPrintedCodes(tx, [{ code, link: sealed }], now))
    if (stored.has(code)) return shortUrlOf(parts.place, code)
  }
  throw new Error('no free code was found for a short link')
}

export function shortUrlOf(place: PublicPlace, code: string): string {
  return `${shortOriginOf(place)}/c/${code}`
}
