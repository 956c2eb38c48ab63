import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCommandLine } from '../../../../test/command.ts'
import { ask, email, keyed, type Point, phone, saveTestRelation } from '../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../test/staff-desk.ts'
import { createApiKey } from '../../../services/api-keys.ts'
import { reviewHoursDefault } from '../../../services/review/deadline.ts'
import { listReviews } from '../../../services/review/list.ts'
import { settleOverdueReviews } from '../../../services/review/settle-overdue.ts'
import { listChoices } from '../../../storage/choices.ts'
import { transact } from '../../../storage/database.ts'
import { listOpenReviewItems } from '../../../storage/review-items.ts'
import { handleIncomingMail } from '../mail/handle-incoming-mail.ts'
import { handleIncomingText } from './handle-incoming-text.ts'

const hourMs = 3_600_000
/** Of what stands below, nothing has come through: nobody can say whether it is a no. */
const words = 'See below'
const account = { id: 'acme-cm', brand: 'acme', vendor: 'cm' }
let desk: StaffDesk
let cookie: string
let apiKey: string
let number: Point
let mail: Point
let count = 0

beforeAll(async () => {
  desk = await StaffDesk.open()
  apiKey = (await createApiKey(desk.hub.db, { name: 'test', scopes: ['*'] }, desk.now, desk.hub.random)).key
})
afterAll(() => desk[Symbol.asyncDispose]())
beforeEach(async () => {
  desk.pass(hourMs)
  count += 1
  // The clock goes on by days, and no session lasts that long.
  cookie = (await desk.member(`reader${count}@acme.example`, 'agent')).cookie
  number = phone(`+3247055${3000 + count}`)
  mail = email(`lezer${count}@voorbeeld.example`)
  await saveTestRelation(desk.hub, `N-${count}`, [mail, number], { language: 'nl', customerSince: '2024-01-01' })
  await transact(desk.hub.db, (tx) => tx.execute('delete from review_subjects'))
  await transact(desk.hub.db, (tx) => tx.execute('delete from review_items'))
})

function text(said: string) {
  const signal = { kind: 'text' as const, id: `N${count} ${said}`, from: number.value, text: said }
  const source = { account, raw: Buffer.from(said), receivedAt: desk.now }
  return handleIncomingText(desk.hub, { ...signal, channel: 'sms' }, source)
}

function reply(said: string) {
  const raw = [
    `From: ${mail.value}`,
    'To: news@acme.example',
    'Subject: Re: Oferta',
    `Message-ID: <answer-${count}@voorbeeld.example>`,
    'In-Reply-To: <campaign-7@acme.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    said,
    '',
  ]
  return handleIncomingMail(desk.hub, { raw: Buffer.from(raw.join('\r\n')), receivedAt: desk.now })
}

const ways = [
  { name: 'a text', say: text, point: () => number, channel: 'sms' as const, kind: 'unclear_text' },
  { name: 'a reply by mail', say: reply, point: () => mail, channel: 'email' as const, kind: 'unclear_reply' },
]
const reasonsInRoom = {
  nl: 'Woorden die niet als een nee en niet als iets anders herkend worden.',
  fr: 'Des mots reconnus ni comme un refus ni comme autre chose.',
  de: 'Worte, die weder als Nein noch als etwas anderes erkannt werden.',
  en: 'Words that are recognised neither as a no nor as anything else.',
}
const open = () => listOpenReviewItems(desk.hub.db, 10)

async function decide(item: string, action: 'decide' | 'undo', fields: Record<string, string> = {}) {
  const { form = '' } = hiddenFields(await desk.get('/review', cookie), `/review/${action}`)
  return desk.post(`/review/${action}`, { form, item, ...fields }, cookie)
}

describe.each(ways)('the words of $name that are recognised as nothing', ({ say, point, channel, kind }) => {
  const gate = async () => {
    const { decision, reason } = await ask(desk.hub, point(), channel)
    return `${decision} ${reason}`
  }
  const choices = () => listChoices(desk.hub.db, [keyed(desk.hub, point()).key])

  it('wait for a human: at the gate, in the room in four languages, and in the API', async () => {
    await say(words)
    const [item] = await open()
    expect(item).toMatchObject({ reason: 'not_understood', kind, proposedScope: {} })
    expect(item?.excerpt?.endsWith(words)).toBe(true)
    expect(await ask(desk.hub, point(), channel)).toMatchObject({
      decision: 'defer',
      reason: 'under_review',
      until: desk.now + reviewHoursDefault * hourMs,
    })
    for (const [language, shown] of Object.entries(reasonsInRoom)) {
      const page = await desk.send('GET', `/review?lang=${language}`, { cookie, 'accept-language': language })
      expect(mainOf(page)).toContain(shown)
      expect(mainOf(page)).toContain(words)
    }
    const listed = await desk.send('GET', '/v1/review', { authorization: `Bearer ${apiKey}` })
    expect(JSON.parse(listed.text)).toMatchObject({
      items: [{ reason: 'not_understood', text: item?.excerpt, overdue: false }],
    })
  })

  it('that a human takes for no no change nothing; undone, they wait again', async () => {
    await say(words)
    const [item] = await open()
    await decide(item?.id ?? '', 'decide', { decision: 'not_a_no' })
    expect([await gate(), await choices(), await open()]).toEqual(['allow customer_relation', [], []])
    await decide(item?.id ?? '', 'undo')
    expect(await gate()).toBe('defer under_review')
    await decide(item?.id ?? '', 'decide', { decision: 'opt_out' })
    expect(await gate()).toBe('deny objection')
    expect(await choices()).toMatchObject([{ author: 'agent', kind: 'objection' }])
  })

  it('are a no once their deadline has passed', async () => {
    await say(words)
    desk.pass(reviewHoursDefault * hourMs)
    expect(await gate()).toBe('defer under_review')
    expect(await settleOverdueReviews(desk.hub)).toEqual({ settled: 1, waiting: 0 })
    expect(await gate()).toBe('deny objection')
    expect(await choices()).toMatchObject([{ author: 'controller' }])
  })

  it('are not those of an ordinary question', async () => {
    for (const said of ['Is the shop open on Sunday?', 'Hoe laat zijn jullie open?', 'Merci, à demain !']) {
      expect(await say(said)).toMatchObject({ kind: 'ignored', reason: 'no_wish' })
    }
    expect([await gate(), await open()]).toEqual(['allow customer_relation', []])
  })
})

describe.each(ways)('an ordinary answer by $name', ({ say, point, channel }) => {
  it('is kept, waits for nothing, and becomes a no where a human finds one in it', async () => {
    await say('Is the shop open on Sunday?')
    const { items } = await listReviews(desk.hub.db, { status: 'passed_over', limit: 10 })
    const [item] = items
    expect(item?.row).toMatchObject({ excerpt: expect.stringContaining('on Sunday?'), decidedBy: 'reader' })
    expect((await ask(desk.hub, point(), channel)).decision).toBe('allow')
    expect((await listReviews(desk.hub.db, { status: 'decided', limit: 10 })).items).toEqual([])
    expect(mainOf(await desk.get('/review', cookie))).toContain('Is the shop open on Sunday?')
    await decide(item?.row.id ?? '', 'undo', {})
    expect((await ask(desk.hub, point(), channel)).reason).toBe('under_review')
    await decide(item?.row.id ?? '', 'decide', { decision: 'opt_out' })
    expect((await ask(desk.hub, point(), channel)).decision).toBe('deny')
  })
})

it.each([
  ['startt', 'start'],
  ['satrt', 'start'],
  ['HLEP', 'help'],
  ['hepl', 'help'],
])('the slip %s is answered as %s, which changes nothing by itself', async (slip, kind) => {
  expect(await text(slip)).toMatchObject({ kind })
  expect([(await ask(desk.hub, number, 'sms')).decision, await open()]).toEqual(['allow', []])
  expect(await listChoices(desk.hub.db, [keyed(desk.hub, number).key])).toEqual([])
})

it('"verzet review list" gives the reason', async () => {
  await text(words)
  await using line = await createCommandLine()
  const env = { DATABASE_URL: desk.hub.testDatabase.connectionString }
  const listed = await line.run(['review', 'list'], { env })
  expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/ open .* sms {2}not_understood {2}acme\n$/) })
})
