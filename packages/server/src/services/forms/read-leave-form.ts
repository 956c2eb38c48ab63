import type { BrandRow } from '../../storage/catalog.ts'
import type { Queryable } from '../../storage/database.ts'
import { findLeaveForm, findPublishedLeaveForm, type LeaveFormRow } from '../../storage/leave-forms.ts'
import type { BrandPages } from '../page-lint/brand-pages.ts'
import { builtInVersion, type LeaveForm, questionsSchema } from './leave-form.ts'

export type FormParts = { readonly db: Queryable; readonly pages: Pick<BrandPages, 'builtInForm'> }

/** The questions a brand asks now: those it published last, else those that come with the product. */
export async function readPublishedForm(parts: FormParts, brand: BrandRow): Promise<LeaveForm> {
  const row = await findPublishedLeaveForm(parts.db, brand.id)
  return row === undefined ? parts.pages.builtInForm(brand) : formOf(row)
}

/** The questions as they were shown; a version that never was is read as the one that is used now. */
export async function readFormShown(parts: FormParts, brand: BrandRow, version: number): Promise<LeaveForm> {
  if (version === builtInVersion) return parts.pages.builtInForm(brand)
  const row = await findLeaveForm(parts.db, brand.id, version)
  return row === undefined ? readPublishedForm(parts, brand) : formOf(row)
}

export function formOf({ version, questions }: LeaveFormRow): LeaveForm {
  return { version, questions: questionsSchema.parse(questions) }
}
