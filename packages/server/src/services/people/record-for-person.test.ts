import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, email, keyed, type Point, saveTestRelation, say } from '../../../test/people.ts'
import { listChoices } from '../../storage/choices.ts'
import { addStaff } from '../staff/accounts.ts'
import { decideProposal, readProposals } from '../staff/four-eyes.ts'
import { recordForPerson, type WordsForPerson } from './record-for-person.ts'

let hub: TestHub
let now = Date.UTC(2026, 10, 21, 9)
let people = 0
let point: Point
let staffId: string
let secondId: string
const yes: WordsForPerson = { kind: 'consent', scope: { brand: 'acme', channel: 'email', topic: 'news' } }

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
  staffId = await staff('one@acme.example')
  secondId = await staff('two@acme.example')
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  people += 1
  now += 60_000
  point = email(`four${people}@voorbeeld.example`)
  await saveTestRelation(hub, `F-${people}`, [point], { country: 'BE' })
})

async function staff(address: string): Promise<string> {
  const added = await addStaff(hub, address, ['privacy_officer'], 'test')
  return added.kind === 'done' ? added.staff.id : ''
}

const record = (words: WordsForPerson, saidAt?: number) =>
  recordForPerson(
    { ...hub, hasFourEyes: true },
    {
      subjectKey: keyed(hub, point).key,
      words,
      note: 'Brief van 3 november, scan 812',
      staffId,
      ...(saidAt !== undefined && { saidAt }),
    },
  )
const gate = async () => (await ask(hub, point, 'email')).reason

describe('recording for a person where four eyes are asked for', () => {
  it('keeps a yes that would lift a no until a second member of staff agrees', async () => {
    await say(hub, point, { kind: 'objection' })
    now += 60_000
    expect(await record(yes)).toMatchObject({ kind: 'proposed' })
    expect(await gate()).toBe('objection')
    const [proposal] = await readProposals(hub)
    const decide = (who: string) => decideProposal(hub, { id: proposal?.id ?? '', staffId: who, verdict: 'approved' })
    expect(await decide(staffId)).toEqual({ kind: 'own' })
    expect(await decide(secondId)).toMatchObject({ kind: 'approved' })
    expect(await gate()).toBe('consent')
  })

  it('asks nobody else for a yes that lifts nothing, and never for a no', async () => {
    expect(await record(yes)).toMatchObject({ kind: 'recorded' })
    expect(await gate()).toBe('consent')
    now += 60_000
    expect(await record({ kind: 'objection', scope: {} })).toMatchObject({ kind: 'recorded' })
    expect(await gate()).toBe('objection')
  })
})

describe('recording for a person', () => {
  it('counts a word from when it was said, and never from later than now', async () => {
    await record({ kind: 'objection', scope: { channel: 'sms' } }, now - 86_400_000)
    await record({ kind: 'objection', scope: { channel: 'post' } }, now + 86_400_000)
    const choices = await listChoices(hub.db, [keyed(hub, point).key])
    expect(choices.map(({ saidAt }) => saidAt).toSorted()).toEqual([now - 86_400_000, now])
    expect(choices[0]).toMatchObject({
      author: 'agent',
      context: { signal: 'people', proof: { note: 'Brief van 3 november, scan 812', askedBy: 'person' } },
    })
  })
})
