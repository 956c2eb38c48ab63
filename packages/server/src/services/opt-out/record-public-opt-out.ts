import { channelsServedBy, uuidV7 } from '@verzet/core'
import { countMessage } from '../../storage/contact-message-counts.ts'
import { transact } from '../../storage/database.ts'
import { insertOptOutNotice } from '../../storage/opt-out-notices.ts'
import { insertOutboundMails } from '../../storage/outbound-mails.ts'
import type { Hub } from '../hub.ts'
import type { KeyedContactPoint } from '../ports.ts'
import type { ChoiceOutcome, ChoiceToRecord } from '../record-choices.ts'

/** How a no on the public form was heard. */
export const publicOptOutSignal = 'opt_out_form'
export const optOutNoticeKind = 'opt_out_notice'
/** A stranger's joke reaches a mailbox once a day at most. */
const noticesPerDayMax = 1
/** As long as a mailbox is left alone for a holiday. */
export const optOutNoticeValidityMs = 7 * 86_400_000

export type PublicOptOut = {
  readonly contactPoint: KeyedContactPoint
  /** One brand; all of the controller's without it. */
  readonly brand?: string
  readonly language: string
}

/**
 * Records the no of somebody who gave nothing but an address. Anybody can type an address, so it is taken for exactly
 * what the form says: no advertising on the channels that this address or number serves. It holds before this returns;
 * the notice comes after it and is owed once a day, to whoever reads the address.
 */
export async function recordPublicOptOut(hub: Hub, optOut: PublicOptOut): Promise<void> {
  const choices = channelsServedBy(optOut.contactPoint.contactPoint.type).map((channel) =>
    toRecord(hub, optOut, channel),
  )
  const outcomes = await hub.committer.record(choices)
  const isNew = (outcome: ChoiceOutcome) => outcome.kind === 'recorded' && outcome.alreadySince === undefined
  // Who says again what already held is not written to again (RFC 3834 §2).
  if (outcomes.some(isNew)) await oweNotice(hub, optOut, choices[0])
}

function toRecord(
  hub: Hub,
  { contactPoint, brand }: PublicOptOut,
  channel: ReturnType<typeof channelsServedBy>[number],
) {
  const now = hub.clock()
  const { key, fingerprint } = contactPoint
  const { type, normalised } = contactPoint.contactPoint
  const choice: ChoiceToRecord = {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: key,
    subject: { type, value: normalised, fingerprint },
    words: { kind: 'objection', scope: { ...(brand && { brand }), channel }, author: 'person', saidAt: now },
    context: { signal: publicOptOutSignal, source: 'opt-out form', origin: { ...(brand && { brand }), channel } },
    recordedAt: now,
    actor: 'person',
    isRepeatable: true,
  }
  return choice
}

/** Also the acknowledgement that KB/AR 4 April 2003 art. 2, 1° asks for: one mail says both. */
async function oweNotice(hub: Hub, { contactPoint, brand, language }: PublicOptOut, first?: ChoiceToRecord) {
  if (contactPoint.contactPoint.type !== 'email' || first === undefined) return
  const now = hub.clock()
  const { key } = contactPoint
  const id = uuidV7(now, hub.random(10))
  await transact(hub.db, async (tx) => {
    if ((await countMessage(tx, key, 'opt_out_notice', now)) > noticesPerDayMax) return
    const expiresAt = new Date(now + optOutNoticeValidityMs)
    const saidAt = new Date(first.recordedAt)
    await insertOptOutNotice(tx, { subjectKey: key, id, brand: brand ?? null, language, saidAt, expiresAt })
    const details = { subjectKey: key, noticeId: id, choiceId: first.id }
    await insertOutboundMails(
      tx,
      [{ id: uuidV7(now, hub.random(10)), contactKey: key, kind: optOutNoticeKind, details }],
      now,
    )
  })
}
