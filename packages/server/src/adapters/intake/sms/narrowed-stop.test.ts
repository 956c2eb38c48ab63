import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyed, phone } from '../../../../test/people.ts'
import { mintLinks } from '../../../services/mint-links.ts'
import { upsertBrand } from '../../../storage/catalog.ts'
import { listChoices } from '../../../storage/choices.ts'
import { transact } from '../../../storage/database.ts'
import { TextBench } from './testing/text-bench.ts'

let bench: TextBench
let count = 0

beforeAll(async () => {
  bench = await TextBench.open()
  const { db, catalog } = bench.hub
  const settings = { oneClick: 'channel' }
  const acme = { id: 'acme', name: 'Acme', controller: 'Acme NV', country: 'BE', settings }
  await transact(db, (tx) => upsertBrand(tx, acme, bench.now))
  await catalog.refresh()
})
afterAll(() => bench[Symbol.asyncDispose]())

/** What is refused by this answer to a text that offered everything and the channel. */
async function refusedBy(text: string) {
  count += 1
  const { db, linkRing, random, place, catalog } = bench.hub
  const number = phone(`+3247045${1000 + count}`)
  const brand = catalog.brand('acme')
  const topic = catalog.topic('acme', 'news')
  if (brand === undefined || topic === undefined) throw new Error('there is no brand')
  const offered = ['all', 'channel'] as const
  const message = { keyed: keyed(bench.hub, number), brand, topic, campaignNumber: 0, channel: 'sms' as const, offered }
  const [links] = await mintLinks(db, linkRing, random, place, [message], bench.now)
  await bench.hear(number.value, text, { reference: links?.code ?? '' })
  return (await listChoices(db, [keyed(bench.hub, number).key]))[0]?.scope
}

describe('a no to a text that offered everything and the channel, of a brand that narrows silence to the channel', () => {
  it.each(['STOP', 'stop aub', 'S T O P', '🛑', 'STOP Acme', 'stop sms'])('is to the channel: %s', async (text) => {
    expect(await refusedBy(text)).toEqual({ channel: 'sms' })
  })

  it.each(['STOP ALLES', 'stopall', 'tout arrêter, stop', 'STOP IETSANDERS', 'Stuur mij nooit meer reclame'])(
    'is to everything, because it says more than STOP: %s',
    async (text) => {
      expect(await refusedBy(text)).toEqual({})
    },
  )
})
