import { confirmationPathToken, sealConfirmation } from '@verzet/core'
import { z } from 'zod'
import type { BrandRow } from '../../storage/catalog.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { findOptOutNotice } from '../../storage/opt-out-notices.ts'
import type { Hub } from '../hub.ts'
import { chooseMailLanguage, type MailLanguage } from '../mail-language.ts'
import { type ScopeInWords, scopeInWords } from '../scope-in-words.ts'
import { readOptOutNotice } from './undo-public-opt-out.ts'

/** What the notice about a no on the public form says. */
export type OptOutNoticeContent = {
  readonly kind: 'opt_out_notice'
  readonly saidAt: number
  readonly scope: ScopeInWords
  readonly page: string
  readonly undo: string
  readonly undoUntil: number
}

export type OptOutNotice =
  | {
      readonly kind: 'ready'
      readonly to: string
      readonly brand: BrandRow
      readonly language: MailLanguage
      readonly content: OptOutNoticeContent
    }
  | { readonly kind: 'not_owed'; readonly reason: 'no_address' | 'no_longer_needed' }

const pointerSchema = z.object({ subjectKey: z.string(), noticeId: z.string() })

type Parts = Pick<Hub, 'catalog' | 'confirmationRing' | 'linkRing' | 'place'> & { readonly db: Queryable }

/** The mail to the address that somebody typed, at the moment it is sent. `known` is the language on record. */
export async function composeOptOutNotice(
  parts: Parts,
  owed: { readonly details: Readonly<Record<string, unknown>> },
  known: string | undefined,
  now: number,
): Promise<OptOutNotice> {
  const { subjectKey, noticeId } = pointerSchema.parse(owed.details)
  const row = await findOptOutNotice(parts.db, subjectKey, noticeId)
  if (row === undefined) return { kind: 'not_owed', reason: 'no_longer_needed' }
  const undoUntil = row.expiresAt.getTime()
  const claims = { subjectKey, confirmationId: noticeId, expiresAt: undoUntil }
  const token = confirmationPathToken(sealConfirmation(parts.confirmationRing, claims))
  const state = await readOptOutNotice(parts, parts.db, token, now)
  if (state.kind !== 'open') return { kind: 'not_owed', reason: 'no_longer_needed' }
  const to = (await findContactPoints(parts.db, [subjectKey])).get(subjectKey)?.value
  if (!to) return { kind: 'not_owed', reason: 'no_address' }
  const { brand, page, saidAt } = state.view
  const language = chooseMailLanguage([known, row.language], brand.country)
  const refused = { ...(row.brand !== null && { brand: row.brand }), channel: 'email' as const }
  const scope = scopeInWords(parts.catalog, refused, brand.id, language)
  const undo = `${parts.place.url}/o/${token}`
  return {
    kind: 'ready',
    to,
    brand,
    language,
    content: { kind: 'opt_out_notice', saidAt, scope, page, undo, undoUntil },
  }
}
