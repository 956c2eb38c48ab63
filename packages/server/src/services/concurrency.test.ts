import type { Standing } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { transact } from '../storage/database.ts'
import { findStandings, lockStandings } from '../storage/standings.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { KeyedContactPoint } from './ports.ts'
import { refoldStandings } from './refold-standings.ts'
import { storeRelation } from './store-relation.ts'
import { submitChoice } from './submit-choice.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(async () => hub[Symbol.asyncDispose]())

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

function name(type: 'email' | 'phone' | 'customer', value: string): KeyedContactPoint {
  const named = keyContactPoint(hub.secrets, { type, value })
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

const put = (externalId: string, values: string[]) =>
  storeRelation(
    hub,
    { named: name('customer', externalId), contactPoints: values.map((value) => ({ type: 'email' as const, value })) },
    hub.clock(),
    'test',
  )

function say(
  subject: Parameters<typeof submitChoice>[1]['subject'],
  kind: 'objection' | 'consent',
  saidAt: number,
  topic?: string,
) {
  const choice = {
    subject,
    kind,
    scope: topic === undefined ? {} : { topic },
    author: 'person' as const,
    saidAt,
    context: {},
  }
  return submitChoice(hub, choice, { actor: 'test', now: hub.clock(), random: hub.random, isRepeat: false })
}

/** What the slow way makes of everything stored; it must be what the fast way left. */
async function refolded(keys: string[]): Promise<Map<string, Standing>> {
  return transact(hub.db, async (tx) => {
    const rows = await lockStandings(tx, keys)
    return refoldStandings(tx, [...rows.values()], hub.clock())
  })
}

describe('two changes of a relation and twenty choices about it at once', () => {
  it('end in the standings that a fold of everything gives', async () => {
    const values = ['a@voorbeeld.be', 'b@voorbeeld.be', 'c@voorbeeld.be']
    await put('many', values)
    const at = hub.clock() - 60_000
    const choices = range(20).map((index) => {
      const topic = index % 2 === 0 ? 'news' : index % 3 === 0 ? 'offers' : undefined
      const subject =
        index % 4 === 3
          ? { kind: 'relation' as const, externalId: 'many' }
          : { kind: 'contact_point' as const, type: 'email' as const, value: values[index % 3] ?? '' }
      return () => say(subject, index % 5 === 0 ? 'consent' : 'objection', at + index, topic)
    })
    const acts = [
      ...choices.slice(0, 10),
      () => put('many', ['a@voorbeeld.be', 'd@voorbeeld.be']),
      ...choices.slice(10),
      () => put('many', ['b@voorbeeld.be']),
    ]
    await Promise.all(acts.map((act) => act()))
    const keys = [
      name('customer', 'many').key,
      ...[...values, 'd@voorbeeld.be'].map((value) => name('email', value).key),
    ]
    const stored = await findStandings(hub.db, keys)
    const expected = await refolded(keys)
    expect(keys.map((key) => stored.get(key)?.record)).toEqual(keys.map((key) => expected.get(key)))
  })
})

describe('people who share a contact point', () => {
  it('are recorded at once without waiting for each other in a circle', async () => {
    await Promise.all(range(6).map((index) => put(`p${index}`, ['shared@voorbeeld.be', `own${index}@voorbeeld.be`])))
    const outcomes = await Promise.all(
      range(60).map((index) =>
        say({ kind: 'contact_point', type: 'email', value: `own${index % 6}@voorbeeld.be` }, 'objection', index + 1),
      ),
    )
    expect(outcomes.every((outcome) => outcome.kind === 'recorded')).toBe(true)
    const shared = (await findStandings(hub.db, [name('email', 'shared@voorbeeld.be').key])).get(
      name('email', 'shared@voorbeeld.be').key,
    )
    expect(shared?.record.groups).toHaveLength(6)
    expect(shared?.record.groups.every((group) => group.items.length > 0)).toBe(true)
  })
})

describe('a standing', () => {
  it('of a contact point alone is the fold of its own choices', async () => {
    const subject = { kind: 'contact_point' as const, type: 'email' as const, value: 'alone@voorbeeld.be' }
    await Promise.all(
      range(10).map((index) => say(subject, index % 2 === 0 ? 'objection' : 'consent', index + 1, `news`)),
    )
    const { key } = name('email', 'alone@voorbeeld.be')
    const stored = (await findStandings(hub.db, [key])).get(key)
    expect(stored?.record).toEqual((await refolded([key])).get(key))
  })
})
