import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { exportJWK, exportSPKI, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Hub } from '../src/services/hub.ts'
import { addPortal, type PortalWish } from '../src/services/portal/portals.ts'
import { assertDescribed } from './described.ts'
import type { PublicPages } from './public-pages.ts'

export type Signer = (claims?: JWTPayload, header?: { alg?: string; kid?: string }) => Promise<string>
export const portalName = 'https://my.acme.example'
export const portalSite = 'https://my.acme.example'

/** A portal of Acme that signs with a shared secret. */
export async function openSharedPortal(
  hub: Hub,
  changes: Partial<PortalWish> = {},
): Promise<Signer & { secret: string }> {
  const wish = { name: portalName, brand: 'acme', origins: [portalSite], key: { kind: 'shared_secret' as const } }
  const added = await addPortal(hub, { ...wish, ...changes })
  if (added.kind !== 'added' || added.secret === undefined) throw new Error('no portal was added')
  const { secret } = added
  const sign: Signer = (claims, header) =>
    signed(hub, claims, { alg: 'HS256', ...header }, Buffer.from(secret), changes.name)
  return Object.assign(sign, { secret })
}

/** A token as a portal signs it: for five minutes, to this hub. */
export function signed(
  hub: Hub,
  claims: JWTPayload = {},
  header: { alg: string; kid?: string },
  key: Uint8Array | CryptoKey,
  name = portalName,
): Promise<string> {
  const now = Math.floor(hub.clock() / 1_000)
  const all = { iss: name, aud: hub.place.url, iat: now, exp: now + 300, ...claims }
  return new SignJWT(all).setProtectedHeader(header).sign(key)
}

export type KeySetServer = AsyncDisposable & {
  readonly url: string
  /** How often it was asked. */
  readonly asked: () => number
  publish(...keys: { kid: string; pair: GenerateKeyPairResult }[]): Promise<void>
  /** Answers with this instead. */
  answer(status: number, headers?: Record<string, string>, body?: string): void
}

/** Publishes keys as a portal does, on this machine. */
export async function serveKeySet(): Promise<KeySetServer> {
  let asked = 0
  let reply = { status: 200, headers: {}, body: '{"keys":[]}' }
  const server: Server = createServer((_request, response) => {
    asked += 1
    response.writeHead(reply.status, { 'content-type': 'application/jwk-set+json', ...reply.headers }).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/keys`,
    asked: () => asked,
    async publish(...given) {
      const keys = await Promise.all(
        given.map(async ({ kid, pair }) => ({ ...(await exportJWK(pair.publicKey)), kid })),
      )
      reply = { status: 200, headers: {}, body: JSON.stringify({ keys }) }
    },
    answer(status, headers = {}, body = '') {
      reply = { status, headers, body }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export async function keyPair(algorithm: 'ES256' | 'RS256') {
  const pair = await generateKeyPair(algorithm, { extractable: true })
  return { pair, pem: await exportSPKI(pair.publicKey) }
}

export type PortalAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Record<string, unknown>
  readonly text: string
}
type Fields = Readonly<Record<string, string | readonly string[]>>

/** Asks as the element does; each answer is held against the OpenAPI document. */
export async function portalLook(
  pages: PublicPages,
  token: string | undefined,
  { query = '', origin }: { query?: string; origin?: string } = {},
): Promise<PortalAnswer> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(origin && { origin }) }
  return described(pages, 'GET', `/portal/v1/person${query}`, await pages.get(`/portal/v1/person${query}`, headers))
}

export async function portalAct(
  pages: PublicPages,
  token: string,
  act: string,
  fields: Fields = {},
  { query = '', origin }: { query?: string; origin?: string } = {},
): Promise<PortalAnswer> {
  const url = `/portal/v1/acts${query}`
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...(origin && { origin }),
  }
  return described(
    pages,
    'POST',
    url,
    await pages.send('POST', url, { headers, payload: JSON.stringify({ act, fields }) }),
  )
}

function described(pages: PublicPages, method: string, url: string, answer: Omit<PortalAnswer, 'body'>): PortalAnswer {
  const body: unknown = answer.text === '' ? {} : JSON.parse(answer.text)
  assertDescribed(pages.app, method, url, { ...answer, body })
  return { ...answer, body: body as Record<string, unknown> }
}

type DrawnPart = {
  kind: string
  act?: string
  fields?: Record<string, string | string[]>
  label?: string
  words?: string
}

/** The parts of a section of a view; none where the section is not shown. */
export function partsOf({ body }: PortalAnswer, id: string): DrawnPart[] {
  const { sections } = body as { sections?: { id: string; parts: DrawnPart[] }[] }
  return sections?.find((section) => section.id === id)?.parts ?? []
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
