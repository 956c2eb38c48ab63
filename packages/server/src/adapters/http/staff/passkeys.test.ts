import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Question, SoftAuthenticator } from '../../../../test/soft-authenticator.ts'
import { type DeskAnswer, hiddenFields, mainOf, password, StaffDesk } from '../../../../test/staff-desk.ts'
import { addStaff, changeStaff } from '../../../services/staff/accounts.ts'
import { challengeValidityMs } from '../../../services/staff/passkeys.ts'
import { relyingPartyOf } from '../../../services/staff/relying-party.ts'
import { freshForMs } from '../../../services/staff/sessions.ts'
import { listEvidence } from '../../../storage/evidence-log.ts'

const origin = 'https://verzet.example'
let desk: StaffDesk

beforeAll(async () => {
  desk = await StaffDesk.open(origin, { staffPasswords: 'first-administrator' })
})
afterAll(() => desk[Symbol.asyncDispose]())

const cookieOf = ({ headers }: DeskAnswer) => (headers['set-cookie'] ?? '').split(';')[0] ?? ''

/** What a page asks the browser for, with the note that goes back with the answer. */
async function ask(path: string, cookie = ''): Promise<{ asked: Question; note: string }> {
  const answer = await desk.get(path, cookie)
  const { challenge, rp, rpId, user } = JSON.parse(answer.text)
  return { asked: { challenge, rp, rpId, user }, note: cookieOf(answer) }
}

async function linkFor(
  email: string,
  ...roles: ('agent' | 'administrator')[]
): Promise<{ path: string; staffId: string }> {
  const added = await addStaff(desk.hub, email, roles, 'test')
  if (added.kind !== 'done') throw new Error(added.kind)
  return { path: `/sign-in/link/${added.link?.token ?? ''}`, staffId: added.staff.id }
}

/** Somebody who opened their account with a passkey, as the link lets them. */
async function holder(email: string, ...roles: ('agent' | 'administrator')[]) {
  const { path, staffId } = await linkFor(email, ...roles)
  const key = new SoftAuthenticator(origin)
  const { asked, note } = await ask(`${path}/options`)
  const opened = await desk.post(`${path}/passkey`, { response: key.create(asked), name: 'telefoon' }, note)
  expect(opened.status).toBe(303)
  return { key, staffId, path, cookie: cookieOf(opened) }
}

async function signInWith(key: SoftAuthenticator, circumstances = {}) {
  const { asked, note } = await ask('/sign-in/passkey/options')
  return desk.post('/sign-in/passkey', { response: key.get(asked, circumstances) }, note)
}

describe('a passkey', () => {
  it('opens an account by its link, once, and then signs in without a name', async () => {
    const { key, path, cookie } = await holder('els@acme.example', 'agent')
    expect((await desk.get('/desk', cookie)).status).toBe(200)
    expect((await desk.get(path)).status).toBe(410)
    const signedIn = await signInWith(key)
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, '/sign-in'])
    expect((await desk.get('/desk', cookieOf(signedIn))).status).toBe(200)
  })

  it('is asked for at this site, with its holder verified, and told to nobody', async () => {
    const { asked } = await ask('/sign-in/passkey/options')
    expect(asked).toMatchObject({ rpId: 'verzet.example' })
    const { text } = await desk.get('/sign-in/passkey/options')
    expect(JSON.parse(text)).toMatchObject({ userVerification: 'required', timeout: challengeValidityMs })
    expect(JSON.parse(text).allowCredentials ?? []).toEqual([])
    expect((await desk.get('/sign-in')).headers['content-security-policy']).toContain("connect-src 'self'")
  })

  it('is refused from another site, unverified, copied, unknown or of a closed account, in the same words', async () => {
    const { key } = await holder('jan@acme.example', 'agent')
    const closed = await holder('shut@acme.example', 'agent')
    await changeStaff(desk.hub, 'shut@acme.example', { isDisabled: true }, 'test')
    await signInWith(key)
    const answers = [
      await signInWith(key, { origin: 'https://verzet.example.evil.example' }),
      await signInWith(key, { isVerified: false }),
      await signInWith(key, { count: 1 }),
      await signInWith(new SoftAuthenticator(origin)),
      await signInWith(closed.key),
      await desk.post('/sign-in/passkey', { response: '' }),
      await desk.post('/sign-in/passkey', { response: '{"id":1}' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401))
    expect(new Set(answers.map((answer) => mainOf(answer))).size).toBe(1)
    expect((await signInWith(key, { count: 9 })).status).toBe(303)
  })

  it('answers a challenge once, within five minutes, in the browser that was asked', async () => {
    const { key } = await holder('mia@acme.example', 'agent')
    const { asked, note } = await ask('/sign-in/passkey/options')
    const response = key.get(asked)
    expect((await desk.post('/sign-in/passkey', { response })).status).toBe(401)
    const other = await ask('/sign-in/passkey/options')
    expect((await desk.post('/sign-in/passkey', { response }, other.note)).status).toBe(401)
    expect((await desk.post('/sign-in/passkey', { response }, note)).status).toBe(303)
    expect((await desk.post('/sign-in/passkey', { response }, note)).status).toBe(401)
    const late = await ask('/sign-in/passkey/options')
    desk.pass(challengeValidityMs)
    expect((await desk.post('/sign-in/passkey', { response: key.get(late.asked) }, late.note)).status).toBe(401)
  })

  it('that was made for one link does not open another', async () => {
    const first = await linkFor('a@acme.example', 'agent')
    const second = await linkFor('b@acme.example', 'agent')
    const { asked, note } = await ask(`${first.path}/options`)
    const response = new SoftAuthenticator(origin).create(asked)
    expect((await desk.post(`${second.path}/passkey`, { response }, note)).status).toBe(422)
    expect((await desk.get(second.path)).status).toBe(200)
  })

  it('cannot be had where the hub is reached by a number or without https', () => {
    const at = (url: string) => relyingPartyOf({ url }, { name: 'Acme', host: 'localhost:9000' })
    expect(at('https://192.0.2.1')).toBeUndefined()
    expect(at('https://[2001:db8::1]')).toBeUndefined()
    expect(at('http://optout.example')).toBeUndefined()
    expect(at('http://localhost:8420')).toMatchObject({ id: 'localhost', origin: 'http://localhost:9000' })
    expect(at('https://optout.example:8443')).toMatchObject({
      id: 'optout.example',
      origin: 'https://optout.example:8443',
    })
  })
})

describe('the passkeys of an account', () => {
  it('come, are named and go, each as evidence without the key', async () => {
    const { cookie, staffId } = await holder('twee@acme.example', 'agent')
    const page = await desk.get('/account', cookie)
    expect(mainOf(page)).toContain('telefoon')
    const second = new SoftAuthenticator(origin)
    const { asked, note } = await ask('/account/passkeys/options', cookie)
    const fields = { ...hiddenFields(page, '/account/passkeys/add'), response: second.create(asked), name: 'sleutel' }
    expect((await desk.post('/account/passkeys/add', fields, `${cookie}; ${note}`)).status).toBe(303)
    const rename = { ...hiddenFields(page, '/account/passkeys/rename'), name: 'oude telefoon' }
    expect((await desk.post('/account/passkeys/rename', rename, cookie)).status).toBe(303)
    expect(mainOf(await desk.get('/account', cookie))).toContain('oude telefoon')
    const remove = hiddenFields(page, '/account/passkeys/remove')
    expect((await desk.post('/account/passkeys/remove', remove, cookie)).status).toBe(303)
    const now = mainOf(await desk.get('/account', cookie))
    expect([now.includes('oude telefoon'), now.includes('sleutel')]).toEqual([false, true])
    expect((await signInWith(second)).status).toBe(303)
    const acts = (await listEvidence(desk.hub.db, [staffId])).map(({ body }) => JSON.parse(body).details.act)
    expect(acts).toEqual(expect.arrayContaining(['passkey_added', 'passkey_renamed', 'passkey_removed', 'signed_in']))
  })

  it('are nobody else’s to change', async () => {
    const mine = await holder('mine@acme.example', 'agent')
    const other = await holder('other@acme.example', 'agent')
    const theirs = hiddenFields(await desk.get('/account', other.cookie), '/account/passkeys/remove').passkey ?? ''
    const fields = {
      ...hiddenFields(await desk.get('/account', mine.cookie), '/account/passkeys/remove'),
      passkey: theirs,
    }
    await desk.post('/account/passkeys/remove', fields, mine.cookie)
    expect((await signInWith(other.key)).status).toBe(303)
  })

  it('change only after a proof of who is at the keyboard, and the session goes on under another secret', async () => {
    const { key, cookie } = await holder('later@acme.example', 'agent')
    const page = await desk.get('/account', cookie)
    const remove = hiddenFields(page, '/account/passkeys/remove')
    desk.pass(freshForMs)
    const stale = await desk.post('/account/passkeys/remove', remove, cookie, { referer: `${origin}/account` })
    expect(stale.status).toBe(403)
    expect(mainOf(stale)).toContain('Er is niets gedaan')
    expect(stale.text).toContain('/account/confirm?next=%2Faccount')
    const options = await desk.get('/account/passkeys/options', cookie)
    expect(options.headers.location).toBe('/account/confirm?next=%2Faccount')
    const form = hiddenFields(await desk.get('/account/confirm?next=/account', cookie), '/account/confirm/passkey')
    const { asked, note } = await ask('/account/confirm/options', cookie)
    const confirmed = await desk.post(
      '/account/confirm/passkey',
      { ...form, response: key.get(asked) },
      `${cookie}; ${note}`,
    )
    expect([confirmed.status, confirmed.headers.location]).toEqual([303, '/account'])
    const renewed = cookieOf(confirmed)
    expect(renewed).not.toBe(cookie)
    expect((await desk.get('/account', cookie)).status).toBe(303)
    const again = hiddenFields(await desk.get('/account', renewed), '/account/passkeys/remove')
    expect((await desk.post('/account/passkeys/remove', again, renewed)).status).toBe(303)
  })

  it('of somebody else do not confirm', async () => {
    const mine = await holder('self@acme.example', 'agent')
    const other = await holder('else@acme.example', 'agent')
    const form = hiddenFields(await desk.get('/account/confirm', mine.cookie), '/account/confirm/passkey')
    const { asked, note } = await ask('/account/confirm/options', mine.cookie)
    const fields = { ...form, response: other.key.get(asked) }
    expect((await desk.post('/account/confirm/passkey', fields, `${mine.cookie}; ${note}`)).status).toBe(401)
  })
})

describe('a password', () => {
  it('is for the first administrator alone, unless the deployment says otherwise', async () => {
    await using fresh = await StaffDesk.open(origin, { staffPasswords: 'first-administrator' })
    const choose = async (email: string) => {
      fresh.pass(1_000)
      const added = await addStaff(fresh.hub, email, ['administrator'], 'test')
      const path = `/sign-in/link/${added.kind === 'done' ? added.link?.token : ''}`
      const chosen = await fresh.post(path, { password, again: password })
      return { path, page: await fresh.get(path), chosen }
    }
    expect((await choose('first@acme.example')).chosen.status).toBe(303)
    const second = await choose('second@acme.example')
    expect(second.chosen.status).toBe(422)
    expect(second.page.text).not.toContain('type="password"')
    expect(second.page.text).toContain('data-passkey="create"')
    const into = (email: string) => fresh.post('/sign-in', { email, password })
    expect((await into('first@acme.example')).status).toBe(303)
    expect((await into('second@acme.example')).status).toBe(401)
  })

  it('confirms too, and guesses at it wait', async () => {
    await using fresh = await StaffDesk.open(origin)
    const { cookie } = await fresh.member('first@acme.example', 'administrator')
    const form = hiddenFields(await fresh.get('/account/confirm?next=/staff', cookie), '/account/confirm')
    const confirm = (given: string) => fresh.post('/account/confirm', { ...form, password: given }, cookie)
    for (let guess = 0; guess < 5; guess += 1) expect((await confirm('a wrong one, again')).status).toBe(401)
    expect((await confirm(password)).status).toBe(429)
    fresh.pass(5_001)
    const confirmed = await confirm(password)
    expect([confirmed.status, confirmed.headers.location]).toEqual([303, '/staff'])
  })
})
