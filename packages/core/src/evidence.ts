import { createHmac, hash } from 'node:crypto'
import { canonicalJson, type JsonValue } from './canonical-json.ts'

/** What an evidence entry proves. */
export const evidenceKinds = [
  'choice',
  'withdrawal',
  'relation_saved',
  'contact_point_linked',
  'contact_point_unlinked',
  'contact_point_confirmed',
  'relation_erased',
  'mail_sent',
  'mail_heard',
  'text_sent',
  'text_heard',
  'delivery_fact',
  'review_opened',
  'review_decided',
  'review_undone',
  'answer',
  'leaving',
  'already_printed',
  'call',
  'staff_act',
  'relations_merged',
  'relations_unmerged',
  'campaign_hold',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/**
 * One line of the append-only record. `body` is the canonical form (RFC 8785) whose SHA-256 is `hash` (64 hex digits).
 * It names people by key only, and free text only by keyed digest, so that it can outlive an erasure.
 */
export type EvidenceEntry = {
  readonly id: string
  readonly subjectKey: string
  readonly kind: EvidenceKind
  readonly recordedAt: number
  readonly body: string
  readonly hash: string
}

export type EvidenceInput = {
  readonly id: string
  readonly subjectKey: string
  readonly kind: EvidenceKind
  readonly recordedAt: number
  readonly details: { readonly [member: string]: JsonValue | undefined }
}

export function evidenceEntry(input: EvidenceInput): EvidenceEntry {
  const { id, subjectKey, kind, recordedAt, details } = input
  const moment = new Date(recordedAt).toISOString()
  const body = canonicalJson({ version: 1, id, subject: subjectKey, kind, recordedAt: moment, details })
  return { id, subjectKey, kind, recordedAt, body, hash: hash('sha256', body) }
}

/** True when the hash is that of the body: what anyone can check without trusting the hub. */
export function evidenceHolds(entry: Pick<EvidenceEntry, 'body' | 'hash'>): boolean {
  return hash('sha256', entry.body) === entry.hash
}

/** A keyed digest of words that may be erased later; with the words at hand it proves they are the ones that were said. */
export function digestOfWords(pepper: Uint8Array, words: string): string {
  return createHmac('sha256', pepper).update('evidence words:').update(words).digest('hex')
}
