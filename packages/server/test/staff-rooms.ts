import { everything } from '@verzet/core'
import type { Hub } from '../src/services/hub.ts'
import { keepPassedOver } from '../src/services/review/keep-passed-over.ts'
import { openReview, type WordsToReview } from '../src/services/review/open-review.ts'
import { transact } from '../src/storage/database.ts'
import { keyed, type Point, spoken } from './people.ts'

/** What the tests of staff's rooms have in common: words that wait, and noes that a campaign brought. */
export function openWords(hub: Hub, point: Point, more: Partial<WordsToReview> = {}): Promise<string> {
  return transact(hub.db, (tx) => openReview(tx, hub, wordsOf(hub, point, more)))
}

/** Words that were recognised as no no. */
export function passOver(hub: Hub, point: Point, text: string): Promise<void> {
  return transact(hub.db, (tx) => keepPassedOver(tx, hub, wordsOf(hub, point, { text, reason: 'ordinary' })))
}

function wordsOf(hub: Hub, point: Point, more: Partial<WordsToReview>): WordsToReview {
  const { key, fingerprint } = keyed(hub, point)
  return {
    source: 'email',
    kind: 'unclear_reply',
    reason: 'may_ask_to_stop',
    text: 'Hoe kan ik mij uitschrijven?',
    language: 'nl',
    sender: point.value,
    subjects: [{ key, type: point.type, value: point.value, fingerprint }],
    proposedScope: everything,
    proofHash: Buffer.alloc(32, 7),
    receivedAt: hub.clock(),
    ...more,
  }
}

type Brought = { readonly campaign: string; readonly signal?: string; readonly kind?: 'objection' | 'pause' }

/** Somebody says so after a mail of acme's campaign. */
export async function sayAfter(
  hub: Hub,
  point: Point,
  { campaign, signal = 'one_click', kind }: Brought,
): Promise<void> {
  const words = kind === 'pause' ? { kind, until: hub.clock() + 86_400_000 } : { kind: 'objection' as const }
  const choice = spoken(hub, point, words)
  const origin = { brand: 'acme', topic: 'news', channel: 'email' as const, campaign }
  await hub.committer.record([{ ...choice, context: { signal, origin } }])
}
