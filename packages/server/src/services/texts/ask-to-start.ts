import { emptyStanding, type Scope, sameScope, uuidV7 } from '@verzet/core'
import { cancelConfirmation, insertConfirmation, listOpenConfirmations } from '../../storage/confirmations.ts'
import type { Transaction } from '../../storage/database.ts'
import { findStandings } from '../../storage/standings.ts'
import { confirmationValidityMs } from '../ask-confirmation.ts'
import type { Hub } from '../hub.ts'
import { refusalsMeeting } from '../refusals-meeting.ts'
import type { TextArrival } from './text-verdict.ts'

/**
 * What START would open, stored until its writer confirms it by the link in the answer, which goes to the very number
 * that refused: the brand that was written to, on the channel it was written on, and nothing else (RULE SMS-8). Returns
 * the id of the confirmation; undefined where the number refused nothing of that.
 */
export async function askToStart(
  tx: Transaction,
  { catalog, clock, random }: Pick<Hub, 'catalog' | 'clock' | 'random'>,
  contactKey: string,
  { account, channel, language }: TextArrival,
): Promise<string | undefined> {
  const now = clock()
  const topics = catalog.topics(account.brand).filter(({ purpose }) => purpose === 'marketing')
  const wanted = topics.map((topic): Scope => ({ brand: account.brand, channel, topic: topic.id }))
  const standing = (await findStandings(tx, [contactKey])).get(contactKey)?.record ?? emptyStanding
  const items = wanted
    .filter((scope) => refusalsMeeting(standing, scope).length > 0)
    .map((scope) => ({ subjectKey: contactKey, scope }))
  if (items.length === 0) return undefined
  const scopes = items.flatMap(({ scope }) => refusalsMeeting(standing, scope).map((refusal) => refusal.scope))
  const refused = scopes.filter((scope, index) => scopes.findIndex((other) => sameScope(other, scope)) === index)
  const id = uuidV7(now, random(10))
  await insertConfirmation(tx, {
    subjectKey: contactKey,
    id,
    kind: 'lift',
    details: {
      origin: { brand: account.brand, channel },
      mailedKey: contactKey,
      sentBy: channel,
      items,
      refused,
      ...(language !== undefined && { language }),
    },
    createdAt: new Date(now),
    expiresAt: new Date(now + confirmationValidityMs),
  })
  return id
}

/**
 * A no after START takes it back, also one that only repeats what stands and so is no newer than the asking (rule 1): the
 * link in the answer opens nothing any more.
 */
export async function takeBackStart(tx: Transaction, contactKey: string, now: number): Promise<void> {
  const lifts = (await listOpenConfirmations(tx, [contactKey], now)).filter(({ kind }) => kind === 'lift')
  for (const { id } of lifts) await cancelConfirmation(tx, contactKey, id, now)
}
