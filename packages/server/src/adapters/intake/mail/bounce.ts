import type { BounceFact, MailSubject } from '../../../services/mail-verdict.ts'
import { readBounceWords } from './bounce-words.ts'
import { readDeliveryStatus } from './delivery-status.ts'
import { isVague, type ReportedFailure } from './failure-words.ts'
import { linkInReport, type TokenOpener } from './own-tokens.ts'
import type { ReadMail } from './read-mail.ts'

export type BounceReading =
  | { readonly kind: 'bounce'; readonly facts: readonly BounceFact[] }
  /** It arrived, or was passed on: nothing to keep. */
  | { readonly kind: 'delivered_notice' }
  /** A report that names nobody we could tie it to. */
  | { readonly kind: 'without_address' }

/** A report that mail did not arrive: facts about addresses, never a word of a person (RULE DSN-2). */
export function readBounce(opener: TokenOpener, mail: ReadMail): BounceReading | undefined {
  const status = readDeliveryStatus(mail)
  const inWords = readBounceWords(mail)
  const failures =
    status?.failures.map((failure) => explained(failure, inWords)) ?? inWords ?? reportWithoutStatus(mail)
  if (failures === undefined) return undefined
  if (failures.length === 0) return { kind: 'delivered_notice' }
  const facts = failures.flatMap((failure) => factOf(opener, mail, failure, failures.length === 1) ?? [])
  return facts.length === 0 ? { kind: 'without_address' } : { kind: 'bounce', facts }
}

/** A status that only says "failed" is explained by what the report says in words of the same address. */
function explained(failure: ReportedFailure, inWords: readonly ReportedFailure[] | undefined): ReportedFailure {
  if (failure.outcome !== 'soft' || failure.diagnostic !== undefined || !isVague(failure.status)) return failure
  const address = failure.address?.toLowerCase()
  const said = inWords?.find((other) => address !== undefined && other.address?.toLowerCase() === address)
  return said?.outcome === 'hard' ? { ...said, ...failure, outcome: 'hard' } : failure
}

/** It calls itself a delivery status and has none that can be read: it is a report all the same. */
function reportWithoutStatus(mail: ReadMail): ReportedFailure[] | undefined {
  const { mediaType, parameters } = mail.root
  const type = parameters.get('report-type')?.toLowerCase() ?? ''
  const isReport = mediaType === 'multipart/report' && /^(?:delivery-status|global-delivery-status)?$/.test(type)
  return isReport ? [{ outcome: 'soft' }] : undefined
}

/** Our own token names the person we wrote to, whatever the address was forwarded to; it speaks of one message, so of one. */
function factOf(
  opener: TokenOpener,
  mail: ReadMail,
  failure: ReportedFailure,
  isAlone: boolean,
): BounceFact | undefined {
  const link = isAlone ? linkInReport(opener, mail) : undefined
  const subject: MailSubject | undefined =
    link !== undefined
      ? { kind: 'link', link }
      : failure.address === undefined
        ? undefined
        : { kind: 'address', address: failure.address }
  if (subject === undefined) return undefined
  const { outcome, status, diagnostic } = failure
  return { subject, outcome, ...(status !== undefined && { status }), ...(diagnostic !== undefined && { diagnostic }) }
}
