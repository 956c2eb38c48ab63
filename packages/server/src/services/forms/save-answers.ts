import { digestOfWords, evidenceEntry, uuidV7 } from '@verzet/core'
import { findChoice, updateReason } from '../../storage/choices.ts'
import { transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { replaceLeaveAnswers } from '../../storage/leave-answers.ts'
import { raiseAlert } from '../alerts/raise-alert.ts'
import { originOf } from '../choices-by-link.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'
import type { Answers } from './read-answers.ts'

export type AnswersGiven = {
  readonly link: OpenedLink
  /** The choice they are about: the no, or the alternative taken instead. */
  readonly choiceId: string
  readonly formVersion: number
  readonly answers: Answers
}

type Parts = Pick<Hub, 'db' | 'secrets' | 'clock' | 'random' | 'privacyMail'>

/**
 * Keeps what somebody answered after their no: each answer with the version of the question and with what brought them,
 * the reason and the words with the choice as well. Answering again replaces what was answered before. False when the
 * choice is not theirs; nothing about the choice itself changes either way (rule 4).
 */
export async function saveAnswers(hub: Parts, given: AnswersGiven): Promise<boolean> {
  const now = hub.clock()
  const { link, choiceId, formVersion } = given
  const { answers, reason, comment, alerts } = given.answers
  const subjectKey = link.claims.contactPointKey
  const origin = originOf(link)
  const about = { brand: origin.brand, topic: origin.topic ?? null, campaign: origin.campaign ?? null }
  return transact(hub.db, async (tx) => {
    if ((await findChoice(tx, [subjectKey], choiceId)) === undefined) return false
    await updateReason(tx, subjectKey, choiceId, { reason, comment })
    const rows = answers.map(({ question, picked, words }) => ({
      question,
      picked,
      hasWords: words !== undefined,
      formVersion,
      ...about,
      channel: origin.channel,
      answeredAt: new Date(now),
    }))
    await replaceLeaveAnswers(tx, subjectKey, choiceId, rows)
    const details = {
      choice: choiceId,
      reason,
      comment: comment === null ? undefined : digestOfWords(hub.secrets.pepper, comment),
      form: formVersion,
      answers: answers.map(({ question, picked }) => ({ question, picked: [...picked] })),
    }
    const id = uuidV7(now, hub.random(10))
    await appendEvidence(tx, [evidenceEntry({ id, subjectKey, kind: 'answer', recordedAt: now, details })])
    if (alerts.length > 0) {
      const alert = { choiceId, contactKey: subjectKey, kinds: alerts, ...about, channel: origin.channel }
      await raiseAlert(tx, hub, alert, link.brand, now)
    }
    return true
  })
}
