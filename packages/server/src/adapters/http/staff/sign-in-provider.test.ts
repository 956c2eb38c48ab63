import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientId, clientSecret, LoginProvider, type ProviderAccount } from '../../../../test/login-provider.ts'
import { type DeskAnswer, hiddenFields, mainOf, StaffDesk } from '../../../../test/staff-desk.ts'
import { addStaff } from '../../../services/staff/accounts.ts'
import type { Role } from '../../../services/staff/permissions.ts'
import { freshForMs } from '../../../services/staff/sessions.ts'
import { findStaffByEmail } from '../../../storage/staff.ts'
import { openIdProvider } from '../../oidc/openid-provider.ts'

const origin = 'https://verzet.example'
const redirectUri = `${origin}/sign-in/provider/callback`
const accounts = new Map<string, ProviderAccount>([
  ['els', { email: 'Els@acme.example', isEmailVerified: true }],
  ['unverified', { email: 'boss@acme.example', isEmailVerified: false }],
  ['stranger', { email: 'stranger@acme.example', isEmailVerified: true, groups: ['sales'] }],
  ['impostor', { email: 'els@acme.example', isEmailVerified: true }],
  ['dpo', { email: 'dpo@acme.example', isEmailVerified: true, groups: ['privacy', 'everybody'] }],
])
let login: LoginProvider
let desk: StaffDesk

const providerWith = (rolesOf?: ReadonlyMap<string, Role>, issuer = login.issuer) =>
  openIdProvider(
    { issuer, clientId, clientSecret, redirectUri, ...(rolesOf && { rolesOf, rolesClaim: 'groups' }) },
    Date.now,
  )

beforeAll(async () => {
  login = await LoginProvider.start(redirectUri, accounts)
  // The provider's tokens carry real moments, so the hub's clock is near them.
  desk = await StaffDesk.open(origin, { provider: providerWith(), now: Date.now() })
  for (const email of ['els@acme.example', 'boss@acme.example']) await addStaff(desk.hub, email, ['agent'], 'test')
})
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]()
  await login?.[Symbol.asyncDispose]()
})

const cookieOf = ({ headers }: DeskAnswer, name = 'note') =>
  new RegExp(`__Host-verzet-${name}=[^;,]+`).exec(headers['set-cookie'] ?? '')?.[0] ?? ''

/** From our page to the provider and back; the answer to the way back. */
async function throughProvider(at: StaffDesk, subject: string, path = '/sign-in/provider', cookie = '') {
  const begun = await at.get(path, cookie)
  const back = new URL(await login.signIn(begun.headers.location ?? '', subject))
  const callback = `${back.pathname}${back.search}`
  const note = cookieOf(begun)
  return { callback, note, answer: await at.get(callback, [cookie, note].filter(Boolean).join('; ')) }
}

describe('signing in at an OpenID provider', () => {
  it('lets in an account of a verified address, where they wanted to go', async () => {
    const { answer } = await throughProvider(desk, 'els', '/sign-in/provider?next=/account')
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
    const page = await desk.get('/account', cookieOf(answer, 'session'))
    expect(mainOf(page)).toContain('els@acme.example')
  })

  it('sets out with PKCE, a state and a nonce, and writes nothing', async () => {
    const { headers } = await desk.get('/sign-in/provider')
    const asked = new URL(headers.location ?? '').searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(20)
    expect(asked.get('redirect_uri')).toBe(redirectUri)
  })

  it('refuses an answer that this browser did not ask for, or that is given twice', async () => {
    const begun = await desk.get('/sign-in/provider')
    const { callback, note, answer } = await throughProvider(desk, 'els')
    expect(answer.status).toBe(303)
    expect((await desk.get(callback)).status).toBe(401)
    expect((await desk.get(callback, cookieOf(begun))).status).toBe(401)
    expect((await desk.get(callback, note)).status).toBe(401)
    expect((await desk.get('/sign-in/provider/callback?error=access_denied&state=x', note)).status).toBe(401)
  })

  it('does not believe an address that the provider did not check, nor lets in whom nobody added', async () => {
    for (const subject of ['unverified', 'stranger']) {
      const { answer } = await throughProvider(desk, subject)
      expect(answer.status).toBe(403)
      expect(mainOf(answer)).toContain('geen account van u')
    }
  })

  it('does not open an account to another one at the provider that got its address', async () => {
    expect((await throughProvider(desk, 'els')).answer.status).toBe(303)
    expect((await throughProvider(desk, 'impostor')).answer.status).toBe(403)
  })

  it('confirms who is at the keyboard, and only them', async () => {
    const session = cookieOf((await throughProvider(desk, 'els')).answer, 'session')
    desk.pass(freshForMs)
    const path = '/sign-in/provider?confirm=1&next=/account'
    // The token carries the real moment of the proof; the hub's clock is minutes ahead of it by now.
    const other = await throughProvider(desk, 'dpo', path, session)
    expect(other.answer.status).toBe(401)
    const { answer } = await throughProvider(desk, 'els', path, session)
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
    expect((await desk.get('/account/passkeys/options', session)).headers.location).toContain('/sign-in')
    expect((await desk.get('/account/passkeys/options', cookieOf(answer, 'session'))).status).toBe(200)
  })

  it('says how to sign out there too', async () => {
    const session = cookieOf((await throughProvider(desk, 'els')).answer, 'session')
    const out = await desk.post('/sign-out', hiddenFields(await desk.get('/account', session), '/sign-out'), session)
    expect(out.status).toBe(200)
    expect(out.text).toContain(`${login.issuer}/session/end?`)
    expect((await desk.get('/account', session)).status).toBe(303)
  })

  it('says so when the provider cannot be reached', async () => {
    const provider = providerWith(undefined, 'http://127.0.0.1:9')
    await using alone = await StaffDesk.open(origin, { provider })
    expect((await alone.get('/sign-in/provider')).status).toBe(503)
    expect((await alone.get('/sign-in')).status).toBe(200)
  })
})

describe('roles from the provider', () => {
  it('add whom a group names, follow the groups, and let nobody in without one', async () => {
    const rolesOf = new Map<string, Role>([['privacy', 'privacy_officer']])
    await using mapped = await StaffDesk.open(origin, { provider: providerWith(rolesOf), now: Date.now() })
    expect((await throughProvider(mapped, 'dpo')).answer.status).toBe(303)
    expect((await findStaffByEmail(mapped.hub.db, 'dpo@acme.example'))?.roles).toEqual(['privacy_officer'])
    expect((await throughProvider(mapped, 'stranger')).answer.status).toBe(403)
    expect(await findStaffByEmail(mapped.hub.db, 'stranger@acme.example')).toBeUndefined()
    accounts.set('dpo', { email: 'dpo@acme.example', isEmailVerified: true, groups: [] })
    expect((await throughProvider(mapped, 'dpo')).answer.status).toBe(403)
  })
})
