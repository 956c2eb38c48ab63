import type { Transaction } from '../storage/database.ts'
import type { Hub } from './hub.ts'
import { subjectOfMail } from './mail-subjects.ts'
import type { MailVerdict } from './mail-verdict.ts'
import { type DeliveryReport, noteDeliveryFacts } from './note-delivery-facts.ts'
import type { OpenedLink } from './open-link.ts'

/**
 * What mail servers said of addresses, as delivery facts. Only what came back with a token of ours is believed: anybody
 * may write a bounce about anybody, and one that were believed would keep a stranger's invoices from them.
 */
export async function noteBounce(
  tx: Transaction,
  hub: Pick<Hub, 'secrets' | 'random' | 'clock'>,
  { facts }: Extract<MailVerdict, { kind: 'bounce' }>,
  arrival: { readonly receivedAt: number; readonly mailHash: Buffer },
): Promise<void> {
  const reports = facts.flatMap((fact): DeliveryReport[] => {
    const subject = subjectOfMail(hub.secrets, fact.subject)
    if (subject === undefined) return []
    return [
      {
        subject,
        channel: 'email',
        outcome: fact.outcome,
        at: arrival.receivedAt,
        ...(fact.status !== undefined && { status: fact.status }),
        ...(fact.diagnostic !== undefined && { diagnostic: fact.diagnostic }),
        isVerified: fact.subject.kind === 'link',
        ...(fact.subject.kind === 'link' && { message: messageOf(fact.subject.link) }),
      },
    ]
  })
  await noteDeliveryFacts(tx, hub.random, reports, hub.clock(), { mail: arrival.mailHash.toString('hex') })
}

function messageOf({ brand, campaign }: OpenedLink) {
  return { brand: brand.id, ...(campaign && { campaign: campaign.id }) }
}
