import { createHash } from 'node:crypto'
import { type Decision, decisionReasons, type Purpose } from '@verzet/core'
import type { FeedSource } from './feed-client.ts'
import { type About, denied, type GateCatalog, type GivenContactPoint } from './questions.ts'

const answerMsMax = 10_000

/** What a replica needs beside the feed (`GET /v1/gate/replica`). */
export type ReplicaTerms = {
  readonly fingerprintKey: Uint8Array
  readonly catalog: GateCatalog
  /** About how many contact points the hub knows something about. */
  readonly entries: number
  readonly etag: string | undefined
  /** Another one where a backup was restored: its changes have the numbers of others. A hub of before has none. */
  readonly feed: string | undefined
}

/** Tells the deployments, and the feeds of each, apart without giving the key away. */
export function deploymentOf({ fingerprintKey, feed }: ReplicaTerms): string {
  return createHash('sha256')
    .update(fingerprintKey)
    .update(feed ?? '')
    .digest('hex')
}

export class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable'
  readonly code = 'hub_unreachable'
}

/** Undefined when nothing changed since the tag. @throws {HubUnreachable} */
export async function readTerms(
  source: FeedSource,
  signal: AbortSignal,
  etag?: string,
): Promise<ReplicaTerms | undefined> {
  const response = await ask(source, '/v1/gate/replica', {
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
    ...(etag !== undefined && { headers: { 'if-none-match': etag } }),
  })
  if (response.status === 200) return parseTerms(await response.json(), response.headers.get('etag') ?? undefined)
  // What is not read keeps its connection.
  await response.body?.cancel()
  if (response.status === 304) return undefined
  throw new HubUnreachable(`the hub answered ${response.status} to GET /v1/gate/replica`)
}

/** Asks the hub, which counts the message when it allows it. @throws {HubUnreachable} */
async function claimAtHub(source: FeedSource, contactPoint: GivenContactPoint, about: About): Promise<Decision> {
  const response = await ask(source, '/v1/gate/claim', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contactPoint, ...about }),
    signal: AbortSignal.timeout(answerMsMax),
  })
  if (response.status === 200) return readDecision(await response.json())
  await response.body?.cancel()
  throw new HubUnreachable(`the hub answered ${response.status} to a claim`)
}

/** No answer means not sending. */
export async function claimOrDeny(
  source: FeedSource,
  contactPoint: GivenContactPoint,
  about: About,
  report: (error: unknown) => void,
): Promise<Decision> {
  try {
    return await claimAtHub(source, contactPoint, about)
  } catch (error) {
    report(error)
    return denied('stale')
  }
}

async function ask({ url, key }: FeedSource, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(path, url), { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } })
  } catch (error) {
    throw new HubUnreachable('the hub cannot be reached', { cause: error })
  }
}

function parseTerms(value: unknown, etag: string | undefined): ReplicaTerms {
  const { fingerprintKey, feed, brands, registers, entries } = objectOf(value)
  if (typeof fingerprintKey !== 'string' || typeof entries !== 'number') throw notTerms()
  return {
    fingerprintKey: Buffer.from(fingerprintKey, 'base64'),
    entries,
    etag,
    feed: feed === undefined ? undefined : textOf(feed),
    catalog: {
      brands: listOf(brands).map((brand) => ({
        id: textOf(brand.id),
        country: textOf(brand.country),
        pledgedRegisters: textsOf(brand.pledgedRegisters),
        topics: listOf(brand.topics).map((topic) => ({ id: textOf(topic.id), purpose: purposeOf(topic.purpose) })),
      })),
      registers: Object.fromEntries(
        Object.entries(objectOf(registers)).map(([id, at]) => [id, Date.parse(textOf(at))]),
      ),
    },
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notTerms()
  return Object.fromEntries(Object.entries(value))
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw notTerms()
  return value.map(objectOf)
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) throw notTerms()
  return value.map(textOf)
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw notTerms()
  return value
}

function purposeOf(value: unknown): Purpose {
  if (value !== 'marketing' && value !== 'service') throw notTerms()
  return value
}

function notTerms(): HubUnreachable {
  return new HubUnreachable('what the hub answered to GET /v1/gate/replica is not of this version')
}

/** What is no decision of this version sends nothing. */
function readDecision(value: unknown): Decision {
  if (typeof value !== 'object' || value === null) throw new HubUnreachable('the hub answered a claim with no decision')
  const { decision, reason, until, choiceId, rulePack }: Record<string, unknown> = { ...value }
  const known = decisionReasons.find((one) => one === reason)
  if ((decision !== 'allow' && decision !== 'deny' && decision !== 'defer') || known === undefined) {
    throw new HubUnreachable('the hub answered a claim with a decision of another version')
  }
  return {
    decision,
    reason: known,
    ...(typeof until === 'string' && { until: Date.parse(until) }),
    ...(typeof choiceId === 'string' && { choiceId }),
    rulePack: String(rulePack),
  }
}
