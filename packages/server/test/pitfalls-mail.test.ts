import { sealLink } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { handleIncomingMail } from '../src/adapters/intake/mail/handle-incoming-mail.ts'
import { readFixture } from '../src/adapters/intake/mail/testing/mail-fixtures.ts'
import { settleOverdueReviews } from '../src/services/review/settle-overdue.ts'
import { listChoices } from '../src/storage/choices.ts'
import { Company } from './company.ts'
import { keyed, type Point, phone } from './people.ts'
import { PublicPages } from './public-pages.ts'

/** Defects that were seen in other products of this kind, in what comes home by mail: bounces, automatic answers, replies. */
let pages: PublicPages
let company: Company
let jan: Point
let mobile: Point
let number = 0

beforeAll(async () => {
  pages = await PublicPages.open()
  company = await Company.of(pages)
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(3_600_000)
  number += 1
  mobile = phone(`+3247000${4000 + number}`)
  jan = await pages.customer([mobile])
})

/** A recorded mail, as it comes home from what was sent to this person. */
function comesHome(name: string) {
  const { hub, now } = pages
  const sealed = sealLink(hub.linkRing, {
    contactPointKey: keyed(hub, jan).key,
    brandNumber: hub.catalog.brand('acme')?.number ?? 0,
    topicNumber: 0,
    campaignNumber: 0,
    channel: 'email',
    offered: [],
    mintedAt: now,
  })
  const text = readFixture(name, sealed).toString('latin1').replaceAll('jan.peeters@voorbeeld.example', jan.value)
  // A mail of its own: the same one delivered twice is heard once.
  const raw = Buffer.from(
    text.replace(/^Message-ID: <?/im, (found) => `${found}${number}.${now}.`),
    'latin1',
  )
  return handleIncomingMail(hub, { raw, receivedAt: now })
}

const decisions = async () => [
  await pages.decision(jan),
  await pages.decision(jan, 'email', 'orders'),
  await pages.decision(mobile, 'sms'),
]
const choices = async () => (await listChoices(pages.hub.db, [keyed(pages.hub, jan).key])).length
const untouched = ['allow customer_relation', 'allow service', 'allow customer_relation']

it('Auto-reply to the mailto address does not opt out', async () => {
  for (const name of ['automatic_reply-german-vacation-with-stop', 'automatic_reply-sieve-vacation']) {
    await comesHome(name)
    pages.pass(1_000)
  }
  expect(await decisions()).toEqual(untouched)
})

describe('A bounce is never an opt-out', () => {
  it('blocks the address for every mail, service mail included, and leaves the person’s other channels alone', async () => {
    await comesHome('bounce-hard-token-in-returned')
    expect(await decisions()).toEqual(['deny undeliverable', 'deny undeliverable', 'allow customer_relation'])
    expect(await choices()).toBe(0)
  })

  it('blocks nobody when a stranger wrote it', async () => {
    const text = readFixture('bounce-hard-postfix').toString('latin1').replaceAll('piet@provider.example', jan.value)
    await handleIncomingMail(pages.hub, { raw: Buffer.from(text, 'latin1'), receivedAt: pages.now })
    expect(await decisions()).toEqual(untouched)
  })

  it('ends when its reader presses a button, and what the button says holds', async () => {
    await comesHome('bounce-hard-token-in-returned')
    pages.pass(1_000)
    await pages.oneClick(await pages.link(jan))
    expect(await decisions()).toEqual(['deny objection', 'allow service', 'deny objection'])
  })

  it('of a soft kind does nothing by itself', async () => {
    await comesHome('bounce-soft-words-with-token')
    expect(await decisions()).toEqual(untouched)
  })
})

it('Successful delivery never lifts an opt-out', async () => {
  await pages.oneClick(await pages.link(jan))
  pages.pass(1_000)
  const report = { contactPoint: jan, channel: 'email', kind: 'delivered' }
  expect((await company.call('POST', '/v1/delivery-facts', report)).status).toBe(200)
  await company.call('POST', '/v1/delivery-facts', { ...report, kind: 'hard_bounce' })
  pages.pass(1_000)
  await company.call('POST', '/v1/delivery-facts', report)
  expect(await decisions()).toEqual(['deny objection', 'allow service', 'deny objection'])
})

describe('A reply that nobody understood is not dropped', () => {
  it('and nothing is sent on the strength of not having understood it', async () => {
    await comesHome('unclear_reply-how-to-dutch')
    expect(await decisions()).toEqual(['defer under_review', 'allow service', 'allow customer_relation'])
    pages.pass(48 * 3_600_000)
    await settleOverdueReviews(pages.hub)
    expect(await decisions()).toEqual(['deny objection', 'allow service', 'deny objection'])
  })

  it('but a forged complaint opts nobody out, however long it lies there', async () => {
    await comesHome('unclear_reply-complaint-forged-recipient')
    pages.pass(90 * 86_400_000)
    await settleOverdueReviews(pages.hub)
    expect(await decisions()).toEqual(untouched)
  })
})
