import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Point } from '../../../../test/people.ts'
import { PublicPages } from '../../../../test/public-pages.ts'

let pages: PublicPages
let jan: Point

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  jan = await pages.customer()
})

describe('rule 3: a header carries no choice', () => {
  const scopeAfter = async (
    oneClick: 'all' | 'channel' | 'topic',
    offered: readonly ('all' | 'channel' | 'topic')[],
    topic = 'news',
  ) => {
    pages.pass(1_000)
    await pages.configure({ oneClick })
    expect((await pages.oneClick(await pages.link(jan, { offered, topic }))).status).toBe(200)
    await pages.configure({})
    const [row] = await pages.hub.db.query(
      'select brand, channel, topic from choices order by recorded_at desc, id desc limit 1',
    )
    return row
  }
  const everything = { brand: null, channel: null, topic: null }

  it('and means everything as long as the brand narrows nothing', async () => {
    expect(await scopeAfter('all', ['all', 'topic'])).toEqual(everything)
  })

  it.each([[[]], [['all']], [['topic']], [['channel', 'topic']], [['all', 'channel']]] as const)(
    'and means everything when the message offered only %j beside it',
    async (offered) => {
      expect(await scopeAfter('topic', offered)).toEqual(everything)
    },
  )

  it('is as narrow as the brand says when the message offered both', async () => {
    expect(await scopeAfter('topic', ['all', 'topic'])).toEqual({ brand: 'acme', channel: null, topic: 'news' })
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'offers')).toBe('allow customer_relation')
    expect(await scopeAfter('channel', ['all', 'channel'])).toEqual({ brand: null, channel: 'email', topic: null })
    expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')
  })

  it('never succeeds without an effect: about a service topic it means everything', async () => {
    expect(await scopeAfter('topic', ['all', 'topic'], 'orders')).toEqual(everything)
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'orders')).toBe('allow service')
  })
})
