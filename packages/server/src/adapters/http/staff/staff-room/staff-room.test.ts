import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email, keyed, saveTestRelation } from '../../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { verifyApiKey } from '../../../../services/api-keys.ts'
import { changeStaff } from '../../../../services/staff/accounts.ts'
import { proposeLift } from '../../../../services/staff/four-eyes.ts'
import { savePermissionSet } from '../../../../services/staff/permission-sets.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'
import { findStaffByEmail } from '../../../../storage/staff.ts'
import { findAll, readPage, textOf } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let admin: { cookie: string; staffId: string }

beforeAll(async () => {
  desk = await StaffDesk.open(undefined, { hasFourEyes: true })
  admin = await desk.member('admin@acme.example', 'administrator')
})
afterAll(() => desk[Symbol.asyncDispose]())

/** Fills in the form on a page that posts to this path, as this member. */
async function submit(page: string, path: string, fields: Record<string, string>, cookie = admin.cookie) {
  const hidden = hiddenFields(await desk.get(page, cookie), path)
  return desk.post(path, { ...hidden, ...fields }, cookie)
}

const acts = async (id: string) =>
  (await listEvidence(desk.hub.db, [id]))
    .map(({ body }) => JSON.parse(body).details)
    .map(({ act, actor }) => ({ act, actor }))

const idOf = async (email: string) => (await findStaffByEmail(desk.hub.db, email))?.id ?? ''

describe('the room of staff', () => {
  it('adds somebody and shows their link once, as evidence of who did it', async () => {
    const added = await submit('/staff', '/staff/add', { email: 'Bo@acme.example', 'role-agent': 'yes' })
    expect(added.status).toBe(200)
    const link = /https:\/\/verzet\.example(\/sign-in\/link\/[\w-]+)/.exec(added.text)?.[1] ?? ''
    expect((await desk.get(link)).status).toBe(200)
    const list = await desk.get('/staff', admin.cookie)
    expect(mainOf(list)).toContain('bo@acme.example')
    expect(list.text).not.toContain('/sign-in/link/')
    const actor = `staff:${admin.staffId}`
    expect(await acts(await idOf('bo@acme.example'))).toEqual(
      expect.arrayContaining([
        { act: 'account_added', actor },
        { act: 'link_made', actor },
      ]),
    )
  })

  it('says at the field what is wrong, and keeps what was typed', async () => {
    const problems = [
      await submit('/staff', '/staff/add', { email: 'no address', 'role-agent': 'yes' }),
      await submit('/staff', '/staff/add', { email: 'admin@acme.example', 'role-agent': 'yes' }),
      await submit('/staff', '/staff/add', { email: 'nobody@acme.example' }),
    ]
    expect(problems.map(({ status }) => status)).toEqual([422, 422, 422])
    expect(problems[0]?.text).toContain('value="no address"')
    expect(await idOf('nobody@acme.example')).toBe('')
  })

  it('changes roles, ends sessions, closes and opens an account, and makes a new link', async () => {
    const { cookie, staffId } = await desk.member('cas@acme.example', 'agent')
    const page = `/staff/member/${staffId}`
    await submit(page, '/staff/roles', { 'role-marketer': 'yes' })
    expect((await desk.get('/desk', cookie)).status).toBe(403)
    await submit(page, '/staff/end-sessions', {})
    expect((await desk.get('/account', cookie)).status).toBe(303)
    expect(mainOf(await submit(page, '/staff/link', {}))).toContain('De link is klaar')
    expect(mainOf(await submit(page, '/staff/close', {}))).toContain('gesloten')
    expect((await submit(page, '/staff/open', {})).status).toBe(200)
    const done = (await acts(staffId)).filter(({ actor }) => actor === `staff:${admin.staffId}`).map(({ act }) => act)
    expect(done.sort()).toEqual(['account_disabled', 'account_enabled', 'link_made', 'roles_changed', 'sessions_ended'])
  })

  it('keeps the last administrator', async () => {
    const page = `/staff/member/${admin.staffId}`
    expect(mainOf(await submit(page, '/staff/close', {}))).toContain('laatste beheerder')
    expect((await submit(page, '/staff/roles', { 'role-agent': 'yes' })).status).toBe(422)
  })

  it('answers an address of nobody with a page that says so', async () => {
    expect((await desk.get('/staff/member/nobody', admin.cookie)).status).toBe(404)
  })
})

describe('sets of permissions', () => {
  it('are put together, given, changed and taken away', async () => {
    const saved = await submit('/staff/sets', '/staff/sets/save', { name: 'Nakijkers', 'permission-review': 'yes' })
    expect(saved.status).toBe(303)
    const { cookie, staffId } = await desk.member('dia@acme.example', 'marketer')
    const [, set = ''] =
      /name="set-([0-9a-f-]{36})"/.exec((await desk.get(`/staff/member/${staffId}`, admin.cookie)).text) ?? []
    await submit(`/staff/member/${staffId}`, '/staff/roles', { [`set-${set}`]: 'yes' })
    expect(mainOf(await desk.get('/account', cookie))).toContain('Nakijkers')
    expect((await desk.get('/check', cookie)).status).toBe(403)
    const change = { set, name: 'Nakijkers', 'permission-check': 'yes' }
    await submit('/staff/sets', '/staff/sets/save', change)
    expect((await desk.get('/check', cookie)).status).toBe(200)
    await submit('/staff/sets', '/staff/sets/remove', { set })
    expect((await desk.get('/account', cookie)).status).toBe(403)
  })

  it('need a name of their own and at least one permission', async () => {
    const { form = '' } = hiddenFields(await desk.get('/staff/sets', admin.cookie), '/staff/sets/save')
    const save = (fields: Record<string, string>) => desk.post('/staff/sets/save', { form, ...fields }, admin.cookie)
    expect((await save({ name: 'Balie', 'permission-desk': 'yes' })).status).toBe(303)
    expect((await save({ name: 'Balie', 'permission-desk': 'yes' })).status).toBe(422)
    expect((await save({ name: ' ', 'permission-desk': 'yes' })).status).toBe(422)
    expect((await save({ name: 'Leeg' })).status).toBe(422)
  })

  it('give nobody more than who gives them has', async () => {
    const saved = await savePermissionSet(desk.hub, { name: 'Personeel', permissions: ['staff', 'check'] }, 'test')
    const { cookie, staffId } = await desk.member('hr@acme.example', 'agent')
    const sets = saved.kind === 'saved' ? [saved.id] : []
    await changeStaff(desk.hub, 'hr@acme.example', { roles: [], sets }, 'test')
    const own = `/staff/member/${staffId}`
    expect((await submit(own, '/staff/roles', { 'role-administrator': 'yes' }, cookie)).status).toBe(422)
    const other = `/staff/member/${admin.staffId}`
    expect((await submit(other, '/staff/link', {}, cookie)).text).not.toContain('/sign-in/link/')
    const wide = { name: 'Alles', 'permission-people': 'yes' }
    expect((await submit('/staff/sets', '/staff/sets/save', wide, cookie)).status).toBe(422)
    const added = await submit('/staff', '/staff/add', { email: 'new@acme.example', 'role-agent': 'yes' }, cookie)
    expect(added.status).toBe(422)
  })

  it('take nothing from an account that may do more than who changes them', async () => {
    const keys = await savePermissionSet(desk.hub, { name: 'Sleutels', permissions: ['api_keys'] }, 'test')
    const hr = await savePermissionSet(desk.hub, { name: 'Werving', permissions: ['staff'] }, 'test')
    if (keys.kind !== 'saved' || hr.kind !== 'saved') throw new Error('a set was not saved')
    const [keeper, recruiter] = [
      await desk.member('kim@acme.example', 'agent'),
      await desk.member('ria@acme.example', 'agent'),
    ]
    await changeStaff(desk.hub, 'kim@acme.example', { roles: [], sets: [keys.id] }, 'test')
    await changeStaff(desk.hub, 'ria@acme.example', { roles: [], sets: [hr.id] }, 'test')
    const change = { set: keys.id, name: 'Sleutels', 'permission-staff': 'yes' }
    expect((await submit('/staff/sets', '/staff/sets/save', change, recruiter.cookie)).status).toBe(422)
    expect((await submit('/staff/sets', '/staff/sets/remove', { set: keys.id }, recruiter.cookie)).status).toBe(422)
    expect((await desk.get('/api-keys', keeper.cookie)).status).toBe(200)
  })
})

describe('the door to what waits for a second member of staff', () => {
  const doorsOf = async (cookie: string) => {
    const { text } = await desk.get('/account', cookie)
    const rooms = findAll(readPage(text), 'nav').find(({ attributes }) => attributes.class === 'rooms')
    return rooms === undefined ? [] : findAll(rooms, 'a').map(textOf)
  }

  it('says how many wait to who may decide, and is not there for others', async () => {
    const { cookie, staffId } = await desk.member('balie@acme.example', 'agent')
    expect(await doorsOf(admin.cookie)).toContain('Goedkeuren')
    const contactKey = keyed(desk.hub, email('spijt@voorbeeld.be')).key
    const lift = { contactKey, scope: {}, note: 'Belde zelf.', signal: 'desk', saidAt: desk.now, staffId }
    await proposeLift(desk.hub, lift)
    expect(await doorsOf(admin.cookie)).toContain('Goedkeuren (1)')
    expect((await doorsOf(cookie)).join()).not.toContain('Goedkeuren')
    expect(mainOf(await desk.get('/today', admin.cookie))).toContain('1 toestemming wacht op een tweede collega')
    const refused = await submit('/approvals', '/approvals/refuse', {})
    expect(refused.status).toBe(200)
    expect(findAll(readPage(refused.text), 'a').map(textOf)).toContain('Goedkeuren')
  })

  it('keeps who saw whose address there, once, before it is shown', async () => {
    const { staffId } = await desk.member('balie2@acme.example', 'agent')
    const points = [email('ina@voorbeeld.example'), email('jo@voorbeeld.example')]
    const keys = points.map((point) => keyed(desk.hub, point).key)
    for (const [index, point] of points.entries()) {
      await saveTestRelation(desk.hub, `K-${index}`, [point])
      const lift = { contactKey: keys[index] ?? '', scope: {}, note: 'Belde zelf.', signal: 'desk', saidAt: desk.now }
      await proposeLift(desk.hub, { ...lift, staffId })
    }
    const looks = async () => (await Promise.all(keys.map(acts))).map((all) => all.filter(({ act }) => isLook(act)))
    const isLook = (act: string) => act === 'person_viewed'
    expect(await looks()).toEqual([[], []])
    const masked = mainOf(await desk.get('/approvals', admin.cookie))
    expect(masked).toContain('De adressen zijn afgeschermd')
    expect(masked).not.toMatch(/ina@|jo@/)
    expect(await looks()).toEqual([[], []])
    const shown = mainOf(await submit('/approvals', '/approvals/show', {}))
    for (const { value } of points) expect(shown).toContain(value)
    await submit('/approvals', '/approvals/show', {})
    const look = { act: 'person_viewed', actor: `staff:${admin.staffId}` }
    expect(await looks()).toEqual([[look], [look]])
  })
})

describe('the room of API keys', () => {
  const keyIn = (text: string) => /vz_[0-9a-f]{32}_[\w-]{43}/.exec(text)?.[0] ?? ''

  it('makes a key with what it allows, shows it once, and revokes it', async () => {
    const fields = { name: 'Nieuwsbriefpakket', 'scope-gate:read': 'yes', 'scope-links:write': 'yes' }
    const key = keyIn((await submit('/api-keys', '/api-keys/add', fields)).text)
    const known = await verifyApiKey(desk.hub.db, key)
    expect(known).toMatchObject({ name: 'Nieuwsbriefpakket', scopes: ['gate:read', 'links:write'] })
    const page = await desk.get('/api-keys', admin.cookie)
    expect([mainOf(page).includes('Nieuwsbriefpakket'), page.text.includes(key)]).toEqual([true, false])
    await submit('/api-keys', '/api-keys/revoke', { key: known?.id ?? '' })
    expect(await verifyApiKey(desk.hub.db, key)).toBeUndefined()
    expect((await acts(known?.id ?? '')).map(({ act }) => act).sort()).toEqual(['api_key_made', 'api_key_revoked'])
  })

  it('asks for a name and for what the key allows', async () => {
    expect((await submit('/api-keys', '/api-keys/add', { name: '', 'scope-gate:read': 'yes' })).status).toBe(422)
    const nothing = await submit('/api-keys', '/api-keys/add', { name: 'Kassa' })
    expect(nothing.status).toBe(422)
    expect(nothing.text).toContain('value="Kassa"')
  })
})
