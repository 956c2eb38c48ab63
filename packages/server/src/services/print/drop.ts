import { makePrintedCode, printedCodeRandomBytes, sealLink } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import { findPrintDrop, insertPrintDrop } from '../../storage/print.ts'
import { insertPrintedCodes } from '../../storage/printed-codes.ts'
import type { Hub } from '../hub.ts'
import type { Mailing } from '../mint-link-rows.ts'
import type { OpenedLink } from '../open-link.ts'

/** The key of nobody: no HMAC gives it, so no person ever has it. */
const nobodyKey = '00000000-0000-0000-0000-000000000000'

/** Tries to find a free code; the first one is free but once in a million million. */
const attemptsMax = 5

/** A link that stands for a pile of flyers: it names brand, topic and campaign, and nobody. */
export function isDropLink({ claims }: Pick<OpenedLink, 'claims'>): boolean {
  return claims.contactPointKey === nobodyKey
}

type Parts = Pick<Hub, 'db' | 'linkRing' | 'random' | 'clock'>

/**
 * The code of a drop of unaddressed print, made the first time it is asked for. It leads to the form where the reader
 * gives an address or a number. Returns the canonical code.
 */
export async function openDrop(hub: Parts, mailing: Mailing, name: string): Promise<string> {
  const now = hub.clock()
  const { brand, topic, campaignNumber, offered } = mailing
  const claims = {
    contactPointKey: nobodyKey,
    brandNumber: brand.number,
    topicNumber: topic.number,
    campaignNumber,
    channel: 'post' as const,
    offered,
    mintedAt: now,
  }
  const link = sealLink(hub.linkRing, claims)
  return transact(hub.db, async (tx) => {
    const known = await findPrintDrop(tx, brand.id, name)
    if (known !== undefined) return known.code
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const code = makePrintedCode(hub.random(printedCodeRandomBytes))
      if (!(await insertPrintedCodes(tx, [{ code, link }], now)).has(code)) continue
      if (await insertPrintDrop(tx, { brand: brand.id, name, code }, now)) return code
      const other = await findPrintDrop(tx, brand.id, name)
      if (other !== undefined) return other.code
    }
    throw new Error('no free code was found for the drop')
  })
}
