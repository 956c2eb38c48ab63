import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { texts } from '../../http/pages/testing/texts.ts'
import type { FoundWayOut } from '../link-rules.ts'
import { contextOf, hubUrl, page, token } from '../testing/context.ts'
import { readTarget } from '../way-out-target.ts'
import { type FetchedPage, pageFetcher } from './fetch-page.ts'
import { followWayOuts } from './follow-way-outs.ts'
import { isPublicAddress } from './public-address.ts'

function wayOut(url: string, label = 'Afmelden'): FoundWayOut {
  const target = readTarget(contextOf(), url, label)
  if (target === undefined) throw new Error(`${url} is no way out`)
  return { url, label, target, where: { kind: 'part', part: 'text' } }
}

const shown = (changes: Partial<Extract<FetchedPage, { kind: 'page' }>> = {}): FetchedPage => ({
  kind: 'page',
  status: 200,
  url: page,
  redirects: 0,
  body: `<form method="post" action="/u/${token}/stop">`,
  ...changes,
})
const follow = async (url: string, answer: FetchedPage) =>
  (await followWayOuts(async () => answer, [wayOut(url)])).map(({ key, values }) => texts.for('en')(key, values))

describe('a way out of this hub that is followed', () => {
  it('shows its own page, and is asked for once however often it is named', async () => {
    const asked: string[] = []
    const fetchPage = async (url: string) => {
      asked.push(url)
      return shown()
    }
    expect(
      await followWayOuts(
        fetchPage,
        [`${page}#stop`, `${page}#preferences`, page].map((url) => wayOut(url)),
      ),
    ).toEqual([])
    expect(asked).toEqual([page])
  })

  it.each([
    [shown({ redirects: 1 }), 'redirects; one-click may not be redirected'],
    [shown({ status: 404 }), 'answers 404'],
    [shown({ body: 'Welcome to our shop' }), 'is not the page of this hub'],
    [{ kind: 'failed', reason: 'ENOTFOUND' } as const, 'does not open: ENOTFOUND'],
  ])('is told of %j', async (answer, words) => {
    expect(await follow(page, answer)).toEqual([expect.stringContaining(words)])
  })
})

describe('a way out to elsewhere that is followed', () => {
  const elsewhere = 'https://other.example/unsubscribe'

  it.each([
    [shown({ url: 'http://other.example/bye' }), 'ends at http'],
    [shown({ url: 'https://other.example/login?next=/unsubscribe' }), 'ends at a login'],
    [shown({ url: elsewhere, body: '<INPUT name=p type="password">' }), 'ends at a login'],
  ])('is told of %j', async (answer, words) => {
    expect(await follow(elsewhere, answer)).toEqual([expect.stringContaining(words)])
  })

  it('may redirect to a page that asks for nothing', async () => {
    expect(await follow(elsewhere, shown({ url: 'https://other.example/bye', redirects: 2 }))).toEqual([])
  })
})

describe('what fetches the pages', () => {
  async function withServer<Result>(
    answer: RequestListener,
    work: (origin: string) => Promise<Result>,
  ): Promise<Result> {
    const server = createServer(answer)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    try {
      return await work(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }

  it('follows redirects, sends no cookie it was given, and stops at a page that never ends', async () => {
    const cookies: (string | undefined)[] = []
    const answer: RequestListener = (request, response) => {
      cookies.push(request.headers.cookie)
      if (request.url === '/one') response.writeHead(302, { location: '/two', 'set-cookie': 'a=b' }).end()
      else if (request.url === '/circle') response.writeHead(302, { location: '/circle' }).end()
      else if (request.url === '/endless') {
        response.on('drain', () => response.write('x'.repeat(100_000)))
        while (response.write('x'.repeat(100_000))) {}
      } else response.end('Hallo')
    }
    await withServer(answer, async (origin) => {
      const fetchPage = pageFetcher(origin)
      expect(await fetchPage(`${origin}/one`)).toMatchObject({ status: 200, redirects: 1, body: 'Hallo' })
      expect(cookies).toEqual([undefined, undefined])
      expect(await fetchPage(`${origin}/circle`)).toMatchObject({ reason: 'too_many_redirects' })
      const endless = await fetchPage(`${origin}/endless`)
      expect(endless.kind === 'page' && endless.body.length).toBeLessThanOrEqual(512 * 1024)
    })
  })

  it('knocks nowhere within the own network, by number, by name or by redirect', async () => {
    let asked = 0
    await withServer(
      (_request, response) => {
        asked += 1
        response.end()
      },
      async (origin) => {
        const fetchPage = pageFetcher(hubUrl)
        const local = origin.replace('127.0.0.1', 'localhost')
        for (const url of [origin, local, 'http://169.254.169.254/latest/meta-data', 'http://[::1]/']) {
          expect(await fetchPage(url)).toEqual({ kind: 'failed', reason: 'not_public' })
        }
        expect(asked).toBe(0)
      },
    )
    const away: RequestListener = (_request, response) =>
      response.writeHead(302, { location: 'http://10.0.0.1/admin' }).end()
    const answered = await withServer(away, (origin) => pageFetcher(origin)(origin))
    expect(answered).toMatchObject({ kind: 'failed' })
  })

  it.each([
    ['93.184.215.14', true],
    ['2606:2800:220:1::1', true],
    ['172.31.255.255', false],
    ['100.100.100.200', false],
    ['fd00::1', false],
    ['::ffff:10.0.0.1', false],
    ['2002:a00:1::', false],
    ['not an address', false],
  ])('takes %s for public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic)
  })
})
