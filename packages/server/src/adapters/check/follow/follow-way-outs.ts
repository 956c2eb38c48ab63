import { type Finding, finding } from '../finding.ts'
import type { FoundWayOut } from '../link-rules.ts'
import type { FetchedPage, FetchPage } from './fetch-page.ts'

/** Ways out in one message lead to one or two places, each named a few times. */
const followedMax = 20

/**
 * GETs each way out once, as a link scanner does, and says what stood there. A way out of this hub has to show its own
 * page without a redirect (RFC 8058 §3.1 allows the one-click POST to the same address none); one elsewhere has to end
 * at a page over https that is no login.
 */
export async function followWayOuts(fetchPage: FetchPage, wayOuts: readonly FoundWayOut[]): Promise<Finding[]> {
  const byAddress = new Map<string, FoundWayOut>()
  for (const wayOut of wayOuts) {
    const address = addressOf(wayOut.url)
    if (address !== undefined && !byAddress.has(address)) byAddress.set(address, wayOut)
  }
  const found: Finding[] = []
  for (const [address, wayOut] of [...byAddress].slice(0, followedMax)) {
    const problem = problemOf(wayOut, address, await fetchPage(address))
    if (problem !== undefined) found.push(problem)
  }
  return found
}

/** Without the fragment, which no server sees. */
function addressOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) return undefined
  url.hash = ''
  return url.href
}

function problemOf({ target, where }: FoundWayOut, address: string, page: FetchedPage): Finding | undefined {
  const { host } = new URL(address)
  if (page.kind === 'failed') return finding('link-answers.failed', { host, reason: page.reason }, where)
  if (page.status !== 200) return finding('link-answers.status', { host, status: String(page.status) }, where)
  if (target.kind === 'own') {
    if (page.redirects > 0) return finding('link-answers.redirects', { host }, where)
    const name = new URL(address).pathname.split('/').at(-1) ?? ''
    return page.body.includes(name) ? undefined : finding('link-answers.page', { host }, where)
  }
  if (target.kind === 'own_page') return undefined
  if (!page.url.startsWith('https:')) return finding('link-answers.http', { host }, where)
  return isLogin(page) ? finding('link-answers.login', { host }, where) : undefined
}

function isLogin({ url, body }: Extract<FetchedPage, { kind: 'page' }>): boolean {
  return (
    /\/(?:log-?in|sign-?in|sso|account\/login)\b/i.test(url) || /<input\b[^>]*\btype\s*=\s*["']?password/i.test(body)
  )
}
