import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Point, say } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { alertMailsPerHourMax } from '../../../services/alerts/raise-alert.ts'
import { questionsSchema } from '../../../services/forms/leave-form.ts'
import { publishLeaveForm } from '../../../services/forms/publish-leave-form.ts'
import { countLeaveAnswers } from '../../../storage/leave-answers.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

const hourMs = 3_600_000
let pages: PublicPages
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(hourMs)
  jan = await pages.customer()
  link = await pages.link(jan)
})

const questions = questionsSchema.parse([
  {
    kind: 'single',
    id: 'why',
    labels: { nl: 'Wat was het? (niet verplicht)', en: 'What was it? (optional)' },
    choices: [
      { id: 'much', labels: { nl: 'Te veel', en: 'Too much' } },
      { id: 'never', labels: { nl: 'Nooit gevraagd', en: 'Never asked' }, alert: 'never_signed_up' },
    ],
  },
  {
    kind: 'multiple',
    id: 'what',
    labels: { en: 'Which ones? (optional)' },
    choices: [{ id: 'mail', labels: { en: 'Mail' } }],
  },
  { kind: 'scale', id: 'mark', labels: { nl: 'Cijfer' }, from: 1, to: 5, lowest: { nl: 'slecht' } },
  { kind: 'text', id: 'words', labels: { nl: 'Anders' } },
])

function acme() {
  const brand = pages.hub.catalog.brand('acme')
  if (brand === undefined) throw new Error('there is no brand')
  return brand
}

async function stop(path = link, scope = 'all') {
  const answer = await pages.post(`${path}/stop`, { scope })
  const form = findAll(readPage(answer.text), 'form').find(({ attributes }) => attributes.action?.includes('/reason'))
  if (form === undefined) throw new Error('nothing was asked')
  return { form, choice: find(form, 'input', { name: 'choice' }).attributes.value ?? '' }
}

const rowsOf = (choice: string) =>
  pages.hub.db.query(
    `select question, picked, has_words, form_version, brand, topic, channel, campaign from leave_answers
     where choice_id = $1 order by question`,
    [choice],
  )

describe('the questions after a no', () => {
  it('are the built-in ones until a brand publishes its own', async () => {
    const { choice } = await stop()
    await pages.post(`${link}/reason`, { choice, reason: 'too_many', comment: 'Elke dag' })
    const about = { form_version: 0, brand: 'acme', topic: 'news', channel: 'email', campaign: 'spring' }
    expect(await rowsOf(choice)).toEqual([
      { question: 'comment', picked: [], has_words: true, ...about },
      { question: 'reason', picked: ['too_many'], has_words: false, ...about },
    ])
  })

  it('are those the brand published last, with the version they have', async () => {
    const published = await publishLeaveForm(pages.hub, acme(), questions, 'test')
    expect(published).toMatchObject({ kind: 'published', form: { version: 1 } })
    expect(await publishLeaveForm(pages.hub, acme(), questions, 'test')).toMatchObject({ kind: 'unchanged' })
    const { form, choice } = await stop()
    expect(find(form, 'input', { name: 'form' }).attributes.value).toBe('1')
    expect(textOf(form)).toContain('Wat was het? (niet verplicht)')
    const inputs = findAll(form, 'input').filter(({ attributes }) => attributes.type !== 'hidden')
    expect(inputs.every(({ attributes }) => !('checked' in attributes) && !('required' in attributes))).toBe(true)
    expect(findAll(form, 'input', { name: 'mark' }).map(({ attributes }) => attributes.value)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ])
    // A text that lacks the reader's language says which it is in (WCAG 2.2, 3.1.2).
    expect(findAll(form, 'legend', { lang: 'en' }).map(textOf)).toEqual(['Which ones? (optional)'])
    const given = { choice, form: '1', why: 'much', what: 'mail', mark: '4', words: 'Dank u' }
    expect(said(await pages.post(`${link}/reason`, given))).toContain('Uw antwoord is opgeslagen')
    expect((await rowsOf(choice)).map((row) => [row.question, row.picked, row.form_version])).toEqual([
      ['mark', ['4'], 1],
      ['what', ['mail'], 1],
      ['why', ['much'], 1],
      ['words', [], 1],
    ])
    const [kept] = await pages.hub.db.query('select reason, comment from choices where id = $1', [choice])
    expect(kept).toEqual({ reason: 'much', comment: 'Dank u' })
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('are read as they were shown, whatever was published since', async () => {
    const { choice } = await stop()
    const { kind } = await publishLeaveForm(pages.hub, acme(), questions.slice(0, 1), 'test')
    expect(kind).toBe('published')
    await pages.post(`${link}/reason`, { choice, form: '1', mark: '2' })
    expect((await rowsOf(choice)).map((row) => [row.question, row.form_version])).toEqual([['mark', 1]])
    await pages.post(`${link}/reason`, { choice, form: '999', mark: '2', why: 'much' })
    expect((await rowsOf(choice)).map((row) => [row.question, row.form_version])).toEqual([['why', 2]])
  })

  it('are not put where the brand asks nothing', async () => {
    await publishLeaveForm(pages.hub, acme(), [], 'test')
    const answer = await pages.post(`${link}/stop`, { scope: 'all' })
    expect(answer.text).not.toContain(`${link}/reason`)
    await publishLeaveForm(pages.hub, acme(), questions, 'test')
  })

  it('are answered by their own person alone, and looking at them changes nothing', async () => {
    const { choice } = await stop()
    const before = await pages.count('leave_answers')
    const other = await pages.link(await pages.customer())
    expect((await pages.post(`${other}/reason`, { choice, form: '1', why: 'much' })).status).toBe(422)
    await pages.get(`${link}/reason?choice=${choice}&why=much`)
    expect(await pages.count('leave_answers')).toBe(before)
  })

  it('keep the words where an erasure removes them', async () => {
    const { choice } = await stop()
    await pages.post(`${link}/reason`, { choice, form: '1', words: 'Mijn geheim' })
    await pages.post(`${link}/erase`)
    await pages.post(await pages.confirmation())
    const everything = await pages.hub.db.query(
      'select comment from choices union all select question from leave_answers',
    )
    expect(JSON.stringify(everything)).not.toContain('Mijn geheim')
  })
})

describe('what people did afterwards', () => {
  const afterwards = async (campaign: string) => {
    const counts = await countLeaveAnswers(pages.hub.db, { brand: 'acme', from: 0, to: pages.now + 1, limit: 1_000 })
    return counts
      .filter((count) => count.campaign === campaign && count.picked === 'much')
      .map((count) => count.afterwards)
  }
  const leaveAndAnswer = async (campaign: string, scope = 'all') => {
    const path = await pages.link(jan, { campaign })
    const { choice } = await stop(path, scope)
    await pages.post(`${path}/reason`, { choice, form: '1', why: 'much' })
    return { path, choice }
  }

  it('is that they left, until they do something else', async () => {
    await leaveAndAnswer('stays-away')
    expect(await afterwards('stays-away')).toEqual(['left'])
  })
  it('is that they narrowed it, when they refused a part only', async () => {
    await leaveAndAnswer('topic-alone', 'topic')
    expect(await afterwards('topic-alone')).toEqual(['narrowed'])
  })
  it('is that they took a break or less instead', async () => {
    const paused = await leaveAndAnswer('takes-a-break')
    pages.pass(60_000)
    await pages.post(`${paused.path}/pause`, { days: '30' })
    expect(await afterwards('takes-a-break')).toEqual(['paused'])
    jan = await pages.customer()
    const less = await leaveAndAnswer('takes-less')
    pages.pass(60_000)
    await pages.post(`${less.path}/less`, { cadence: '1/month' })
    expect(await afterwards('takes-less')).toEqual(['narrowed'])
  })
  it('is that they came back, by an undo or later', async () => {
    const { path, choice } = await leaveAndAnswer('undone')
    await pages.post(`${path}/undo`, { choice })
    expect(await afterwards('undone')).toEqual(['came_back'])
    jan = await pages.customer()
    await leaveAndAnswer('returned')
    pages.pass(60_000)
    await say(pages.hub, jan, { kind: 'consent', scope: {} })
    expect(await afterwards('returned')).toEqual(['came_back'])
    pages.pass(60_000)
    await say(pages.hub, jan, { kind: 'objection', scope: {} })
    expect(await afterwards('returned')).toEqual(['left'])
  })
})

describe('“I never signed up”', () => {
  const alerts = () => pages.hub.db.query(`select id, kinds, mail_id, topic, campaign from alerts order by raised_at`)
  const complain = async () => {
    const path = await pages.link(await pages.customer())
    const { choice } = await stop(path)
    await pages.post(`${path}/reason`, { choice, form: '1', why: 'never' })
    return { path, choice }
  }

  it('raises one alert an act, and none without an address mails anybody', async () => {
    const { path, choice } = await complain()
    await pages.post(`${path}/reason`, { choice, form: '1', why: 'never' })
    expect(await alerts()).toEqual([
      { id: choice, kinds: ['never_signed_up'], mail_id: null, topic: 'news', campaign: 'spring' },
    ])
  })

  it('is told to the privacy officer, without naming anybody', async () => {
    await pages.configure({ privacyMail: 'dpo@acme.example', contactEmail: 'info@acme.example' })
    await pages.sendMails()
    await complain()
    const mail = (await pages.sendMails()).find(({ to }) => to === 'dpo@acme.example')
    expect(mail?.subject).toBe('Acme: iemand meldt dat er iets mis is met onze berichten')
    expect(mail?.text).toContain('“Ik heb me nooit aangemeld” (onderwerp news, campagne spring)')
    expect(mail?.text).not.toContain('jan.peeters')
    expect(mail?.text).not.toMatch(/\/u\/|\/k\//)
  })

  it('is told in one mail once there are many within an hour', async () => {
    pages.pass(hourMs - (pages.now % hourMs))
    await pages.sendMails()
    for (let time = 0; time < alertMailsPerHourMax + 3; time += 1) await complain()
    const told = async () => (await pages.sendMails()).filter(({ to }) => to === 'dpo@acme.example')
    expect(await told()).toHaveLength(alertMailsPerHourMax)
    expect(await told()).toEqual([])
    pages.pass(hourMs)
    const [digest, ...others] = await told()
    expect(others).toEqual([])
    expect(digest?.subject).toBe('Acme: 3 mensen melden dat er iets mis is met onze berichten')
  })

  it('is not told any more once it was seen', async () => {
    pages.pass(2 * hourMs)
    const { choice } = await complain()
    await pages.hub.db.query(`update alerts set seen_at = raised_at where id = '${choice}'`)
    expect((await pages.sendMails()).filter(({ to }) => to === 'dpo@acme.example')).toEqual([])
  })

  it('is told to the controller where the brand names nobody', async () => {
    await pages.configure({ contactEmail: 'info@acme.example' })
    pages.pass(2 * hourMs)
    await complain()
    expect((await pages.sendMails()).map(({ to }) => to)).toContain('info@acme.example')
  })
})
