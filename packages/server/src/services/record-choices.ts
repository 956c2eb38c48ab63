import {
  type Author,
  addToStanding,
  type Cadence,
  type Choice,
  type ContactPointType,
  chooseRulePack,
  type EvidenceEntry,
  emptyStanding,
  encodePosition,
  refusalThatStands,
  type Scope,
  type Standing,
} from '@verzet/core'
import { type Change, lastSequence } from '../storage/changes.ts'
import { type ChoiceContext, insertChoices } from '../storage/choices.ts'
import { insertContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { insertOutboundMails, type NewOutboundMail } from '../storage/outbound-mails.ts'
import {
  changesWritten,
  insertStandings,
  type StandingRow,
  type StandingUpdate,
  writeStandings,
} from '../storage/standings.ts'
import { type LockedReach, lockReach, type Reach } from '../storage/ties.ts'
import { choiceEvidence } from './choice-evidence.ts'
import { LeavingBatch, type LeavingPart } from './leaving/leaving-record.ts'
import { type Settlement, settleStanding } from './settle-standing.ts'

/** What is said, before it has an id and a moment of recording. */
export type ChoiceWords = { readonly scope: Scope; readonly author: Author; readonly saidAt: number | null } & (
  | { readonly kind: 'objection' }
  | { readonly kind: 'consent' }
  | { readonly kind: 'pause'; readonly until: number }
  | { readonly kind: 'cadence'; readonly cadence: Cadence }
)

/** A mail client that tries again, a second press of the button; what comes later is a word of its own. */
export const repeatWithinMs = 10 * 60_000

export type ChoiceToRecord = Settlement & {
  /** UUIDv7; the same id recorded twice is the same choice. */
  readonly id: string
  readonly evidenceId: string
  /** The key of the contact point it was said through, or of the relation it was said for. */
  readonly subjectKey: string
  /** Given when the subject may not be known yet: it is then kept, and the choice holds for it (rule 7). */
  readonly subject?: { readonly type: ContactPointType; readonly value: string; readonly fingerprint: bigint }
  /** Given when only the key is known, from a link: a subject the hub lost sight of is then kept by its key. */
  readonly subjectIfMissing?: { readonly type: ContactPointType; readonly fingerprint?: bigint }
  readonly words: ChoiceWords
  readonly context: ChoiceContext
  readonly recordedAt: number
  /** Who or what recorded it, for the evidence: an API key's id, a command, the public page. */
  readonly actor: string
  /** The same no, or a wider one, said a moment ago through the same contact point is the same no (rule 5). */
  readonly isRepeatable?: boolean
  /** Set when the person may be owed a written acknowledgement; the rule pack of their country decides. */
  readonly acknowledge?: {
    readonly mailId: string
    readonly brandCountry: string
    /** RFC 3834 §3.1.7: `auto-replied` where a mail of the person is answered; left out, `auto-generated`. */
    readonly autoSubmitted?: 'auto-replied'
    /** The e-mail contact point it goes to, where that is not the subject. */
    readonly to?: string
  }
  /** Set when it begins a leave on the personal page, or answers one. */
  readonly leaving?: LeavingPart
}

export type ChoiceOutcome =
  | {
      readonly kind: 'recorded'
      readonly id: string
      readonly recordedAt: number
      readonly standing: Standing
      readonly evidence: { readonly id: string; readonly hash: string }
      readonly position: string
      /** Since when the same had been refused before; this later word is kept as well, for what may still arrive in between. */
      readonly alreadySince?: number
    }
  | { readonly kind: 'already_stands'; readonly id: string; readonly standing: Standing; readonly position: string }

/** To be asked after the commit, which is when the last answer is there. */
export type Recorded = {
  /** What became of the choices, in their order. */
  outcomes(): ChoiceOutcome[]
  /** What the feed was told. */
  changes(): Change[]
}

/**
 * Records choices together: each with its evidence, every standing it reaches, and the change that tells the world.
 * All or nothing; the caller commits. Standings are locked in key order, so two of these never deadlock.
 */
export async function recordChoices(
  tx: Transaction,
  pepper: Uint8Array,
  choices: readonly ChoiceToRecord[],
): Promise<Recorded> {
  await introduceSubjects(tx, choices)
  const { reach, rows } = await lockSubjects(tx, choices)
  const batch = new RecordingBatch(pepper, reach, rows)
  for (const choice of choices) batch.add(choice)
  await batch.write(tx)
  return batch
}

async function lockSubjects(tx: Transaction, choices: readonly ChoiceToRecord[]): Promise<LockedReach> {
  const subjectKeys = [...new Set(choices.map((choice) => choice.subjectKey))]
  const heardAt = Math.min(...choices.map((choice) => choice.recordedAt))
  const locked = await lockReach(tx, subjectKeys, heardAt)
  if (subjectKeys.every((key) => locked.rows.has(key))) return locked
  const missing = choices.flatMap(({ subjectKey, subjectIfMissing, recordedAt }) =>
    subjectIfMissing === undefined || locked.rows.has(subjectKey)
      ? []
      : [{ subjectKey, recordedAt, subject: { fingerprint: 0n, ...subjectIfMissing, value: null } }],
  )
  await introduceSubjects(tx, missing)
  return lockReach(tx, subjectKeys, heardAt)
}

type Introduction = {
  readonly subjectKey: string
  readonly recordedAt: number
  readonly subject?: { readonly type: ContactPointType; readonly value: string | null; readonly fingerprint: bigint }
}

async function introduceSubjects(tx: Transaction, choices: readonly Introduction[]): Promise<void> {
  const unknown = choices.flatMap(({ subjectKey, subject, recordedAt }) =>
    subject === undefined ? [] : [{ key: subjectKey, contactKey: subjectKey, recordedAt, ...subject }],
  )
  const first = unknown[0]
  if (first === undefined) return
  const inOrder = [...new Map(unknown.map((row) => [row.key, row])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  await insertContactPoints(tx, inOrder, first.recordedAt)
  await insertStandings(tx, inOrder)
}

type AddedChoice =
  | Omit<Extract<ChoiceOutcome, { kind: 'recorded' }>, 'position'>
  | Omit<Extract<ChoiceOutcome, { kind: 'already_stands' }>, 'position'>

class RecordingBatch {
  readonly #pepper: Uint8Array
  readonly #reachBySubject = new Map<string, Reach[]>()
  readonly #rows: ReadonlyMap<string, StandingRow>
  readonly #records = new Map<string, Standing>()
  readonly #choices: { subjectKey: string; choice: Choice; context: ChoiceContext }[] = []
  readonly #evidence: EvidenceEntry[] = []
  readonly #mails: NewOutboundMail[] = []
  readonly #leaving = new LeavingBatch()
  readonly #added: AddedChoice[] = []
  #updates: readonly StandingUpdate[] = []
  #recordedAt = 0
  #last: readonly bigint[] = []

  constructor(pepper: Uint8Array, reach: readonly Reach[], rows: ReadonlyMap<string, StandingRow>) {
    this.#pepper = pepper
    this.#rows = rows
    for (const row of reach) {
      const known = this.#reachBySubject.get(row.subjectKey)
      if (known === undefined) this.#reachBySubject.set(row.subjectKey, [row])
      else known.push(row)
    }
  }

  add(input: ChoiceToRecord): void {
    this.#added.push(this.#addOne(input))
  }

  #addOne(input: ChoiceToRecord): AddedChoice {
    const before = this.#standing(input.subjectKey)
    const stands = input.isRepeatable ? refusalThatStands(before, input.words.scope) : undefined
    if (stands !== undefined && input.recordedAt - stands.at <= repeatWithinMs) {
      return { kind: 'already_stands', id: stands.id, standing: before }
    }

    const choice: Choice = { ...input.words, id: input.id, recordedAt: input.recordedAt }
    const entry = choiceEvidence(this.#pepper, input)
    this.#choices.push({ subjectKey: input.subjectKey, choice, context: input.context })
    this.#evidence.push(entry)
    this.#spread(input.subjectKey, choice)
    this.#records.set(input.subjectKey, settleStanding(this.#standing(input.subjectKey), input))
    this.#recordedAt = Math.max(this.#recordedAt, input.recordedAt)
    const standing = this.#standing(input.subjectKey)
    // RFC 3834 §2: who says again what already held is not written to again.
    if (stands === undefined && !this.#leave(input)) this.#acknowledge(input, standing)
    const evidence = { id: entry.id, hash: entry.hash }
    const since = stands && { alreadySince: stands.at }
    return { kind: 'recorded', id: input.id, recordedAt: input.recordedAt, standing, evidence, ...since }
  }

  /** Writes all of it; the last statements travel with the commit, and `outcomes` is complete after that. */
  async write(tx: Transaction): Promise<void> {
    if (this.#choices.length === 0) {
      this.#last = await lastSequence(tx)
      return
    }
    this.#updates = [...this.#records].map(([contactKey, record]) => ({
      contactKey,
      record,
      fingerprint: this.#rows.get(contactKey)?.fingerprint ?? 0n,
    }))
    await tx.withCommit([
      () => insertChoices(tx, this.#choices),
      () => appendEvidence(tx, this.#evidence),
      () => insertOutboundMails(tx, this.#mails, this.#recordedAt),
      ...this.#leaving.statements(tx),
      async () => {
        this.#last = await writeStandings(tx, this.#updates, this.#recordedAt)
      },
    ])
  }

  outcomes(): ChoiceOutcome[] {
    const position = encodePosition({ last: this.#last })
    return this.#added.map((outcome) => ({ ...outcome, position }))
  }

  changes(): Change[] {
    return changesWritten(this.#updates, this.#last, this.#recordedAt)
  }

  /** To the subject itself, to its relations and, unless it is a consent said through one address, to their other contact points. */
  #spread(subjectKey: string, choice: Choice): void {
    const known = this.#reachBySubject.get(subjectKey) ?? []
    const reach = known.filter((row) => row.tieEndedAt === null || choice.recordedAt <= row.tieEndedAt.getTime())
    const isRelation = this.#rows.get(subjectKey)?.type === 'customer'
    if (!isRelation) this.#apply(subjectKey, choice, null)
    if (!isRelation && choice.kind === 'consent') return
    for (const relation of new Set(reach.map((row) => row.relationKey))) {
      if (relation !== null) this.#apply(relation, choice, relation)
    }
    for (const { memberKey, relationKey, memberEndedAt } of reach) {
      if (memberKey === null || memberKey === subjectKey) continue
      // Through a tie that ended only a refusal heard before its end passes.
      const passes =
        memberEndedAt === null || (choice.kind !== 'consent' && choice.recordedAt <= memberEndedAt.getTime())
      if (passes) this.#apply(memberKey, choice, relationKey)
    }
  }

  #apply(contactKey: string, choice: Choice, relation: string | null): void {
    this.#records.set(contactKey, addToStanding(this.#standing(contactKey), choice, { relation }))
  }

  #standing(contactKey: string): Standing {
    return this.#records.get(contactKey) ?? this.#rows.get(contactKey)?.record ?? emptyStanding
  }

  /** True when a mail about leaving is owed, which acknowledges the no as well. */
  #leave(input: ChoiceToRecord): boolean {
    return this.#leaving.add(input, (evidence, mail) => {
      if (evidence !== undefined) this.#evidence.push(evidence)
      if (mail !== undefined) this.#mails.push(mail)
    })
  }

  /** KB/AR 4 April 2003 art. 2, 1°: an opt-out from e-mail is acknowledged by e-mail, where the person's country says so. */
  #acknowledge(input: ChoiceToRecord, standing: Standing): void {
    const { acknowledge, words, context } = input
    if (acknowledge === undefined || words.kind !== 'objection') return
    const pack = chooseRulePack(standing.country ?? acknowledge.brandCountry)
    const channel = acknowledge.to === undefined ? context.origin?.channel : 'email'
    if (channel === undefined || !pack.acknowledge?.channels.includes(channel)) return
    const details = {
      choiceId: input.id,
      subjectKey: input.subjectKey,
      scope: words.scope,
      saidAt: input.recordedAt,
      origin: context.origin,
      autoSubmitted: acknowledge.autoSubmitted,
    }
    const contactKey = acknowledge.to ?? input.subjectKey
    this.#mails.push({ id: acknowledge.mailId, contactKey, kind: 'acknowledgement', details })
  }
}
