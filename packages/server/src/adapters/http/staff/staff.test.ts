import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiddenFields, mainOf, password, StaffDesk } from '../../../../test/staff-desk.ts'
import { addStaff, changeStaff, linkValidityMs, renewLink } from '../../../services/staff/accounts.ts'
import { roles } from '../../../services/staff/permissions.ts'
import { sessionIdleMs, sessionLongestMs } from '../../../services/staff/sessions.ts'
import { waitMsMax } from '../../../services/staff/sign-in.ts'
import { listEvidence } from '../../../storage/evidence-log.ts'
import { guardRoutes } from './access.ts'
import { sessionCookieFor } from './cookies.ts'
import { formToken } from './form-token.ts'
import { nextPath } from './next-path.ts'
import { staffRoutes } from './staff-routes.ts'

const minuteMs = 60_000
let desk: StaffDesk
const cookies = new Map<string, string>()

beforeAll(async () => {
  desk = await StaffDesk.open()
  for (const role of roles) cookies.set(role, (await desk.member(`${role}@acme.example`, role)).cookie)
})
afterAll(() => desk[Symbol.asyncDispose]())

const cookieOf = (role: string) => cookies.get(role) ?? ''
const tokenOf = (cookie: string) => cookie.split('=')[1] ?? ''

describe('who may open which page', () => {
  it('a marketer does not see the people at the desk, nor its door', async () => {
    expect((await desk.get('/account', cookieOf('marketer'))).text).not.toContain('href="/desk"')
    expect((await desk.get('/account', cookieOf('agent'))).text).toContain('href="/desk"')
  })

  it('a route that does not say who may use it cannot be added', () => {
    const app = fastify()
    guardRoutes(app, { hub: desk.hub, cookie: undefined, refuse: (_request, reply) => reply })
    expect(() => app.get('/forgotten', () => 'open to all')).toThrow('does not say who may use it')
  })
})

describe('a form', () => {
  it.each(staffRoutes.filter(({ method }) => method === 'POST'))(
    'to $url is taken only from our own page',
    async ({ url }) => {
      const cookie = cookieOf('administrator')
      const fields = { form: formToken(tokenOf(cookie), url) }
      const elsewhere: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of elsewhere) expect((await desk.post(url, fields, cookie, headers)).status).toBe(403)
      const { status } = await desk.send(
        'POST',
        url,
        { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        '',
      )
      expect(status).toBe(403)
    },
  )

  it('without its token, with that of another act or of another session, does nothing', async () => {
    const cookie = cookieOf('agent')
    const others: Record<string, string>[] = [
      {},
      { form: formToken(tokenOf(cookie), '/desk/undo') },
      { form: formToken(tokenOf(cookieOf('marketer')), '/desk/record') },
    ]
    for (const fields of others) {
      const act = { ...fields, type: 'phone', value: '+32470123456', act: 'no_calls' }
      expect((await desk.post('/desk/record', act, cookie)).status).toBe(403)
    }
    expect(await desk.hub.db.query('select 1 from choices')).toEqual([])
  })
})

describe('a session', () => {
  it('begins with the right password and goes where the reader was', async () => {
    const form = hiddenFields(await desk.get('/sign-in?next=/account'), '/sign-in')
    const signedIn = await desk.post('/sign-in', { ...form, email: 'Agent@Acme.example', password })
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, '/account'])
    const cookie = signedIn.headers['set-cookie'] ?? ''
    expect(cookie).toMatch(/^__Host-verzet-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    const page = await desk.get('/account', cookie.split(';')[0])
    expect(mainOf(page)).toContain('agent@acme.example')
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
  })

  it('ends half an hour after it was last used, and twelve hours after it began', async () => {
    const { cookie } = await desk.member('idle@acme.example', 'agent')
    const isOpen = async () => (await desk.get('/desk', cookie)).status === 200
    desk.pass(sessionIdleMs - 1)
    expect(await isOpen()).toBe(true)
    desk.pass(sessionIdleMs)
    expect(await isOpen()).toBe(false)
    const { cookie: long } = await desk.member('long@acme.example', 'agent')
    for (let used = 0; used < sessionLongestMs; used += 25 * minuteMs) {
      expect((await desk.get('/desk', long)).status).toBe(200)
      desk.pass(25 * minuteMs)
    }
    expect((await desk.get('/desk', long)).status).toBe(303)
  })

  it('ends with signing out, a closed account and a new password; changed roles hold at once', async () => {
    const { cookie, staffId } = await desk.member('leaving@acme.example', 'agent')
    await changeStaff(desk.hub, 'leaving@acme.example', { roles: ['marketer'] }, 'test')
    expect((await desk.get('/desk', cookie)).status).toBe(403)
    const form = hiddenFields(await desk.get('/account', cookie), '/sign-out')
    const out = await desk.post('/sign-out', form, cookie)
    expect(out.headers['set-cookie']).toContain('Max-Age=0')
    expect((await desk.get('/account', cookie)).status).toBe(303)
    const acts = (await listEvidence(desk.hub.db, [staffId])).map(({ body }) => JSON.parse(body).details)
    expect(acts.map(({ act }) => act)).toEqual(
      expect.arrayContaining([
        'account_added',
        'link_made',
        'password_chosen',
        'signed_in',
        'roles_changed',
        'signed_out',
      ]),
    )
    expect(acts.find(({ act }) => act === 'signed_out').actor).toBe(`staff:${staffId}`)
    expect(JSON.stringify(acts)).not.toContain('@')
  })

  it('is nobody else’s: its secret is stored as a hash alone', async () => {
    const [row] = await desk.hub.db.query<{ text: string }>(
      'select string_agg(s::text, $1) as text from staff_sessions s',
      [' '],
    )
    expect(row?.text).not.toContain(tokenOf(cookieOf('agent')))
  })

  it('is not begun where it would travel unprotected', async () => {
    expect(sessionCookieFor('http://optout.acme.example')).toBeUndefined()
    expect(sessionCookieFor('http://127.0.0.1:8420')).toMatchObject({ name: 'verzet-session' })
    await using open = await StaffDesk.open('http://optout.acme.example')
    expect((await open.get('/sign-in')).status).toBe(403)
    expect((await open.post('/sign-in', { email: 'a@b.example', password })).status).toBe(403)
  })
})

describe('signing in', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const tryIn = (email: string, given: string) => desk.post('/sign-in', { email, password: given }, '', from('1'))

  it('says the same of a wrong password, an unknown account and a closed one', async () => {
    await desk.member('closed@acme.example', 'agent')
    await changeStaff(desk.hub, 'closed@acme.example', { isDisabled: true }, 'test')
    const answers = [
      await tryIn('agent@acme.example', 'not this one, surely'),
      await tryIn('nobody@acme.example', password),
      await tryIn('closed@acme.example', password),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(answers.map((answer) => mainOf(answer))).size).toBe(1)
  })

  it('waits longer after each failure and never for more than a quarter of an hour', async () => {
    await desk.member('guessed@acme.example', 'agent')
    for (let failure = 0; failure < 5; failure += 1) {
      expect((await tryIn('guessed@acme.example', 'a wrong one, again')).status).toBe(401)
    }
    const waiting = await tryIn('guessed@acme.example', password)
    expect([waiting.status, waiting.headers['retry-after']]).toEqual([429, '5'])
    desk.pass(5_001)
    expect((await tryIn('guessed@acme.example', 'a wrong one, again')).status).toBe(401)
    expect((await tryIn('guessed@acme.example', password)).headers['retry-after']).toBe('10')
    desk.pass(waitMsMax)
    expect((await tryIn('guessed@acme.example', password)).status).toBe(303)
    expect((await tryIn('guessed@acme.example', 'a wrong one, again')).status).toBe(401)
  })

  it('shuts nobody out: a link opens the account while guesses make it wait', async () => {
    await desk.member('victim@acme.example', 'agent')
    for (let failure = 0; failure < 5; failure += 1) await tryIn('victim@acme.example', 'a wrong one, again')
    const renewed = await renewLink(desk.hub, 'victim@acme.example', 'test')
    const path = `/sign-in/link/${renewed.kind === 'done' ? renewed.link?.token : ''}`
    const chosen = await desk.post(path, { password: 'een andere lange zin', again: 'een andere lange zin' })
    expect(chosen.status).toBe(303)
  })

  it('goes on to our own pages only', () => {
    expect(
      ['/desk', '/desk/search', '//evil.example', '/\\evil.example', 'https://evil.example', '/sign-out', '/a?b=c'].map(
        nextPath,
      ),
    ).toEqual(['/desk', '/desk/search', undefined, undefined, undefined, undefined, undefined])
  })
})

describe('the link to choose a password', () => {
  it('is opened by looking as often as somebody likes, and used once', async () => {
    const added = await addStaff(desk.hub, 'new@acme.example', ['agent'], 'test')
    const path = `/sign-in/link/${added.kind === 'done' ? added.link?.token : ''}`
    for (let look = 0; look < 3; look += 1) expect((await desk.get(path)).status).toBe(200)
    const choose = (one: string, again = one) => desk.post(path, { password: one, again })
    expect(mainOf(await choose('kort'))).toContain('te kort')
    expect(mainOf(await choose('x'.repeat(129)))).toContain('te lang')
    expect(mainOf(await choose('new@acme.example'))).toContain('geen goed wachtwoord')
    expect(mainOf(await choose(password, 'iets anders dan dat'))).toContain('niet gelijk')
    expect((await choose(password)).status).toBe(303)
    expect((await choose(password)).status).toBe(410)
  })

  it('ends after a day, and with the next one', async () => {
    const added = await addStaff(desk.hub, 'late@acme.example', ['agent'], 'test')
    const renewed = await renewLink(desk.hub, 'late@acme.example', 'test')
    const status = async (one: typeof added) =>
      (await desk.get(`/sign-in/link/${one.kind === 'done' ? one.link?.token : ''}`)).status
    expect([await status(added), await status(renewed)]).toEqual([410, 200])
    desk.pass(linkValidityMs)
    expect(await status(renewed)).toBe(410)
  })

  it('leaves one administrator always', async () => {
    const demote = () => changeStaff(desk.hub, 'administrator@acme.example', { roles: ['agent'] }, 'test')
    expect(await demote()).toEqual({ kind: 'last_administrator' })
    await desk.member('second@acme.example', 'administrator')
    expect(await demote()).toMatchObject({ kind: 'done' })
  })
})
