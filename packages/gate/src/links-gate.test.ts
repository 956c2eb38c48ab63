import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GateLinks } from './links-gate.ts'

const secret = Buffer.alloc(32, 7).toString('base64')
const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
const key = {
  keyId: 1,
  macKey: secret,
  cipherKey: secret,
  contactPointInner: secret,
  contactPointOuter: secret,
  url: 'https://optout.example',
  mailDomain: 'in.optout.example',
  brands: [
    { id: 'acme', number: 1, country: 'BE', topics: [{ id: 'news', number: 1, listId: 'news.acme' }], campaigns: [] },
  ],
}

/** A hub that gives its key and takes contact points, unless it is told otherwise. */
let hub: Server
let url: string
let isAway: boolean
let refused: string | undefined
let told: string[][]

beforeEach(async () => {
  isAway = false
  refused = undefined
  told = []
  hub = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    if (isAway) {
      response.writeHead(503).end()
      return
    }
    if (request.url === '/v1/links/key') {
      response.end(JSON.stringify(key))
      return
    }
    const given: { contactPoints: { value: string }[] } = JSON.parse(Buffer.concat(pieces).toString())
    const values = given.contactPoints.map(({ value }) => value)
    if (values.some((value) => value === refused)) response.writeHead(422).end()
    else {
      told.push(values)
      response.end(JSON.stringify({ contactPoints: values.length }))
    }
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  const address = hub.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  url = `http://127.0.0.1:${address.port}`
})
afterEach(() => new Promise((resolve) => hub.close(resolve)))

async function open(errors: Error[] = []): Promise<GateLinks> {
  const links = new GateLinks(
    { url, key: 'vz' },
    { linkKey: 'hub', onError: (error) => errors.push(error) },
    () => undefined,
  )
  await links.refresh()
  return links
}

describe('a gate that makes links', () => {
  it('tells the hub of whom it may not know, once, many in a call', async () => {
    const links = await open()
    for (let index = 0; index < 1_500; index += 1) links.links({ type: 'email', value: `P${index}@b.be` }, about)
    await links.told()
    expect(told.map(({ length }) => length)).toEqual([1_000, 500])
    expect(told[0]?.[0]).toBe('p0@b.be')
    links.links({ type: 'email', value: 'p0@B.be' }, about)
    await links.told()
    expect(told).toHaveLength(2)
    await links.close()
  })

  it('keeps them while the hub is away, and goes on making links with the key it has', async () => {
    const errors: Error[] = []
    const links = await open(errors)
    isAway = true
    await links.refresh()
    expect(links.links({ type: 'email', value: 'a@b.be' }, about).page).toContain('https://optout.example/u/')
    await expect(links.told()).rejects.toMatchObject({ code: 'hub_unreachable' })
    isAway = false
    await links.close()
    expect(told).toEqual([['a@b.be']])
    expect(errors.map(({ message }) => message)).toContain('the hub answered 503 to GET /v1/links/key')
  })

  it('does not let one the hub refuses keep the others back', async () => {
    const errors: Error[] = []
    const links = await open(errors)
    refused = 'b@b.be'
    for (const name of ['a', 'b', 'c', 'd']) links.links({ type: 'email', value: `${name}@b.be` }, about)
    await links.close()
    expect(told.flat()).toEqual(['a@b.be', 'c@b.be', 'd@b.be'])
    expect(errors.map(({ message }) => message)).toEqual(['the hub does not take a contact point a link was made for'])
  })

  it('refuses to make links for more strangers than it can remember to tell of', async () => {
    const links = await open()
    isAway = true
    const strangers = Array.from(
      { length: 50_000 },
      (_, index) => ({ type: 'email', value: `p${index}@b.be` }) as const,
    )
    links.linksMany(strangers, about)
    const one = { type: 'email', value: 'one-too-many@b.be' } as const
    expect(() => links.linksMany([one], about)).toThrow(expect.objectContaining({ code: 'too_many_unknown' }))
    // For whom it remembers already it goes on.
    expect(links.linksMany(strangers.slice(0, 2), about).map((made) => made !== undefined)).toEqual([true, true])
    await links.close()
  })
})
