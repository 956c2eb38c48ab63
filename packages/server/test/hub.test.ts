import { expect, it } from 'vitest'
import { createTestHub } from './hub.ts'

it('opens a hub with two brands on a database of its own', async () => {
  await using hub = await createTestHub({ now: () => Date.UTC(2026, 10, 21) })
  expect(hub.catalog.brands().map((brand) => brand.id)).toEqual(['acme', 'globex'])
  expect(hub.catalog.topics('acme').map((topic) => topic.purpose)).toEqual(['marketing', 'marketing', 'service'])
  expect(hub.clock()).toBe(Date.UTC(2026, 10, 21))
})
