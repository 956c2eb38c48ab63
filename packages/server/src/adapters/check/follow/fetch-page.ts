import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** A reader who waits longer has gone. */
const pageMsMax = 10_000
/** A page with a form has a few kilobytes; only words are looked at. */
const pageBytesMax = 512 * 1024
/** A tracker and a shortener make two; browsers give up at twenty. */
const redirectsMax = 5

export type FetchedPage =
  | {
      readonly kind: 'page'
      readonly status: number
      /** Where it came from in the end. */
      readonly url: string
      readonly redirects: number
      readonly body: string
    }
  /** `not_public`, `too_slow`, `no_web_address`, `too_many_redirects`, or the code of a system error. */
  | { readonly kind: 'failed'; readonly reason: string }

export type FetchPage = (url: string) => Promise<FetchedPage>

/**
 * GETs a page as a reader's program would: no cookies, no script, at most five redirects, ten seconds a step and 512 KB.
 * Addresses within the own network are refused, but for `trustedOrigin`, where the hub itself may run.
 */
export function pageFetcher(trustedOrigin: string): FetchPage {
  return async (start) => {
    let url = start
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const answer = await getOnce(url, new URL(url).origin === trustedOrigin)
      if (answer.kind === 'failed') return answer
      const { status, location, body } = answer
      if (status < 300 || status >= 400 || location === undefined) return { kind: 'page', status, url, redirects, body }
      const next = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (next === undefined || !/^https?:$/.test(next.protocol)) return failed('no_web_address')
      url = next.href
    }
    return failed('too_many_redirects')
  }
}

type Answer = { readonly kind: 'answer'; readonly status: number; readonly location?: string; readonly body: string }

function getOnce(text: string, isTrusted: boolean): Promise<Answer | ReturnType<typeof failed>> {
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isTrusted && !isPublicAddress(host)) return Promise.resolve(failed(notPublic))
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(pageMsMax)
    const headers = { accept: 'text/html', 'user-agent': 'verzet-check' }
    const sent = request(url, { headers, signal, agent: false, ...(!isTrusted && { lookup: publicLookup }) })
    sent.on('error', (error) => resolve(failed(signal.aborted ? 'too_slow' : codeOf(error))))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const done = () => {
        const { statusCode = 0, headers: received } = response
        const location = received.location === undefined ? {} : { location: received.location }
        resolve({ kind: 'answer', status: statusCode, ...location, body: Buffer.concat(chunks).toString('utf8') })
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= pageBytesMax) chunks.push(chunk)
        else response.destroy()
      })
      response.on('close', done)
      response.on('error', () => {})
    })
    sent.end()
  })
}

const notPublic = 'not_public'

/** Asked for the very connection, so that a name cannot show one address to the guard and another to the socket. */
const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null || first === undefined) return done(error ?? new Error('no address'), '', 4)
    if (addresses.some(({ address }) => !isPublicAddress(address))) {
      return done(Object.assign(new Error(notPublic), { code: notPublic }), '', 4)
    }
    if (options.all) done(null, addresses)
    else done(null, first.address, first.family)
  })
}

function failed(reason: string) {
  return { kind: 'failed', reason } as const
}

/** The message of a system error repeats the name; its code says enough. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}
