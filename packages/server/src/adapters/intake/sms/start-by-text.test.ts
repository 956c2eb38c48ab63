import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, email, keyed, type Point, phone, saveTestRelation } from '../../../../test/people.ts'
import { confirmationValidityMs } from '../../../services/ask-confirmation.ts'
import { confirm } from '../../../services/confirm.ts'
import { readConfirmation } from '../../../services/read-confirmations.ts'
import { listChoices } from '../../../storage/choices.ts'
import { eraseContactPoints } from '../../../storage/contact-points.ts'
import { transact } from '../../../storage/database.ts'
import { listEvidence } from '../../../storage/evidence-log.ts'
import { TextBench } from './testing/text-bench.ts'

let bench: TextBench
let number: Point
let count = 0

beforeAll(async () => {
  bench = await TextBench.open()
})
afterAll(() => bench[Symbol.asyncDispose]())
beforeEach(() => {
  bench.pass(48 * 3_600_000)
  count += 1
  number = phone(`+3247066${2000 + count}`)
})

const gate = async (channel: 'sms' | 'whatsapp' | 'phone' = 'sms', point = number) => {
  const { decision, reason } = await ask(bench.hub, point, channel)
  return `${decision} ${reason}`
}
const press = (token: string) => confirm(bench.hub, token, bench.now)

/** The token of the link that the number gets for START. */
async function start(word = 'START'): Promise<string> {
  const answer = await bench.answerTo(number.value, word)
  const [, token] = /https:\/\/verzet\.example\/k\/(\S+)$/.exec(answer ?? '') ?? []
  if (token === undefined) throw new Error(`no link to confirm by: ${answer}`)
  return token
}

describe('START from a number that nobody knew before its STOP', () => {
  it('lifts nothing by itself, and the brand on that channel once it is confirmed', async () => {
    await bench.hear(number.value, 'STOP')
    bench.pass(3_600_000)
    const token = await start()
    expect(await gate()).toBe('deny objection')
    expect(await readConfirmation(bench.hub, bench.hub.db, token, bench.now)).toMatchObject({
      kind: 'open',
      view: {
        what: 'undo',
        masked: expect.stringMatching(/^\+32 .*•/),
        items: [
          { channel: 'sms', topic: { id: 'news' } },
          { channel: 'sms', topic: { id: 'offers' } },
        ],
      },
    })
    bench.pass(60_000)
    expect((await press(token)).kind).toBe('confirmed')
    expect([await gate(), await gate('whatsapp'), await gate('phone')]).toEqual([
      'allow consent',
      'deny objection',
      'deny objection',
    ])
    const { decision } = await ask(bench.hub, number, 'sms', 'magazine', 'globex')
    expect(decision).toBe('deny')
    const consents = (await listChoices(bench.hub.db, [keyed(bench.hub, number).key])).filter(
      ({ kind }) => kind === 'consent',
    )
    expect(consents[0]).toMatchObject({ author: 'person', context: { source: 'confirmed by text' } })
    const evidence = await listEvidence(bench.hub.db, [keyed(bench.hub, number).key])
    expect(evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['text_heard', 'text_sent']))
  })

  it('lifts nothing after a newer STOP, nor when its time is over', async () => {
    await bench.hear(number.value, 'STOP')
    const first = await start('ja')
    bench.pass(60_000)
    await bench.hear(number.value, 'stop')
    bench.pass(60_000)
    expect((await press(first)).kind).toBe('expired')
    bench.pass(25 * 3_600_000)
    const second = await start()
    bench.pass(confirmationValidityMs + 1)
    expect((await press(second)).kind).toBe('expired')
    expect(await gate()).toBe('deny objection')
  })

  it('is answered as well once the number was erased, and its no is kept until then', async () => {
    await bench.hear(number.value, 'STOP')
    await transact(bench.hub.db, (tx) => eraseContactPoints(tx, [keyed(bench.hub, number).key], bench.now))
    const token = await start()
    expect(await gate()).toBe('deny objection')
    bench.pass(60_000)
    await press(token)
    expect(await gate()).toBe('allow consent')
  })
})

describe('START from a number of a customer', () => {
  it('lifts what the number refused and leaves the mail refused', async () => {
    const mail = email(`start${count}@voorbeeld.example`)
    await saveTestRelation(bench.hub, `ST-${count}`, [mail, number], { language: 'en', customerSince: '2024-01-01' })
    await bench.hear(number.value, 'STOP')
    bench.pass(60_000)
    const token = await start('YES')
    bench.pass(60_000)
    await press(token)
    expect(await gate()).toBe('allow consent')
    expect((await ask(bench.hub, mail, 'email')).decision).toBe('deny')
  })

  it('that refused nothing gets the page, where there is nothing to confirm', async () => {
    await saveTestRelation(bench.hub, `ST-${count}`, [number], { language: 'en', customerSince: '2024-01-01' })
    expect(await bench.answerTo(number.value, 'START')).toMatch(/again\? Choose and confirm here: \S+\/c\/\w{10}$/)
    expect(await gate()).toBe('allow customer_relation')
  })
})
