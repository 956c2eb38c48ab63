import { confirmationPathToken, sealConfirmation } from '@verzet/core'
import { z } from 'zod'
import type { BrandRow } from '../../storage/catalog.ts'
import type { Queryable } from '../../storage/database.ts'
import { findSignUp } from '../../storage/sign-ups.ts'
import { chooseMailLanguage, type MailLanguage } from '../mail-language.ts'
import { type ScopeInWords, scopeInWords } from '../scope-in-words.ts'
import { readSignUp, type SignUpParts, scopesOf } from './read-sign-up.ts'

/** What the message that asks to confirm a sign-up says. */
export type SignUpContent = {
  readonly kind: 'confirm_sign_up'
  readonly confirm: string
  readonly expiresAt: number
  readonly wanted: readonly ScopeInWords[]
}

export type SignUpMessage =
  | {
      readonly kind: 'ready'
      readonly to: string
      readonly brand: BrandRow
      readonly language: MailLanguage
      readonly content: SignUpContent
    }
  | { readonly kind: 'not_owed'; readonly reason: 'no_address' | 'no_longer_needed' }

const pointerSchema = z.object({ subjectKey: z.string(), confirmationId: z.string() })

/**
 * The message of a row of either queue, at the moment it is sent. It goes to what was typed, known or not, and carries
 * no link to anybody's page: nobody has proven yet whose address it is.
 */
export async function composeSignUpMessage(
  parts: SignUpParts & { readonly db: Queryable },
  owed: { readonly details: Readonly<Record<string, unknown>> },
  now: number,
): Promise<SignUpMessage> {
  const { subjectKey, confirmationId } = pointerSchema.parse(owed.details)
  const row = await findSignUp(parts.db, subjectKey, confirmationId)
  if (row === undefined) return { kind: 'not_owed', reason: 'no_longer_needed' }
  const claims = { subjectKey, confirmationId, expiresAt: row.expiresAt.getTime() }
  const token = confirmationPathToken(sealConfirmation(parts.confirmationRing, claims))
  const state = await readSignUp(parts, parts.db, token, now)
  if (state.kind !== 'open') return { kind: 'not_owed', reason: 'no_longer_needed' }
  if (row.contactValue === null) return { kind: 'not_owed', reason: 'no_address' }
  const { brand } = state.view
  const language = chooseMailLanguage([row.language], brand.country)
  const content: SignUpContent = {
    kind: 'confirm_sign_up',
    confirm: `${parts.place.url}/s/${token}`,
    expiresAt: claims.expiresAt,
    wanted: scopesOf(row).map((scope) => scopeInWords(parts.catalog, scope, row.brand, language)),
  }
  return { kind: 'ready', to: row.contactValue, brand, language, content }
}
