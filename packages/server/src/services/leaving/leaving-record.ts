import { type EvidenceEntry, evidenceEntry, type LeaveState, type LeavingPolicy } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { insertLeaves, moveLeave, type NewLeave } from '../../storage/leaves.ts'
import type { NewOutboundMail } from '../../storage/outbound-mails.ts'
import { insertOutboundTexts, type NewOutboundText } from '../../storage/outbound-texts.ts'
import type { ChoiceToRecord } from '../record-choices.ts'

/** A no nobody answered for a fortnight was meant: it outlasts a holiday, and the confirmation links, which last a week. */
export const leaveOpenMs = 14 * 86_400_000

/** How it is asked whether a no was meant: on the page that follows, in one mail or text, or not at all. */
export type LeavingAsk = 'page' | 'mail' | 'text' | 'nothing'

/** What a choice is to the leaving of a person. It is stored in the transaction of the choice itself. */
export type LeavingPart =
  | {
      readonly kind: 'begin'
      readonly policy: LeavingPolicy
      readonly ask: LeavingAsk
      /** Of the mail or the text. */
      readonly messageId: string
      readonly evidenceId: string
      /** A digest of the link it was said through. */
      readonly link: string
    }
  | {
      readonly kind: 'answer'
      readonly leaveId: string
      /** Whose leave it is, where that is not the subject of the choice. */
      readonly leaveSubject: string
      readonly state: 'narrowed' | 'returned'
      readonly alternative?: string
      readonly evidenceId: string
    }

type Leaving<Kind extends LeavingPart['kind']> = Extract<LeavingPart, { kind: Kind }>

/** Gathers what the choices of one transaction mean for people who leave. */
export class LeavingBatch {
  readonly #begun: NewLeave[] = []
  readonly #texts: NewOutboundText[] = []
  readonly #answers: { readonly part: Leaving<'answer'>; readonly choiceId: string; readonly at: number }[] = []

  /** True when the question that is owed by mail takes the place of the acknowledgement: one mail for one act. */
  add(
    input: ChoiceToRecord,
    owe: (evidence: EvidenceEntry | undefined, mail: NewOutboundMail | undefined) => void,
  ): boolean {
    const { leaving, id, recordedAt } = input
    if (leaving?.kind === 'answer') {
      this.#answers.push({ part: leaving, choiceId: id, at: recordedAt })
      owe(
        leavingEvidence({ ...leaving, id: leaving.leaveId, subjectKey: leaving.leaveSubject, at: recordedAt }),
        undefined,
      )
      return false
    }
    const origin = input.context.origin
    if (leaving === undefined || origin?.brand === undefined || origin.channel === undefined) return false
    const { subjectKey, words } = input
    const isAsked = leaving.ask !== 'nothing'
    this.#begun.push({
      subjectKey,
      id,
      scope: words.scope,
      brand: origin.brand,
      ...(origin.topic && { topic: origin.topic }),
      channel: origin.channel,
      ...(origin.campaign && { campaign: origin.campaign }),
      policy: leaving.policy,
      state: leaving.ask === 'page' ? 'asked' : 'first_act',
      link: leaving.link,
      startedAt: recordedAt,
      ...(isAsked && { closesAt: recordedAt + leaveOpenMs }),
    })
    const details = { choiceId: id, subjectKey, scope: words.scope, saidAt: recordedAt, origin }
    const message = { id: leaving.messageId, contactKey: subjectKey, kind: 'leaving', details }
    if (leaving.ask === 'text') this.#texts.push(message)
    if (leaving.ask === 'page')
      owe(
        leavingEvidence({ evidenceId: leaving.evidenceId, id, subjectKey, state: 'asked', at: recordedAt }),
        undefined,
      )
    if (leaving.ask === 'mail') owe(undefined, message)
    return leaving.ask === 'mail'
  }

  /** What has to be written; nothing at all for choices that are no leaving, such as one-click opt-outs. */
  statements(tx: Transaction): (() => Promise<unknown>)[] {
    const owedAt = this.#begun[0]?.startedAt ?? 0
    return [
      ...(this.#begun.length > 0 ? [() => insertLeaves(tx, this.#begun)] : []),
      ...(this.#texts.length > 0 ? [() => insertOutboundTexts(tx, this.#texts, owedAt)] : []),
      ...this.#answers.map(({ part, choiceId, at }) => () => {
        const { leaveId, leaveSubject, state, alternative } = part
        const move = { subjectKey: leaveSubject, id: leaveId, state, answeredBy: choiceId }
        return moveLeave(tx, { ...move, ...(alternative && { alternative }) }, at)
      }),
    ]
  }
}

/** The proof of what became of a no; the no itself has its own. */
export function leavingEvidence(given: {
  readonly evidenceId: string
  readonly id: string
  readonly subjectKey: string
  readonly state: LeaveState
  readonly alternative?: string
  readonly at: number
}): EvidenceEntry {
  const { evidenceId, id, subjectKey, state, alternative, at } = given
  const details = { choice: id, state, alternative }
  return evidenceEntry({ id: evidenceId, subjectKey, kind: 'leaving', recordedAt: at, details })
}
