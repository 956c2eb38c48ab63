import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { saveTestRelation } from '../../test/people.ts'
import { findPeople } from '../services/people/find-people.ts'
import { transact } from './database.ts'
import { findByName } from './people-search.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
  const names = [
    'André Legrand',
    'Andrea De Bruyne',
    'Zoë Strauß',
    'Øystein Łukaszewski',
    'Chloe\u0301 D’Hondt',
    'Ĳsbrand Cœur',
    'Δημήτρης Παπάς',
  ]
  for (const [index, name] of names.entries()) await saveTestRelation(hub, `N-${index}`, [], { name })
})
afterAll(() => hub[Symbol.asyncDispose]())

async function namesFound(typed: string): Promise<(string | null)[]> {
  const found = await findPeople(hub, typed)
  return found.kind === 'people' ? found.people.map(({ name }) => name) : [found.kind]
}

describe('a name that is looked for', () => {
  it.each([
    ['Andre', ['André Legrand', 'Andrea De Bruyne']],
    ['ANDRÉ L', ['André Legrand']],
    ['andrea', ['Andrea De Bruyne']],
    ['zoe', ['Zoë Strauß']],
    ['Strauss', ['Zoë Strauß']],
    ['Strauß', ['Zoë Strauß']],
    ['oystein', ['Øystein Łukaszewski']],
    ['lukas', ['Øystein Łukaszewski']],
    ['Chloé', ['Chloe\u0301 D’Hondt']],
    ['Chloe\u0301', ['Chloe\u0301 D’Hondt']],
    ["d'hondt", ['Chloe\u0301 D’Hondt']],
    ['IJsbrand', ['Ĳsbrand Cœur']],
    ['coeur', ['Ĳsbrand Cœur']],
    ['Παπάς', ['Δημήτρης Παπάς']],
    ['Andres', ['nobody']],
  ])('is found without its accents: %s', async (typed, expected) => {
    expect(await namesFound(typed)).toEqual(expected)
  })

  it('is read from the two indexes, in their order', async () => {
    const plan = await transact(hub.db, async (tx) => {
      await tx.execute('set local enable_seqscan = off')
      await tx.execute('set local enable_sort = off')
      return tx.query<{ 'QUERY PLAN': string }>(`explain ${findByName.text}`, ['andre', '\u{10FFFF}', 21])
    })
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n')
    expect(lines).toContain('Index Scan using relations_plain_name')
    expect(lines).toContain('Index Scan using relations_plain_family_name')
  })
})
