import { everything, type Scope, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import { insertPrintReturns } from '../../storage/print.ts'
import type { StandingSubject } from '../amend-standings.ts'
import { originOf } from '../choices-by-link.ts'
import type { Hub } from '../hub.ts'
import { type DeliveryReport, noteDeliveryFacts } from '../note-delivery-facts.ts'
import { type ChoiceToRecord, recordChoices } from '../record-choices.ts'
import { openReview } from '../review/open-review.ts'
import { isDropLink } from './drop.ts'
import type { NoSaid } from './on-the-way.ts'
import { type ResolvedReturn, returnId } from './resolve-returns.ts'
import { scopeOfReturn } from './return-scope.ts'

/** How post that came back is named in the evidence and on the timeline. */
export const returnPostSignal = 'return_post'

export type ReturnCounts = {
  objections: number
  /** The same no, or a wider one, stood already. */
  stoodAlready: number
  /** Facts that the person does not live there. */
  notThere: number
  /** Waiting for a human. */
  toReview: number
  /** These very pieces were read before. */
  repeated: number
}

export type ReturnsContext = {
  /** The topic under which the brand drops unaddressed print, for what a sticker refuses. */
  readonly unaddressedTopic?: string
  readonly source?: string
  readonly actor: string
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'clock' | 'random' | 'secrets'>
type Closing = (tx: Transaction, counts: ReturnCounts) => Promise<void>

/** Records a pile in one transaction, each piece once. Returns the noes, for what was printed before them. */
export async function recordReturns(
  hub: Parts,
  pile: readonly ResolvedReturn[],
  context: ReturnsContext,
  close: Closing,
): Promise<readonly NoSaid[]> {
  const now = hub.clock()
  const each = [...new Map(pile.map((one) => [one.id, one])).values()]
  return transact(hub.db, async (tx) => {
    const rows = each.map(({ id, subjects, piece }) => ({
      contactKey: subjects[0]?.key ?? id,
      id,
      mark: piece.mark,
      cameBackAt: piece.cameBackAt === null ? null : new Date(piece.cameBackAt),
    }))
    const inserted = await insertPrintReturns(tx, rows, now)
    const fresh = each.filter(({ id }) => inserted.has(id))
    const choices = fresh.flatMap((one) => choicesOf(hub, one, context, now))
    const outcomes = choices.length === 0 ? [] : (await recordChoices(tx, hub.secrets.pepper, choices)).outcomes()
    const isNew = outcomes.map((one) => one.kind === 'recorded' && one.alreadySince === undefined)
    const reports = fresh.flatMap((one) => reportsOf(one, now))
    await noteDeliveryFacts(tx, hub.random, reports, now, { signal: returnPostSignal, actor: context.actor })
    const unclear = fresh.filter((one) => one.subjects.length === 0 || one.piece.mark === 'unclear')
    for (const one of unclear) await review(tx, hub, one, now)
    await close(tx, {
      objections: isNew.filter(Boolean).length,
      stoodAlready: isNew.filter((one) => !one).length,
      notThere: reports.length,
      toReview: unclear.length,
      repeated: pile.length - fresh.length,
    })
    return choices.flatMap(({ subjectKey, words, id }, index) =>
      isNew[index] ? [{ subjectKey, choiceId: id, scope: words.scope }] : [],
    )
  })
}

function choicesOf(hub: Parts, one: ResolvedReturn, context: ReturnsContext, now: number): ChoiceToRecord[] {
  const { piece, link, offered } = one
  const { mark, cameBackAt } = piece
  if (mark === 'moved' || mark === 'unclear') return []
  const { unaddressedTopic } = context
  const about = { offered, ...(link && { link }), ...(unaddressedTopic !== undefined && { unaddressedTopic }) }
  const scope: Scope = scopeOfReturn(mark, about)
  return one.subjects.map((subject) => ({
    id: returnId(hub.secrets, [one.id, subject.key], cameBackAt),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: subject.key,
    ...(subject.value === undefined
      ? { subjectIfMissing: { type: subject.type, fingerprint: subject.fingerprint } }
      : { subject: { type: subject.type, value: subject.value, fingerprint: subject.fingerprint } }),
    // A member of staff read the person's own paper; a sticker was seen by whoever walked past it.
    words: {
      kind: 'objection',
      scope,
      author: mark === 'sticker' ? 'controller' : 'agent',
      saidAt: cameBackAt,
    },
    context: {
      signal: returnPostSignal,
      ...(context.source !== undefined && { source: context.source }),
      origin: link === undefined ? { channel: 'post' } : originOf(link),
      proof: { piece: one.id, mark },
    },
    recordedAt: now,
    actor: context.actor,
    // Who sends a card back got it.
    ...(isOwnCard(one, subject) && { arrivedBy: 'post' as const }),
    isRepeatable: true,
  }))
}

function isOwnCard({ link, piece }: ResolvedReturn, subject: StandingSubject): boolean {
  return link !== undefined && piece.mark !== 'sticker' && link.claims.contactPointKey === subject.key
}

function reportsOf({ piece, subjects }: ResolvedReturn, now: number): DeliveryReport[] {
  if (piece.mark !== 'moved') return []
  const at = Math.min(piece.cameBackAt ?? now, now)
  return subjects.map((subject) => ({
    subject,
    channel: 'post',
    outcome: 'hard',
    at,
    source: returnPostSignal,
    isVerified: true,
  }))
}

/** What cannot be tied to anybody, or not be read, is kept for a human; what it may refuse waits (rules 6 and 7). */
async function review(tx: Transaction, hub: Parts, { piece, link, subjects }: ResolvedReturn, now: number) {
  const isNobody = subjects.length === 0
  const words = isNobody && piece.code !== undefined ? `${piece.words} (${piece.code})`.trim() : piece.words
  await openReview(tx, hub, {
    source: 'post',
    kind: 'unclear_return',
    reason: isNobody ? (link !== undefined && isDropLink(link) ? 'no_address' : 'unknown_code') : 'unclear_mark',
    text: words,
    ...(link !== undefined && { brand: link.brand.id }),
    subjects,
    ...(!isNobody && { proposedScope: everything }),
    receivedAt: Math.min(piece.cameBackAt ?? now, now),
  })
}
