import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email, phone, saveTestRelation } from '../../../../test/people.ts'
import { shownFields } from '../../../../test/shown-fields.ts'
import { type DeskAnswer, mainOf, StaffDesk } from '../../../../test/staff-desk.ts'
import { openWords } from '../../../../test/staff-rooms.ts'
import { addStaff } from '../../../services/staff/accounts.ts'
import { savePermissionSet } from '../../../services/staff/permission-sets.ts'
import { findAll, readPage, textOf } from '../pages/testing/read-page.ts'
import { staffRoutes } from './staff-routes.ts'

const els = email('els@voorbeeld.example')
const number = phone('+32470550001')
let desk: StaffDesk
let cookie: string
let staffId: string
let token: string

beforeAll(async () => {
  desk = await StaffDesk.open()
  const roles = ['administrator', 'privacy_officer', 'agent', 'marketer'] as const
  ;({ cookie, staffId } = await desk.member('all@acme.example', ...roles))
  await saveTestRelation(desk.hub, 'P-1', [els, number], { country: 'BE', name: 'Els Maes' })
  await openWords(desk.hub, els)
  const added = await addStaff(desk.hub, 'new@acme.example', ['agent'], 'test')
  token = added.kind === 'done' ? (added.link?.token ?? '') : ''
})
afterAll(() => desk[Symbol.asyncDispose]())

const page = (url: string) => () => desk.get(url, cookie)

/** The page that a form of one room leads to, on which the next form stands. */
const answerTo = (url: string, path: string, fields: () => Record<string, string>) => async () => {
  const shown = shownFields(await desk.get(url, cookie), path)
  return desk.post(path, { ...shown, ...fields() }, cookie)
}
const caller = answerTo('/desk', '/desk/search', () => ({ contact: number.value }))
const person = answerTo('/people', '/people/search', () => ({ who: els.value }))
const recorded = async () => {
  const form = shownFields(await caller(), '/desk/record')
  return desk.post('/desk/record', { ...form, digit: '1' }, cookie)
}

type Refused = {
  readonly path: string
  readonly from: () => Promise<DeskAnswer>
  readonly typed: Record<string, string>
  readonly status?: number
}

const longNote = 'Vroeg het zelf, aan de balie in Gent'
const refused: readonly Refused[] = [
  { path: '/sign-in', from: () => desk.get('/sign-in'), typed: { email: 'ann@acme.example' }, status: 401 },
  { path: '/account/passkeys/add', from: page('/account'), typed: { name: 'Laptop thuis' } },
  { path: '/desk/search', from: page('/desk'), typed: { contact: 'wie is dit?' } },
  { path: '/desk/record', from: caller, typed: { digit: '9', words: 'Belt liever zelf terug' } },
  { path: '/desk/consent', from: caller, typed: { topic: 'acme news', channel: 'phone', note: 'ok' } },
  { path: '/desk/consent', from: caller, typed: { topic: '', channel: 'sms', note: longNote } },
  { path: '/desk/consent', from: caller, typed: { topic: 'acme news', channel: '', note: longNote } },
  { path: '/desk/call', from: recorded, typed: { digit: '9' } },
  { path: '/review/decide', from: page('/review'), typed: { decision: 'narrow', scope: '', note: longNote } },
  { path: '/review/decide', from: page('/review'), typed: { decision: 'none', scope: 'acme  news', note: longNote } },
  { path: '/campaigns/hold', from: page('/campaigns'), typed: { campaign: 'x'.repeat(300), brand: 'acme' } },
  { path: '/people/search', from: page('/people'), typed: { who: 'wie@is@dit' } },
  {
    path: '/people/record',
    from: person,
    typed: { kind: 'pause', about: 'acme', channel: 'sms', said: '2031-01-01', note: longNote },
  },
  { path: '/people/merge/compare', from: person, typed: { other: 'Niemand Zo Genoemd' } },
  { path: '/check', from: page('/check'), typed: { kind: 'sms', brand: 'acme', message: '' } },
  { path: '/staff/add', from: page('/staff'), typed: { email: 'geen adres', 'role-agent': 'yes' } },
  { path: '/staff/add', from: page('/staff'), typed: { email: 'all@acme.example', 'role-marketer': 'yes' } },
  { path: '/staff/sets/save', from: page('/staff/sets'), typed: { name: 'Balie' } },
  { path: '/staff/sets/save', from: page('/staff/sets'), typed: { name: ' ', 'permission-desk': 'yes' } },
  { path: '/api-keys/add', from: page('/api-keys'), typed: { name: 'Kassa' } },
  { path: '/api-keys/add', from: page('/api-keys'), typed: { name: ' ', 'scope-gate:read': 'yes' } },
]

/** Tried below, or with the content room in content/kept.test.ts. */
const triedElsewhere = ['/sign-in/link/:token/passkey', '/staff/roles']

/** Nothing is typed into these but a password: a button, a box that says "I am sure", or what cannot be refused. */
const withoutWords = [
  '/sign-in/link/:token',
  '/sign-in/passkey',
  '/sign-out',
  '/account/confirm',
  '/account/confirm/passkey',
  '/account/passkeys/rename',
  '/account/passkeys/remove',
  '/account/sessions/end',
  '/today/seen',
  '/desk/undo',
  '/review/undo',
  '/campaigns/release',
  '/people/show',
  '/people/undo',
  '/people/merge',
  '/people/unmerge',
  '/people/export/read',
  '/people/export/file',
  '/people/erase/ask',
  '/people/erase',
  '/registers/pledge',
  '/insight/words',
  '/staff/link',
  '/staff/close',
  '/staff/open',
  '/staff/end-sessions',
  '/staff/sets/remove',
  '/approvals/show',
  '/approvals/agree',
  '/approvals/refuse',
  '/api-keys/revoke',
]

describe('a form of staff that is refused', () => {
  it.each(refused)(
    'comes back with what was typed, and says why: $path $typed',
    async ({ path, from, typed, status }) => {
      const { form: _, ...shown } = shownFields(await from(), path)
      const answer = await desk.post(path, { ...shown, ...typed, form: tokenIn(await from(), path) }, cookie)
      expect(answer.status).toBe(status ?? 422)
      const { decision: __, ...words } = typed
      expect(shownFields(answer, path)).toMatchObject(trimmed(words))
      const alerts = findAll(readPage(answer.text), '*')
        .filter(({ attributes }) => attributes.role !== undefined || attributes.class === 'error')
        .map(textOf)
      expect(alerts.filter((alert) => alert !== '')).not.toEqual([])
    },
  )

  const tokenIn = (answer: DeskAnswer, path: string) => shownFields(answer, path).form ?? ''
  /** Blanks at the ends are no words. */
  const trimmed = (words: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(words).map(([name, value]) => [name, value.trim() === '' ? expect.any(String) : value]),
    )

  it('is one of every form that there is', () => {
    const known = [...refused.map(({ path }) => path), ...triedElsewhere, ...withoutWords]
    const posts = staffRoutes.filter(({ method, url }) => method === 'POST' && !url.startsWith('/content'))
    expect(posts.map(({ url }) => url).filter((url) => !known.includes(url))).toEqual([])
  })

  it('names each field of a consent that is missing, at the field', async () => {
    const shown = shownFields(await caller(), '/desk/consent')
    const answer = readPage(
      (await desk.post('/desk/consent', { ...shown, topic: '', channel: '', note: '' }, cookie)).text,
    )
    const faulty = ['select', 'select', 'textarea'].map((tag, index) => {
      const [field] = findAll(answer, tag, { id: ['topic', 'channel', 'note'][index] ?? '' })
      return field?.attributes['aria-describedby']
    })
    expect(faulty).toEqual(['topic-error', 'channel-error', 'note-error'])
  })

  it('shows the note of a review that a colleague decided meanwhile', async () => {
    const shown = shownFields(await desk.get('/review', cookie), '/review/decide')
    const decide = (fields: Record<string, string>) => desk.post('/review/decide', { ...shown, ...fields }, cookie)
    expect((await decide({ decision: 'not_a_no' })).status).toBe(200)
    const late = await decide({ decision: 'opt_out', note: longNote })
    expect([late.status, mainOf(late)]).toEqual([422, expect.stringContaining(longNote)])
  })

  it('keeps the name of a first passkey, and the roles of an account that cannot have them', async () => {
    const path = `/sign-in/link/${token}/passkey`
    const passkey = await desk.post(path, { name: 'Telefoon', response: 'x' })
    expect([passkey.status, shownFields(passkey, path).name]).toEqual([422, 'Telefoon'])
    // The only administrator takes the role from themselves.
    const shown = shownFields(await desk.get(`/staff/member/${staffId}`, cookie), '/staff/roles')
    const { 'role-administrator': _, 'role-agent': __, ...others } = shown
    const answer = await desk.post('/staff/roles', others, cookie)
    const kept = shownFields(answer, '/staff/roles')
    expect([answer.status, kept['role-marketer'], kept['role-agent']]).toEqual([422, 'yes', undefined])
    const [error] = findAll(readPage(answer.text), 'p', { id: 'given-error' })
    expect(error && textOf(error)).toContain('laatste beheerder')
  })
})

describe('a set of permissions', () => {
  const save = (fields: Record<string, string>) => async () => {
    const { form = '' } = shownFields(await desk.get('/staff/sets', cookie), '/staff/sets/save')
    return desk.post('/staff/sets/save', { ...fields, form }, cookie)
  }
  const nameError = ({ text }: DeskAnswer) =>
    findAll(readPage(text), 'p', { role: 'alert' }).map((error) => [error.attributes.id, textOf(error)])

  it('of a name that differs in capitals alone is refused at its name, and may change its own', async () => {
    const first = await savePermissionSet(desk.hub, { name: 'Balie Gent', permissions: ['desk'] }, 'test')
    const id = first.kind === 'saved' ? first.id : ''
    const twin = await save({ name: 'BALIE  gent', 'permission-review': 'yes' })()
    expect(twin.status).toBe(422)
    expect(nameError(twin)).toEqual([['name-new-error', expect.stringContaining('hoofdletters maken geen verschil')]])
    expect((await save({ set: id, name: 'balie gent', 'permission-desk': 'yes' })()).status).toBe(303)
  })

  it('that was removed meanwhile comes back as a new one', async () => {
    const gone = '0199aaaa-0000-7000-8000-000000000000'
    const answer = await save({ set: gone, name: 'Kassa', 'permission-desk': 'yes' })()
    const inputs = findAll(readPage(answer.text), 'input', { id: 'name-new' })
    expect([answer.status, inputs.map(({ attributes }) => attributes.value)]).toEqual([422, ['Kassa']])
  })
})
