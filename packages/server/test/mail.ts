import { fileURLToPath } from 'node:url'
import { type Channel, type Scope, uuidV7 } from '@verzet/core'
import { loadMailTexts } from '../src/adapters/mail/mail-texts.ts'
import { keyContactPoint } from '../src/services/key-contact-point.ts'
import type { KeyedContactPoint, MailPort } from '../src/services/ports.ts'
import { type ChoiceToRecord, type ChoiceWords, recordChoices } from '../src/services/record-choices.ts'
import { saveRelation } from '../src/services/save-relation.ts'
import type { SendParts } from '../src/services/send-due-mails.ts'
import { insertContactPoints } from '../src/storage/contact-points.ts'
import { transact } from '../src/storage/database.ts'
import { listOutboundMails } from '../src/storage/outbound-mails.ts'
import { insertStandings } from '../src/storage/standings.ts'
import type { TestHub } from './hub.ts'

const texts = loadMailTexts(fileURLToPath(new URL('../locales', import.meta.url)))

/** What sends mails from this hub. */
export function sendParts(hub: TestHub, port: MailPort, more: Partial<SendParts> = {}): SendParts {
  return { ...hub, texts, port, ...more }
}

export function keyed(hub: TestHub, type: 'email' | 'phone' | 'customer', value: string): KeyedContactPoint {
  const named = keyContactPoint(hub.secrets, { type, value }, 'BE')
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

/** A contact point that is known and belongs to nobody, as a link that was minted for it leaves it. */
export async function introduce(hub: TestHub, point: KeyedContactPoint): Promise<KeyedContactPoint> {
  const { key, fingerprint, contactPoint } = point
  await transact(hub.db, async (tx) => {
    await insertContactPoints(tx, [{ key, type: contactPoint.type, value: contactPoint.normalised }], hub.clock())
    await insertStandings(tx, [{ contactKey: key, type: contactPoint.type, fingerprint }])
  })
  return point
}

export async function saveTestRelation(
  hub: TestHub,
  externalId: string,
  contactPoints: readonly KeyedContactPoint[],
  words: { language?: string; name?: string } = {},
): Promise<string> {
  const { key, fingerprint } = keyed(hub, 'customer', externalId)
  const input = { key, externalId, fingerprint, contactPoints, keepOthers: true, ...words }
  await transact(hub.db, (tx) => saveRelation(tx, hub.random, input, hub.clock(), 'test'))
  return key
}

/** Records what a person says through a link of Acme, acknowledged as the law asks. */
export async function say(
  hub: TestHub,
  subjectKey: string,
  kind: 'objection' | 'consent',
  scope: Scope = {},
  through: Channel = 'email',
): Promise<ChoiceToRecord> {
  const now = hub.clock()
  const words: ChoiceWords = { kind, scope, author: 'person', saidAt: now }
  const choice: ChoiceToRecord = {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey,
    words,
    context: { signal: 'page', origin: { brand: 'acme', topic: 'news', channel: through, campaign: 'spring' } },
    recordedAt: now,
    actor: 'person',
    isRepeatable: kind === 'objection',
    acknowledge: { mailId: uuidV7(now, hub.random(10)), brandCountry: 'BE' },
  }
  await transact(hub.db, (tx) => recordChoices(tx, hub.secrets.pepper, [choice]))
  return choice
}

/** What became of the mails to a contact point, oldest first. */
export async function mailsTo(hub: TestHub, contactKey: string) {
  return (await listOutboundMails(hub.db, [contactKey])).toReversed()
}
