import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, phone, say } from '../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../test/staff-desk.ts'
import { transact } from '../../storage/database.ts'
import { listEvidence } from '../../storage/evidence-log.ts'
import { eraseContactPoint } from '../erase-contact-point.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import { forgetOldStaffData } from './forget-old-staff-data.ts'
import { decideProposal, needsSecondPerson, proposalValidityMs, proposeLift, readProposals } from './four-eyes.ts'

const scope = { brand: 'acme', channel: 'sms', topic: 'news' } as const
let desk: StaffDesk
let agent: { staffId: string; cookie: string }
let officer: { staffId: string; cookie: string }
let people = 0

beforeAll(async () => {
  desk = await StaffDesk.open(undefined, { hasFourEyes: true })
  agent = await desk.member('agent@acme.example', 'agent')
  officer = await desk.member('dpo@acme.example', 'privacy_officer')
})
afterAll(() => desk[Symbol.asyncDispose]())

/** Somebody who said no to everything. */
async function refuser() {
  people += 1
  const point = phone(`+3247077${String(people).padStart(4, '0')}`)
  await say(desk.hub, point, { kind: 'objection', scope: {} })
  desk.pass(1_000)
  const named = keyContactPoint(desk.hub.secrets, point)
  if (named.kind !== 'ok') throw new Error(named.kind)
  return { point, contactKey: named.keyed.key }
}

async function proposed(staffId = agent.staffId) {
  const { point, contactKey } = await refuser()
  const lift = {
    contactKey,
    scope,
    note: 'Belde zelf terug, wil de nieuwtjes weer.',
    signal: 'desk',
    saidAt: desk.now,
    staffId,
  }
  return { point, contactKey, ...(await proposeLift(desk.hub, lift)) }
}

describe('a yes of somebody who said no', () => {
  it('needs a second member of staff only where it would lift something, and where it is asked for', async () => {
    const { contactKey } = await refuser()
    expect(await needsSecondPerson(desk.hub, { contactKey, scope })).toBe(true)
    expect(await needsSecondPerson({ ...desk.hub, hasFourEyes: false }, { contactKey, scope })).toBe(false)
    const other = keyContactPoint(desk.hub.secrets, phone('+32470999999'))
    const unknown = other.kind === 'ok' ? other.keyed.key : ''
    expect(await needsSecondPerson(desk.hub, { contactKey: unknown, scope })).toBe(false)
  })

  it('lifts nothing until the second one agrees, and then names both', async () => {
    const { point, contactKey, id } = await proposed()
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'deny' })
    const decided = await decideProposal(desk.hub, { id, staffId: officer.staffId, verdict: 'approved' })
    expect(decided).toEqual({ kind: 'approved', choiceId: id })
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'allow' })
    const entries = (await listEvidence(desk.hub.db, [contactKey])).map(({ body }) => JSON.parse(body))
    const acts = entries.filter(({ kind }) => kind === 'staff_act').map(({ details }) => details)
    const whoDid = Object.fromEntries(acts.map(({ act, actor }) => [act, actor]))
    expect(whoDid).toEqual({ lift_proposed: `staff:${agent.staffId}`, lift_approved: `staff:${officer.staffId}` })
    expect(JSON.stringify(acts)).not.toContain('nieuwtjes')
    expect(await decideProposal(desk.hub, { id, staffId: officer.staffId, verdict: 'refused' })).toEqual({
      kind: 'gone',
    })
  })

  it('cannot be agreed to by whoever recorded it', async () => {
    const { point, id } = await proposed(officer.staffId)
    expect(await decideProposal(desk.hub, { id, staffId: officer.staffId, verdict: 'approved' })).toEqual({
      kind: 'own',
    })
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'deny' })
  })

  it('lifts nothing when the second one does not agree, or nobody decides within 48 hours', async () => {
    const refused = await proposed()
    const late = await proposed()
    await decideProposal(desk.hub, { id: refused.id, staffId: officer.staffId, verdict: 'refused' })
    desk.pass(proposalValidityMs)
    const decision = { id: late.id, staffId: officer.staffId, verdict: 'approved' } as const
    expect(await decideProposal(desk.hub, decision)).toEqual({ kind: 'gone' })
    for (const { point } of [refused, late])
      expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'deny' })
    await forgetOldStaffData(desk.hub)
    expect(await desk.hub.db.query('select 1 from lift_proposals')).toEqual([])
  })

  it('is forgotten, words and all, with the person it is about', async () => {
    const { contactKey, id } = await proposed()
    await transact(desk.hub.db, (tx) => eraseContactPoint(tx, desk.hub.random, contactKey, desk.now, 'test'))
    const decision = { id, staffId: officer.staffId, verdict: 'approved' } as const
    expect(await decideProposal(desk.hub, decision)).toEqual({ kind: 'gone' })
  })

  it('does not reach over a no that was said again after it', async () => {
    const { point, id } = await proposed()
    desk.pass(1_000)
    await say(desk.hub, point, { kind: 'objection', scope: {} })
    const { cookie } = await desk.member('third@acme.example', 'privacy_officer')
    const page = await desk.get('/approvals', cookie)
    const fields = { ...hiddenFields(page, '/approvals/agree'), proposal: id }
    const agreed = mainOf(await desk.post('/approvals/agree', fields, cookie))
    expect(agreed).toContain('opnieuw nee gezegd')
    expect(agreed).not.toContain('het ja telt nu')
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'deny' })
  })
})

describe('the desk', () => {
  it('keeps a yes for the second member and says that the no still stands', async () => {
    const { cookie } = await desk.member('on-the-phone@acme.example', 'agent')
    const { point } = await refuser()
    const caller = await desk.post(
      '/desk/search',
      { ...hiddenFields(await desk.get('/desk', cookie), '/desk/search'), contact: point.value },
      cookie,
    )
    const fields = { topic: 'acme news', channel: 'sms', note: 'Vroeg het zelf aan de lijn.' }
    const said = await desk.post('/desk/consent', { ...hiddenFields(caller, '/desk/consent'), ...fields }, cookie)
    expect(mainOf(said)).toContain('tweede medewerker')
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'deny' })
    const [waiting] = await readProposals(desk.hub)
    const id = waiting?.id ?? ''
    await decideProposal(desk.hub, { id, staffId: officer.staffId, verdict: 'approved' })
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'allow' })
  })
})

describe('the list of what waits', () => {
  it('shows whom, what and how it was asked, and takes the decision', async () => {
    const signedIn = await desk.member('second@acme.example', 'privacy_officer')
    const { point, id } = await proposed()
    const page = await desk.get('/approvals', signedIn.cookie)
    expect(mainOf(page)).not.toContain(point.value)
    const shown = await desk.post('/approvals/show', hiddenFields(page, '/approvals/show'), signedIn.cookie)
    expect(mainOf(shown)).toContain(point.value)
    expect(mainOf(page)).toContain('wil de nieuwtjes weer')
    const fields = { ...hiddenFields(page, '/approvals/agree'), proposal: id }
    expect(mainOf(await desk.post('/approvals/agree', fields, signedIn.cookie))).toContain('het ja telt nu')
    expect(await ask(desk.hub, point, 'sms')).toMatchObject({ decision: 'allow' })
    expect(await readProposals(desk.hub)).toEqual([])
    expect((await desk.post('/approvals/agree', fields, signedIn.cookie)).status).toBe(422)
  })
})
