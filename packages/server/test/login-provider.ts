import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const clientId = 'verzet'
export const clientSecret = 'a secret of the tests, long enough for anybody'

/** Somebody's account at the provider. */
export type ProviderAccount = {
  readonly email: string
  readonly isEmailVerified: boolean
  readonly groups?: readonly string[]
}

/** An OpenID provider on this machine: oidc-provider, with accounts that sign in by naming themselves. */
export class LoginProvider implements AsyncDisposable {
  readonly issuer: string
  readonly #server: Server

  private constructor(server: Server, issuer: string) {
    this.#server = server
    this.issuer = issuer
  }

  static async start(redirectUri: string, accounts: ReadonlyMap<string, ProviderAccount>): Promise<LoginProvider> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${portOf(server)}`
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          post_logout_redirect_uris: [new URL('/sign-in', redirectUri).href],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
      // As most hosted providers do it: what was asked for is in the ID token itself.
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      cookies: { keys: ['cookies of the tests'] },
      findAccount(_context, subject) {
        const known = accounts.get(subject)
        if (known === undefined) return undefined
        const { email, isEmailVerified, groups } = known
        const claims = { sub: subject, email, email_verified: isEmailVerified, ...(groups && { groups: [...groups] }) }
        return { accountId: subject, claims: async () => claims }
      },
    })
    server.on('request', provider.callback())
    return new LoginProvider(server, issuer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Walks the provider's pages as somebody with this account; returns where it sends the browser back to. */
  async signIn(start: string, subject: string): Promise<string> {
    const cookies = new Map<string, string>()
    let url = start
    for (let step = 0; step < stepsMax; step += 1) {
      const page = await visit(url, cookies)
      if (page.location !== undefined) {
        url = new URL(page.location, url).href
        if (!url.startsWith(this.issuer)) return url
        continue
      }
      const form = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1]
      if (form === undefined) throw new Error(`the provider shows a page without a form (${page.status})`)
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? 'login'
      const fields = new URLSearchParams({ prompt, ...(prompt === 'login' && { login: subject, password: 'any' }) })
      const posted = await visit(new URL(form, url).href, cookies, fields)
      if (posted.location === undefined) throw new Error(`the provider did not go on (${posted.status})`)
      url = new URL(posted.location, url).href
      if (!url.startsWith(this.issuer)) return url
    }
    throw new Error('the provider never sent anybody back')
  }
}

/** Sign-in, consent and the redirects between them are eight. */
const stepsMax = 20

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function visit(url: string, cookies: Map<string, string>, body?: URLSearchParams) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await fetch(url, { method, headers: { cookie }, redirect: 'manual', ...(body && { body }) })
  for (const one of answer.headers.getSetCookie()) {
    const [pair = ''] = one.split(';')
    const at = pair.indexOf('=')
    if (pair.slice(at + 1) === '') cookies.delete(pair.slice(0, at))
    else cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return { status: answer.status, location: answer.headers.get('location') ?? undefined, text: await answer.text() }
}
