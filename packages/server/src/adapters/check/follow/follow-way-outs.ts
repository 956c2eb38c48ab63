import { type Finding, finding } from '../check-rules.ts'
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
    if (problem !== undefined) found.push(finding('link-answers', problem, wayOut.where))
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

function problemOf({ target }: FoundWayOut, address: string, page: FetchedPage): string | undefined {
  const { host } = new URL(address)
  if (page.kind === 'failed') return `A way out at ${host} does not open: ${page.reason}.`
  if (page.status !== 200) return `A way out at ${host} answers ${page.status}.`
  if (target.kind === 'own') {
    if (page.redirects > 0) return `A way out at ${host} redirects; one-click may not be redirected.`
    const name = new URL(address).pathname.split('/').at(-1) ?? ''
    return page.body.includes(name) ? undefined : `What stands at ${host} is not the page of this hub.`
  }
  if (target.kind === 'own_page') return undefined
  if (!page.url.startsWith('https:')) return `A way out at ${host} ends at http.`
  return isLogin(page) ? `A way out at ${host} ends at a login.` : undefined
}

function isLogin({ url, body }: Extract<FetchedPage, { kind: 'page' }>): boolean {
  return (
    /\/(?:log-?in|sign-?in|sso|account\/login)\b/i.test(url) || /<input\b[^>]*\btype\s*=\s*["']?password/i.test(body)
  )
}
