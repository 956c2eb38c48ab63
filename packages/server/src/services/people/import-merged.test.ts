import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { People } from '../../../test/importing.ts'
import { mergeRelations } from './merge-relations.ts'
import { unmergeRelations } from './unmerge-relations.ts'

let people: People
beforeAll(async () => {
  people = await People.create()
})
afterAll(() => people[Symbol.asyncDispose]())

async function merged(name: string): Promise<string> {
  await people.bringIn(people.person(`${name}-1`, [`${name}1@x.be`]), people.person(`${name}-2`, [`${name}2@x.be`]))
  people.wait(1_000)
  const [keptKey, joinedKey] = [people.key('customer', `${name}-1`).key, people.key('customer', `${name}-2`).key]
  const outcome = await mergeRelations(people.hub, { keptKey, joinedKey, actor: 'test' })
  people.wait(1_000)
  return outcome.kind === 'merged' ? outcome.id : ''
}

describe('bringing a merged person in again', () => {
  it('ties a new address to both numbers: a no under either reaches it', async () => {
    await merged('both')
    await people.bringIn(people.person('both-1', ['both3@x.be']), people.person('both-2', ['both4@x.be']))
    expect([await people.ask('both3@x.be'), await people.ask('both4@x.be')]).toEqual(['allow consent', 'allow consent'])
    await people.sayNo(people.key('customer', 'both-2'))
    const asked = ['both1@x.be', 'both2@x.be', 'both3@x.be', 'both4@x.be'].map((address) => people.ask(address))
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['deny objection']))
  })

  it('meets what was refused before under the other number', async () => {
    await merged('meets')
    await people.sayNo(people.key('customer', 'meets-2'))
    await people.bringIn(people.person('meets-1', ['meets3@x.be']))
    expect(await people.ask('meets3@x.be')).toBe('deny objection')
  })

  it('gives the new address back to its own number when they are taken apart', async () => {
    const id = await merged('apart')
    await people.bringIn(people.person('apart-1', ['apart3@x.be']))
    people.wait(1_000)
    await unmergeRelations(people.hub, {
      relationKey: people.key('customer', 'apart-1').key,
      mergeId: id,
      actor: 'test',
    })
    await people.sayNo(people.key('customer', 'apart-2'))
    expect([await people.ask('apart2@x.be'), await people.ask('apart3@x.be')]).toEqual([
      'deny objection',
      'allow consent',
    ])
    await people.sayNo(people.key('customer', 'apart-1'))
    expect(await people.ask('apart3@x.be')).toBe('deny objection')
  })
})
