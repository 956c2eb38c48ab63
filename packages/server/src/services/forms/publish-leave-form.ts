import { canonicalJson, type JsonValue } from '@verzet/core'
import type { BrandRow } from '../../storage/catalog.ts'
import { insertLeaveForm } from '../../storage/leave-forms.ts'
import { noteChange } from '../content/write-catalog.ts'
import { giveNumber } from '../give-number.ts'
import type { Hub } from '../hub.ts'
import { lintBrand } from '../page-lint/lint-pages.ts'
import type { Finding } from '../page-lint/rules.ts'
import type { FormQuestion, LeaveForm } from './leave-form.ts'
import { readPublishedForm } from './read-leave-form.ts'

export type PublishFormOutcome =
  | { readonly kind: 'published'; readonly form: LeaveForm }
  /** These are the questions asked already; there is no new version. */
  | { readonly kind: 'unchanged'; readonly form: LeaveForm }
  /** The page would break these rules; nothing was stored. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/**
 * Publishes a brand's questions as its next version: from now on they are asked after a no. Earlier versions stay, so
 * that every answer can be read beside its question; publishing an earlier one again makes a new version of it.
 */
export async function publishLeaveForm(
  hub: Pick<Hub, 'db' | 'pages' | 'clock' | 'catalog'>,
  brand: BrandRow,
  questions: readonly FormQuestion[],
  actor: string,
): Promise<PublishFormOutcome> {
  const current = await readPublishedForm(hub, brand)
  const isSame = current.version > 0 && asText(current.questions) === asText(questions)
  if (isSame) return { kind: 'unchanged', form: current }
  const findings = lintBrand(
    hub.pages,
    brand,
    { version: current.version + 1, questions },
    hub.catalog.topics(brand.id),
  )
  if (findings.length > 0) return { kind: 'refused', findings }
  const version = await giveNumber(hub.db, async (tx) => {
    const now = hub.clock()
    const change = { brand: brand.id, topic: null, before: current.questions, after: questions, actor }
    await noteChange(tx, { what: 'questions', ...change }, now)
    return insertLeaveForm(tx, brand.id, questions, now)
  })
  return { kind: 'published', form: { version, questions } }
}

/** Whatever order its members came in. */
function asText(questions: readonly FormQuestion[]): string {
  const plain: JsonValue = JSON.parse(JSON.stringify(questions))
  return canonicalJson(plain)
}
