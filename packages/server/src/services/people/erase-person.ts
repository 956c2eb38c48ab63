import { uuidV7 } from '@verzet/core'
import { insertChoices, listChoices } from '../../storage/choices.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { findRelations } from '../../storage/relations.ts'
import { lockStandings } from '../../storage/standings.ts'
import { eraseContactPoint } from '../erase-contact-point.ts'
import { type EraseOutcome, eraseWholeRelation } from '../erase-relation.ts'
import type { Hub } from '../hub.ts'
import type { RandomBytes } from '../ports.ts'
import { refoldStandings } from '../refold-standings.ts'
import { readOnePerson } from './one-person.ts'

/**
 * Forgets a person under every number they are known by: erasing one of two merged relations alone would leave all their
 * addresses with the other. Each number keeps what was refused under any of them, so that the no meets the person again
 * whichever number they are brought in under (rule 7).
 */
export async function erasePerson(
  tx: Transaction,
  random: RandomBytes,
  relationKey: string,
  now: number,
  actor: string,
): Promise<EraseOutcome> {
  const { relationKeys } = await readOnePerson(tx, [relationKey])
  const others = relationKeys.filter((key) => key !== relationKey)
  for (const key of others) await eraseWholeRelation(tx, random, key, now, actor)
  const outcome = await eraseWholeRelation(tx, random, relationKey, now, actor)
  if (others.length > 0) await shareRefusals(tx, random, [relationKey, ...others], now)
  return outcome
}

async function shareRefusals(tx: Transaction, random: RandomBytes, relationKeys: readonly string[], now: number) {
  const rows = await lockStandings(tx, relationKeys)
  const choices = await listChoices(tx, relationKeys)
  const refusals = choices.filter(({ kind, withdrawnAt }) => kind !== 'consent' && withdrawnAt === null)
  const copies = relationKeys.flatMap((subjectKey) =>
    refusals
      .filter((choice) => choice.subjectKey !== subjectKey)
      .map((choice) => ({
        subjectKey,
        choice: { ...choice, id: uuidV7(choice.recordedAt, random(10)) },
        context: { signal: choice.context.signal, ...(choice.context.origin && { origin: choice.context.origin }) },
      })),
  )
  await insertChoices(tx, copies)
  await refoldStandings(tx, [...rows.values()], now)
}

/** The same for a page, which shows contact points that belong to nobody too. How many refusals go on holding. */
export function forgetPerson(
  { db, random, clock }: Pick<Hub, 'db' | 'random' | 'clock'>,
  { key, actor }: { readonly key: string; readonly actor: string },
): Promise<number> {
  const now = clock()
  return transact(db, async (tx) => {
    if ((await findRelations(tx, [key])).has(key)) {
      const outcome = await erasePerson(tx, random, key, now, actor)
      return outcome.kind === 'erased' ? outcome.refusalsKept : 0
    }
    await eraseContactPoint(tx, random, key, now, actor)
    return (await listChoices(tx, [key])).filter(({ withdrawnAt }) => withdrawnAt === null).length
  })
}
