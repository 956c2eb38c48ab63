import { type ClaimedMail, claimRelayedMails, type MailToClaim } from '../../../services/claim-relayed-mails.ts'
import type { Hub } from '../../../services/hub.ts'
import { lookUpRecipients, type RecipientAnswer, type RecipientQuestion } from '../../../services/look-up-recipients.ts'
import type { MailLanguage } from '../../../services/mail-language.ts'
import { workInBatches } from '../../../services/work-in-batches.ts'
import type { WayOutLabels } from '../../mail/way-out-labels.ts'
import type { OwnedDkimKey } from './choose-dkim-keys.ts'
import type { NextHopPool } from './next-hop/pool.ts'

/** What passing a mail on takes. */
export type RelayParts = {
  readonly hub: Hub
  readonly nextHop: Pick<NextHopPool, 'deliver'>
  readonly dkimKeys: readonly OwnedDkimKey[]
  readonly labels: Readonly<Record<MailLanguage, WayOutLabels>>
  readonly lookUp: (question: RecipientQuestion) => Promise<RecipientAnswer>
  readonly claim: (mail: MailToClaim) => Promise<ClaimedMail>
  readonly log: (line: string) => void
}

/** A transaction of so many rows takes a few milliseconds, which each mail in it waits. */
const batchMailsMax = 64
/** While the database works on one, the next is gathered. */
const batchesAtOnceMax = 2
/** Far above what the connections allowed can ask at once. */
const waitingMailsMax = 10_000

/** Questions and claims of mails under way share their trips to the database. */
export function batchedGate(hub: Hub): Pick<RelayParts, 'lookUp' | 'claim'> {
  const limits = { itemsMax: batchMailsMax, atOnceMax: batchesAtOnceMax, waitingMax: waitingMailsMax }
  const { db, catalog, secrets, clock } = hub
  return {
    lookUp: workInBatches((questions) => lookUpRecipients(hub, questions, clock()), limits),
    claim: workInBatches((mails) => claimRelayedMails(db, catalog, secrets, mails, clock()), limits),
  }
}
