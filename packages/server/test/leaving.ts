import type { LeaveState } from '@verzet/core'
import { find, findAll, readPage } from '../src/adapters/http/pages/testing/read-page.ts'
import type { LeavingSettings } from '../src/services/leaving/leaving-settings.ts'
import { type LeaveRow, listLeaves } from '../src/storage/leaves.ts'
import { keyed, type Point, phone } from './people.ts'
import type { Answer, PublicPages } from './public-pages.ts'

/** One of every kind, in the brand's own order. */
export const everyAlternative: LeavingSettings['alternatives'] = [
  { kind: 'less', max: 1, per: 'week' },
  { kind: 'pause', days: 30 },
  { kind: 'pause_until' },
  { kind: 'digest' },
  { kind: 'fewer_topics' },
  { kind: 'other_channel', channel: 'sms' },
  { kind: 'other_address' },
]

/** Somebody reached by e-mail and text, and the link in the mail they got. */
export class Leaver {
  readonly pages: PublicPages
  readonly email: Point
  readonly number: Point
  readonly link: string

  private constructor(pages: PublicPages, email: Point, number: Point, link: string) {
    this.pages = pages
    this.email = email
    this.number = number
    this.link = link
  }

  static async arrive(pages: PublicPages): Promise<Leaver> {
    people += 1
    const number = phone(`+3247080${String(people).padStart(4, '0')}`)
    const email = await pages.customer([number])
    // Minted a while ago, as the link of a mail is: the one in a later mail is another.
    const link = await pages.link(email, { at: pages.now - 24 * 3_600_000 })
    return new Leaver(pages, email, number, link)
  }

  post(act: string, fields: Record<string, string> = {}, link = this.link): Promise<Answer> {
    return this.pages.post(`${link}/${act}`, fields)
  }

  stop(scope = 'all'): Promise<Answer> {
    return this.post('stop', { scope })
  }

  async take(alternative: string, more: Record<string, string> = {}, link = this.link): Promise<Answer> {
    return this.post('alternative', { leave: (await this.leave())?.id ?? '', alternative, ...more }, link)
  }

  async leaves(): Promise<LeaveRow[]> {
    return listLeaves(this.pages.hub.db, keyed(this.pages.hub, this.email).key, 0)
  }

  async leave(): Promise<LeaveRow | undefined> {
    return (await this.leaves())[0]
  }

  async state(): Promise<LeaveState | undefined> {
    return (await this.leave())?.state
  }

  /** What the gate says of every way this person is written to. */
  async gate(): Promise<string[]> {
    const { pages, email, number } = this
    return [
      await pages.decision(email),
      await pages.decision(email, 'email', 'offers'),
      await pages.decision(number, 'sms'),
      await pages.decision(number, 'sms', 'offers'),
    ]
  }
}

let people = 0

/** What can be pressed on a page, in order. */
export function buttons({ text }: Answer): string[] {
  return findAll(find(readPage(text), 'main'), 'button').map(({ attributes }) => attributes.value ?? '')
}

/** The path of the personal page in a mail. */
export function pageIn(mail: { readonly text: string } | undefined): string {
  return /https:\/\/verzet\.example(\/u\/[\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
}
