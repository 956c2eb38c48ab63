import { createHash } from 'node:crypto'
import { type EvidenceEntry, evidenceEntry, uuidV7 } from '@verzet/core'
import { choiceEvidence } from './choice-evidence.ts'
import type { ConsentToImport, ImportOrigin, ImportTools, PersonToImport } from './person-to-import.ts'

/** The canonical form with its three ids cut out; most lines of a file say the same words. */
type Template = { readonly parts: readonly string[]; readonly order: readonly string[] }
export type Templates = Map<string, Template>

/** Stand-ins of the same form as what replaces them. */
const blanks = {
  id: 'aaaaaaaa-0000-7000-8000-000000000001',
  choice: 'aaaaaaaa-0000-7000-8000-000000000002',
  subject: 'aaaaaaaa-0000-7000-8000-000000000003',
} as const

/** One entry for each consent the organisation says it holds; in the form in which any choice is proven. */
export function evidenceOfConsents(
  { pepper, random }: ImportTools,
  consents: readonly ConsentToImport[],
  origin: ImportOrigin,
  now: number,
  templates: Templates,
): EvidenceEntry[] {
  return consents.map((consent) => {
    const words = JSON.stringify([consent.scope, consent.saidAt, consent.source, now])
    let template = templates.get(words)
    if (template === undefined) {
      template = cutTemplate(pepper, consent, origin, now)
      templates.set(words, template)
    }
    const id = uuidV7(now, random(10))
    const values: Record<string, string> = {
      [blanks.id]: id,
      [blanks.choice]: consent.id,
      [blanks.subject]: consent.contactKey,
    }
    const [start = '', ...rest] = template.parts
    const body = rest.reduce((text, part, index) => text + (values[template.order[index] ?? ''] ?? '') + part, start)
    const hash = createHash('sha256').update(body).digest('hex')
    return { id, subjectKey: consent.contactKey, kind: 'choice', recordedAt: now, body, hash }
  })
}

function cutTemplate(pepper: Uint8Array, consent: ConsentToImport, origin: ImportOrigin, now: number): Template {
  const { scope, saidAt, source } = consent
  const { body } = choiceEvidence(pepper, {
    id: blanks.choice,
    evidenceId: blanks.id,
    subjectKey: blanks.subject,
    words: { kind: 'consent', scope, author: 'controller', saidAt },
    context: { signal: 'import', source },
    recordedAt: now,
    actor: origin.actor,
  })
  const pattern = new RegExp(Object.values(blanks).join('|'), 'g')
  return { parts: body.split(pattern), order: body.match(pattern) ?? [] }
}

/** One entry for a relation that was added or changed, with the contact points it was given and the basis named for it. */
export function evidenceOfSave(
  { random }: ImportTools,
  person: PersonToImport,
  linked: readonly string[],
  origin: ImportOrigin,
  now: number,
): EvidenceEntry[] {
  const subjectKey = person.relation?.keyed.key
  if (subjectKey === undefined) return []
  const { basis, actor, file } = origin
  const customerSince = person.relation?.customerSince
  const id = uuidV7(now, random(10))
  const details = { basis, customerSince, contactPoints: [...linked], actor, file }
  return [evidenceEntry({ id, subjectKey, kind: 'relation_saved', recordedAt: now, details })]
}
