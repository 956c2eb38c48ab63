import { digestOfWords, type EvidenceEntry, evidenceEntry, type JsonValue } from '@verzet/core'
import type { ChoiceToRecord } from './record-choices.ts'

/** The proof of one choice; people are named by key and words by keyed digest. */
export function choiceEvidence(pepper: Uint8Array, input: ChoiceToRecord): EvidenceEntry {
  const { words, context } = input
  const digest = (value: string | undefined) => (value === undefined ? undefined : digestOfWords(pepper, value))
  const choice: JsonValue = {
    id: input.id,
    kind: words.kind,
    scope: { ...words.scope },
    author: words.author,
    saidAt: words.saidAt === null ? null : new Date(words.saidAt).toISOString(),
    until: words.kind === 'pause' ? new Date(words.until).toISOString() : undefined,
    cadence: words.kind === 'cadence' ? { ...words.cadence } : undefined,
  }
  return evidenceEntry({
    id: input.evidenceId,
    subjectKey: input.subjectKey,
    kind: 'choice',
    recordedAt: input.recordedAt,
    details: {
      choice,
      signal: context.signal,
      actor: input.actor,
      origin: context.origin && { ...context.origin },
      reason: context.reason,
      source: digest(context.source),
      comment: digest(context.comment),
      proof: digest(context.proof === undefined ? undefined : JSON.stringify(context.proof)),
    },
  })
}
