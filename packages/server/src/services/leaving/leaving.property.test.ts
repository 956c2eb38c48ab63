import { type LeaveState, type LeavingPolicy, leaveStates, leavingPolicies } from '@verzet/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Company } from '../../../test/company.ts'
import { everyAlternative, Leaver, pageIn } from '../../../test/leaving.ts'
import { PublicPages } from '../../../test/public-pages.ts'
import { closeUnansweredLeaves } from './close-leaves.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** As long as the same link may take back at once what was said through it. */
const mayAnswerMs = 30 * minuteMs

let pages: PublicPages
let company: Company
beforeAll(async () => {
  pages = await PublicPages.open()
  company = await Company.of(pages)
})
afterAll(async () => pages[Symbol.asyncDispose]())

/**
 * What can happen to somebody who said no. From `stay` on they are answers that may open something: at once within half
 * an hour of the no, and only by the mail that confirms them later.
 */
const events = [
  'look',
  'look at the mail',
  'mails leave',
  'confirm',
  'confirm from the mail',
  'one click',
  'stop again',
  'half an hour passes',
  'a fortnight passes',
  'the worker runs',
  'the company imports a consent',
  'stay from the mail',
  'less from the mail',
  'stay',
  'less',
  'undo',
  'a digest',
  'texts only',
  'a box is ticked',
  'press in the mail that confirms',
] as const
type Event = (typeof events)[number]

/** One person with the history so far, and whether anything they said since may have opened something. */
class History {
  readonly leaver: Leaver
  readonly #seen: string[] = []
  #leaveId: string
  /** A no by one click begins no leave, but what is said at once after it answers it. */
  #oneClickAt = 0
  hasAnswered = false

  constructor(leaver: Leaver, leaveId: string) {
    this.leaver = leaver
    this.#leaveId = leaveId
  }

  async happen(event: Event): Promise<void> {
    const { leaver } = this
    // Nobody does two things within one millisecond.
    pages.pass(1_000)
    switch (event) {
      case 'look':
        for (const act of ['', '/confirm', '/stay', '/alternative', '/undo']) await pages.get(`${leaver.link}${act}`)
        return
      case 'look at the mail':
        for (const path of this.#seen) await pages.get(path)
        return
      case 'mails leave':
        for (const { text } of await pages.sendMails()) this.#read(text)
        return
      case 'confirm':
        await leaver.post('confirm', { leave: this.#leaveId })
        return
      case 'confirm from the mail':
        await leaver.post('confirm', {}, await this.#fromMail())
        return
      case 'one click':
        await pages.oneClick(leaver.link)
        this.#oneClickAt = pages.now
        this.hasAnswered = false
        return
      case 'stop again':
        await leaver.stop()
        this.#leaveId = (await leaver.leave())?.id ?? this.#leaveId
        this.hasAnswered = false
        return
      case 'half an hour passes':
        pages.pass(31 * minuteMs)
        return
      case 'a fortnight passes':
        pages.pass(15 * dayMs)
        return
      case 'the worker runs':
        await closeUnansweredLeaves(pages.hub.db, pages.hub.random, pages.now)
        return
      case 'the company imports a consent':
        await company.bringIn(`L-${leaver.email.value}`, [leaver.email])
        return
      case 'stay from the mail':
        await leaver.post('stay', {}, await this.#fromMail())
        return
      case 'less from the mail':
        await leaver.take('less:1/week', {}, await this.#fromMail())
        return
      case 'stay':
        await this.#answerNow(() => leaver.post('stay'))
        return
      case 'less':
        await this.#answerNow(() => leaver.take('less:1/week'))
        return
      case 'undo':
        await this.#answerNow(() => leaver.post('undo', { choice: this.#leaveId }))
        return
      case 'a digest':
        await this.#answerNow(() => leaver.take('digest'))
        return
      case 'texts only':
        await this.#answerNow(() => leaver.take('other_channel:sms'))
        return
      case 'a box is ticked':
        await this.#answerNow(() => leaver.post('preferences', { shown: 'email:offers', receive: 'email:offers' }))
        return
      case 'press in the mail that confirms':
        for (const path of this.#seen.filter((one) => one.startsWith('/k/'))) {
          this.#answer((await pages.post(path)).text)
        }
        return
    }
  }

  #read(text: string): void {
    for (const [, path] of text.matchAll(/https:\/\/verzet\.example(\/[uk]\/[\w-]+(?:\/confirm)?)/g)) {
      if (path !== undefined && !this.#seen.includes(path)) this.#seen.push(path)
    }
  }

  /** The link of the mail that asks, or one minted now, as a later message would carry it. */
  async #fromMail(): Promise<string> {
    const seen = this.#seen.find((path) => path.startsWith('/u/'))
    return seen === undefined ? pages.link(this.leaver.email) : pageIn({ text: `https://verzet.example${seen}` })
  }

  /** Said through the link of the no itself. Later than half an hour it is not believed, whatever the page says of it. */
  async #answerNow(act: () => Promise<{ text: string }>): Promise<void> {
    const saidAt = Math.max(this.#oneClickAt, (await this.leaver.leave())?.startedAt.getTime() ?? 0)
    const isInTime = pages.now <= saidAt + mayAnswerMs
    const { text } = await act()
    if (isInTime) this.#answer(text)
  }

  /** A page that says the act was carried out: neither a refusal nor a mail to confirm from. */
  #answer(html: string): void {
    const isRefused = html.includes('role="alert"')
    const isWaiting = html.includes('Bevestig uw keuze in uw mailbox.')
    const isExpired = html.includes('Deze bevestiging is verlopen.')
    if (!isRefused && !isWaiting && !isExpired) this.hasAnswered = true
  }

  async holds(): Promise<boolean> {
    return this.hasAnswered || (await this.leaver.gate()).every((decision) => !decision.startsWith('allow'))
  }
}

async function leave(policy: LeavingPolicy): Promise<History> {
  pages.pass(minuteMs)
  await pages.sendMails()
  await pages.configure({ leaving: { policy, alternatives: everyAlternative } })
  const leaver = await Leaver.arrive(pages)
  await leaver.stop()
  return new History(leaver, (await leaver.leave())?.id ?? '')
}

/** Chance seldom puts these after the half hour, so they are spelt out. */
const tooLate = ['stay', 'less', 'undo', 'a digest', 'texts only', 'a box is ticked'] as const
/** What somebody took back at once, refused again by a mail client, and takes back at once again. */
const twice: readonly Event[] = ['a box is ticked', 'half an hour passes', 'one click', 'a box is ticked', 'look']

describe.each(leavingPolicies)('between the first act and the answer, where the brand says %s', (policy) => {
  it('the gate never allows, whatever happens in whatever order', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...events), { minLength: 2, maxLength: 7 }), async (history) => {
        const lived = await leave(policy)
        expect(await lived.holds(), 'the first act').toBe(true)
        for (const event of history) {
          await lived.happen(event)
          expect(await lived.holds(), event).toBe(true)
        }
      }),
      {
        numRuns: 26 + tooLate.length,
        examples: [[[...twice]], ...tooLate.map((answer): [Event[]] => [['half an hour passes', answer]])],
      },
    )
  })
})

describe('what becomes of a leave', () => {
  /** The orders that matter, spelt out: where the brand asks on the page, by mail, or not at all. */
  const table: readonly (readonly [readonly Event[], LeaveState, LeaveState, LeaveState])[] = [
    [[], 'asked', 'first_act', 'first_act'],
    [['mails leave'], 'asked', 'asked', 'first_act'],
    [['confirm'], 'confirmed', 'confirmed', 'confirmed'],
    [['stay'], 'returned', 'returned', 'returned'],
    [['less'], 'narrowed', 'narrowed', 'narrowed'],
    [['confirm', 'stay'], 'returned', 'returned', 'returned'],
    [['stay', 'confirm'], 'returned', 'returned', 'returned'],
    [['less', 'stay'], 'returned', 'returned', 'returned'],
    [['less from the mail'], 'asked', 'first_act', 'first_act'],
    [['half an hour passes', 'stay'], 'asked', 'first_act', 'first_act'],
    [
      ['half an hour passes', 'stay', 'mails leave', 'press in the mail that confirms'],
      'returned',
      'returned',
      'returned',
    ],
    [['less from the mail', 'mails leave', 'press in the mail that confirms'], 'narrowed', 'narrowed', 'narrowed'],
    [['mails leave', 'a fortnight passes', 'the worker runs'], 'unanswered', 'unanswered', 'first_act'],
    [['a fortnight passes', 'the worker runs', 'confirm'], 'confirmed', 'confirmed', 'confirmed'],
  ]

  it.each(table)('after %j', async (history, onPage, byMail, immediate) => {
    const states: (LeaveState | undefined)[] = []
    for (const policy of ['confirm_on_page', 'confirm_by_mail', 'immediate'] as const) {
      const lived = await leave(policy)
      for (const event of history) await lived.happen(event)
      states.push((await lived.leaver.leaves())[0]?.state)
    }
    expect(states).toEqual([onPage, byMail, immediate])
    expect(states.every((state) => state !== undefined && leaveStates.includes(state))).toBe(true)
  })
})
