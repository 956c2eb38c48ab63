import { everything } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { scopeOfSilence } from '../choices-by-link.ts'
import { languageOnRecord } from '../compose-mail.ts'
import type { Hub } from '../hub.ts'
import { subjectOfAddress, subjectOfMail } from '../mail-subjects.ts'
import type { MailVerdict, WrittenWords } from '../mail-verdict.ts'
import { keepPassedOver } from './keep-passed-over.ts'
import { openReview, type WordsToReview } from './open-review.ts'

type UnclearMail = Extract<MailVerdict, { kind: 'unclear_reply' }>
type Arrival = { readonly receivedAt: number; readonly mailHash: Buffer }
type Parts = Pick<Hub, 'catalog' | 'clock' | 'random' | 'secrets'>

/** A mail nobody could judge waits for a human, and what it may refuse waits with it. */
export async function openReviewOfMail(
  tx: Transaction,
  hub: Parts,
  verdict: UnclearMail,
  arrival: Arrival,
): Promise<void> {
  await openReview(tx, hub, await wordsOfMail(tx, hub, verdict, arrival))
}

/** A reply that was recognised as no no is kept, with nothing waiting for it. */
export async function keepPassedOverMail(
  tx: Transaction,
  hub: Parts,
  words: WrittenWords,
  arrival: Arrival,
): Promise<void> {
  const verdict = { kind: 'unclear_reply' as const, reason: 'may_ask_to_stop' as const, ...words }
  await keepPassedOver(tx, hub, { ...(await wordsOfMail(tx, hub, verdict, arrival)), reason: 'ordinary' })
}

async function wordsOfMail(
  tx: Transaction,
  hub: Parts,
  verdict: UnclearMail,
  arrival: Arrival,
): Promise<WordsToReview> {
  // Kept under the writer's own address where there is one: erasing that address erases their words.
  const writer = verdict.sender === undefined ? undefined : subjectOfAddress(hub.secrets, verdict.sender)
  const [link] = verdict.subjects.flatMap((subject) => (subject.kind === 'link' ? [subject.link] : []))
  const subjects = verdict.subjects.flatMap((subject) => subjectOfMail(hub.secrets, subject) ?? [])
  // What its writer is known to read, so that who decides can take it up or hand it on.
  const reader = writer?.key ?? subjects[0]?.key
  const language = reader === undefined ? undefined : await languageOnRecord(tx, reader)
  return {
    source: 'email',
    kind: verdict.kind,
    reason: verdict.reason,
    text: verdict.excerpt,
    ...(verdict.sender !== undefined && { sender: verdict.sender }),
    ...(writer !== undefined && { keptUnder: writer.key }),
    ...(link !== undefined && { brand: link.brand.id }),
    ...(language !== undefined && { language }),
    subjects,
    // As a clear no in the same mail would be heard: as far as the message let its reader choose (rule 3).
    ...(mayBeSilentNo(verdict) && { proposedScope: link === undefined ? everything : scopeOfSilence(link) }),
    proofHash: arrival.mailHash,
    receivedAt: arrival.receivedAt,
  }
}

/** A complaint that does not prove who made it acts on nobody (RFC 5965 §8): silence about it changes nothing either. */
function mayBeSilentNo({ reason, subjects }: UnclearMail): boolean {
  return subjects.length > 0 && !reason.startsWith('complaint_')
}
