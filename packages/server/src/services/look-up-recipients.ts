import type { Queryable } from '../storage/database.ts'
import { findRelations } from '../storage/relations.ts'
import { tiesOfContactPoints } from '../storage/ties.ts'
import type { GateAnswer } from './ask-gate.ts'
import { askHubGate } from './ask-hub-gate.ts'
import type { Hub } from './hub.ts'
import type { KeyedContactPoint } from './ports.ts'

export type RecipientQuestion = {
  readonly recipient: KeyedContactPoint
  readonly brand: string
  readonly topic: string
  readonly campaign?: string
}

export type RecipientAnswer = {
  readonly decision: GateAnswer
  /** What the person is known to read; undefined where nobody knows. */
  readonly language: string | undefined
}

/**
 * Asks the gate about the recipients of mails and reads their language, in order. Counts nothing: a mail that may leave
 * is claimed when it does. Throws when the database cannot be read.
 */
export async function lookUpRecipients(
  hub: Pick<Hub, 'db' | 'catalog' | 'secrets' | 'gateMemory'>,
  questions: readonly RecipientQuestion[],
  now: number,
): Promise<RecipientAnswer[]> {
  const asked = questions.map(({ recipient, brand, topic, campaign }) => ({
    contactPoint: { type: recipient.contactPoint.type, value: recipient.contactPoint.normalised },
    brand,
    channel: 'email' as const,
    topic,
    ...(campaign !== undefined && { campaign }),
  }))
  const [decisions, languages] = await Promise.all([
    askHubGate(hub, asked, now),
    readLanguages(
      hub.db,
      questions.map(({ recipient }) => recipient.key),
    ),
  ])
  return questions.map(({ recipient }, index) => {
    const decision = decisions[index]
    if (decision === undefined) throw new Error('the gate left a question unanswered')
    return { decision, language: languages.get(recipient.key) }
  })
}

/** Of people who share an address the language is known only when they share it too. */
async function readLanguages(db: Queryable, keys: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
  const ties = (await tiesOfContactPoints(db, [...new Set(keys)])).filter((tie) => tie.endedAt === null)
  if (ties.length === 0) return new Map()
  const relations = await findRelations(db, [...new Set(ties.map((tie) => tie.relationKey))])
  const languages = new Map<string, string | undefined>()
  for (const { contactKey, relationKey } of ties) {
    const language = relations.get(relationKey)?.language ?? undefined
    const isShared = !languages.has(contactKey) || languages.get(contactKey) === language
    languages.set(contactKey, isShared ? language : undefined)
  }
  return languages
}
