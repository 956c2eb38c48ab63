import type { FeedSource } from './feed-client.ts'
import { HubUnreachable } from './hub-client.ts'
import { type LinkKey, parseLinkKey } from './links-key.ts'
import type { GivenContactPoint } from './questions.ts'

const answerMsMax = 10_000

/** Undefined when nothing changed since the tag. @throws {HubUnreachable | LinkKeyUnreadable} */
export async function readLinkKey(
  source: FeedSource,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<{ key: LinkKey; etag: string | undefined } | undefined> {
  const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag }
  const response = await ask(source, '/v1/links/key', { headers }, signal)
  if (response.status === 304) {
    await response.body?.cancel()
    return undefined
  }
  return {
    key: parseLinkKey(await bodyOf(response, 'GET /v1/links/key')),
    etag: response.headers.get('etag') ?? undefined,
  }
}

/** The number links carry a campaign by; a campaign nobody named before gets one. @throws {HubUnreachable} */
export async function nameCampaignAtHub(
  source: FeedSource,
  campaign: { brand: string; campaign: string },
  signal: AbortSignal,
): Promise<number> {
  const body = await bodyOf(await post(source, '/v1/links/campaigns', campaign, signal), 'POST /v1/links/campaigns')
  const number = typeof body === 'object' && body !== null && 'number' in body ? body.number : undefined
  if (typeof number !== 'number') throw new HubUnreachable('the hub named a campaign without a number')
  return number
}

/** False when the hub cannot take one of them. @throws {HubUnreachable} */
export async function tellContactPoints(
  source: FeedSource,
  contactPoints: readonly GivenContactPoint[],
  signal: AbortSignal,
): Promise<boolean> {
  const response = await post(source, '/v1/links/contact-points', { contactPoints }, signal)
  if (response.status === 422) {
    await response.body?.cancel()
    return false
  }
  await bodyOf(response, 'POST /v1/links/contact-points')
  return true
}

function post(source: FeedSource, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return ask(source, path, init, signal)
}

async function ask(
  { url, key }: FeedSource,
  path: string,
  init: { method?: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
    })
  } catch (error) {
    throw new HubUnreachable('the hub cannot be reached', { cause: error })
  }
}

async function bodyOf(response: Response, call: string): Promise<unknown> {
  if (response.status === 200) return response.json()
  await response.body?.cancel()
  throw new HubUnreachable(`the hub answered ${response.status} to ${call}`)
}
