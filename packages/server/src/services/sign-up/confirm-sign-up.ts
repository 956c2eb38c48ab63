import { uuidV7 } from '@verzet/core'
import { markConfirmed } from '../../storage/contact-points.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { lockSignUp, markSignUpConfirmed, type SignUpRow } from '../../storage/sign-ups.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import { noteReturn } from '../leaving/note-return.ts'
import { type ChoiceToRecord, recordChoices } from '../record-choices.ts'
import { describeSignUp, openSignUpToken, type SignUpState, type SignUpView, scopesOf } from './read-sign-up.ts'

/** `confirmed` only for the press that did it; pressing again is `done` and changes nothing. */
export type ConfirmSignUpOutcome =
  | { readonly kind: 'confirmed'; readonly view: SignUpView }
  | Exclude<SignUpState, { kind: 'open' }>

/**
 * `POST /s/{token}`: records the consents, in one transaction with the mark that they were confirmed. Said by the person
 * through an address they proved to read, each lifts what it covers (rules 1 and 2) and nothing else. Somebody who said
 * no after asking has expired it: the latest word decides.
 */
export async function confirmSignUp(hub: Hub, token: string): Promise<ConfirmSignUpOutcome> {
  const claims = openSignUpToken(hub, token)
  if (claims === undefined) return { kind: 'unknown' }
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const row = await lockSignUp(tx, claims.subjectKey, claims.confirmationId)
    if (row === undefined) return { kind: 'unknown' }
    const before = await describeSignUp(hub, tx, row, now)
    if (before.kind !== 'open') return before
    const isRecorded = await recordConsents(hub, tx, row, now)
    if (!isRecorded) return { kind: 'unknown' }
    await markSignUpConfirmed(tx, row.subjectKey, row.id, now)
    const after = await describeSignUp(hub, tx, { ...row, confirmedAt: new Date(now) }, now)
    return after.kind === 'unknown' ? after : { kind: 'confirmed', view: { ...after.view, masked: before.view.masked } }
  })
}

async function recordConsents(hub: Hub, tx: Transaction, row: SignUpRow, now: number): Promise<boolean> {
  const { contactType: type, contactValue: value } = row
  const named = keyContactPoint(hub.secrets, { type, value: value ?? '' })
  if (named.kind !== 'ok') return false
  const { fingerprint, contactPoint } = named.keyed
  const subject = { type: contactPoint.type, value: contactPoint.normalised, fingerprint }
  const choices = scopesOf(row).map(
    (scope): ChoiceToRecord => ({
      id: uuidV7(now, hub.random(10)),
      evidenceId: uuidV7(now, hub.random(10)),
      subjectKey: row.subjectKey,
      subject,
      words: { kind: 'consent', scope, author: 'person', saidAt: now },
      context: {
        signal: 'sign_up',
        source: row.source ?? 'sign-up',
        // The evidence keeps a digest of this, which proves the words without keeping the person's.
        proof: {
          signUpId: row.id,
          textShown: row.textShown,
          textVersion: row.textVersion,
          language: row.language,
          askedAt: row.askedAt.toISOString(),
        },
        origin: { brand: row.brand, channel: row.channel },
      },
      recordedAt: now,
      actor: 'person',
      // The message that was answered arrived: a bounce from before says nothing any more.
      arrivedBy: type === 'phone' ? 'sms' : 'email',
    }),
  )
  await recordChoices(tx, hub.secrets.pepper, choices)
  await noteReturn(tx, hub.random, row.subjectKey, choices, now)
  await markConfirmed(tx, row.subjectKey, now)
  return true
}
