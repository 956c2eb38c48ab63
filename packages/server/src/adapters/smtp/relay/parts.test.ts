import { describe, expect, it } from 'vitest'
import type { RelayCredential } from '../../../services/relay-credentials.ts'
import { workInBatches } from '../../../services/work-in-batches.ts'
import type { TopicRow } from '../../../storage/catalog.ts'
import { readHeaderBlock } from '../message/header-block.ts'
import type { ControlFields } from '../message/header-fields.ts'
import { assignMail } from './assignment.ts'
import { AuthThrottle } from './auth-throttle.ts'
import { ByteBudget } from './byte-budget.ts'
import { chooseDkimKeys, fromDomainOf } from './choose-dkim-keys.ts'
import { receivedField } from './received-field.ts'
import { authFailuresMax, authFailureWindowMs } from './relay-limits.ts'
import { makeDkimKeys } from './testing/relay.ts'

describe('what a mail is about', () => {
  const credential: RelayCredential = {
    name: 'acme-1',
    brand: 'acme',
    whenRefused: 'refuse',
    headersOnly: false,
    linksInService: false,
    createdAt: 0,
  }
  const topic: TopicRow = { brand: 'acme', id: 'news', number: 1, purpose: 'marketing', names: {}, settings: {} }
  const source = {
    topic: (_: string, id: string) => (id === 'news' ? topic : undefined),
    topicOfList: async (listId: string) => (listId === 'weekly.acme.example' ? 'news' : undefined),
  }
  const assign = (control: Omit<ControlFields, 'kind'>, more: Partial<RelayCredential> = {}) =>
    assignMail({ ...credential, ...more }, { kind: 'control', ...control }, source)

  it('is said by the sign-in, a field or the List-Id', async () => {
    expect(await assign({}, { topic: 'news', campaign: 'spring' })).toMatchObject({ topic, campaign: 'spring' })
    expect(await assign({ topic: 'news', campaign: 'may', policy: 'accept' })).toMatchObject({
      topic,
      campaign: 'may',
      whenRefused: 'accept',
    })
    expect(await assign({ listId: 'weekly.acme.example' })).toMatchObject({ topic })
  })

  it.each([
    [{}, 'no_topic'],
    [{ listId: 'other.example' }, 'no_topic'],
    [{ topic: 'nonsense' }, 'unknown_topic'],
    [{ topic: 'news', brand: 'globex' }, 'other_brand'],
    [{ topic: 'news', policy: 'drop' }, 'unknown_policy'],
    [{ topic: 'news', campaign: 'x'.repeat(101) }, 'campaign_too_long'],
  ])('is refused with %j', async (control, reason) => {
    expect(await assign(control)).toEqual({ kind: 'refused', reason })
  })
})

describe('the keys to sign with', () => {
  const keys = [...makeDkimKeys('acme.example'), ...makeDkimKeys('optout.example')]
  const domains = (from: string | undefined, mailDomain = 'elsewhere.example') => {
    const chosen = chooseDkimKeys(keys, 'acme', from, mailDomain)
    return [chosen.keys.map((key) => key.domain), chosen.vouchesForComplaints]
  }

  it('are those of the author, or of the nearest domain above', () => {
    const both = ['acme.example', 'acme.example']
    expect(domains('acme.example')).toEqual([both, false])
    expect(domains('news.mail.acme.example')).toEqual([both, false])
    expect(domains('notacme.example')).toEqual([[], false])
    expect(domains(undefined)).toEqual([[], false])
  })

  it('vouch for a complaint address below the author, or with its own signature beside (RFC 9477 §3.1)', () => {
    expect(domains('acme.example', 'optout.acme.example')[1]).toBe(true)
    expect(domains('acme.example', 'optout.example')).toEqual([
      ['acme.example', 'acme.example', 'optout.example', 'optout.example'],
      true,
    ])
  })

  it.each([
    ['From: "x <a@other.example>" (b@other.example) <c@Acme.Example>\r\n', 'acme.example'],
    ['From: c@bücher.example\r\n', 'xn--bcher-kva.example'],
    ['From: a@one.example, b@two.example\r\n', undefined],
    ['From: a@one.example\r\nFrom: b@one.example\r\n', undefined],
    ['Subject: x\r\n', undefined],
  ])('are chosen by %j', (text, domain) => {
    const raw = Buffer.from(text)
    const header = readHeaderBlock(raw, 0, raw.length)
    expect(header.kind === 'header' && fromDomainOf(raw, header)).toBe(domain)
  })
})

describe('the trace of this hop', () => {
  it('names client and time, and no line of it is one the client wrote', () => {
    const hop = { address: '2001:db8::1', ownName: 'optout.example', protocol: 'ESMTPSA', id: 'x.1', receivedAt: 0 }
    const field = receivedField({ ...hop, helo: 'evil\r\nX-Injected: yes' })
    expect(field.replace(/\r\n /g, ' ')).toBe(
      'Received: from evilX-Injected:yes ([IPv6:2001:db8::1]) by optout.example with ESMTPSA id x.1; Thu, 01 Jan 1970 00:00:00 +0000\r\n',
    )
  })
})

describe('wrong passwords', () => {
  it('are forgotten after a while, or with a right one', () => {
    let now = 0
    const throttle = new AuthThrottle(() => now)
    for (let count = 0; count < authFailuresMax; count++) throttle.fail('192.0.2.1')
    expect([throttle.isBlocked('192.0.2.1'), throttle.isBlocked('192.0.2.2')]).toEqual([true, false])
    now = authFailureWindowMs
    expect(throttle.isBlocked('192.0.2.1')).toBe(false)
    throttle.fail('192.0.2.1')
    throttle.succeed('192.0.2.1')
    expect(throttle.isBlocked('192.0.2.1')).toBe(false)
  })
})

describe('the room for messages', () => {
  it('is given to who comes first, and again when it is given back', () => {
    const budget = new ByteBudget(10)
    expect([budget.take(6), budget.take(6), budget.take(4)]).toEqual([true, false, true])
    budget.give(6)
    expect([budget.take(6), budget.held]).toEqual([true, 10])
  })
})

describe('work in batches', () => {
  const limits = { itemsMax: 3, atOnceMax: 1, waitingMax: 5 }

  it('shares calls and keeps the order of results', async () => {
    const calls: number[][] = []
    const double = workInBatches(async (items: readonly number[]) => {
      calls.push([...items])
      return items.map((item) => item * 2)
    }, limits)
    expect(await Promise.all([1, 2, 3, 4, 5].map((item) => double(item)))).toEqual([2, 4, 6, 8, 10])
    expect(calls).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
  })

  it('fails the one that fails, and turns away what is too much', async () => {
    const careful = workInBatches(async (items: readonly number[]) => {
      if (items.includes(2)) throw new Error('two')
      return items
    }, limits)
    const done = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((item) => careful(item)))
    expect(done.map(({ status }) => status[0])).toEqual(['f', 'r', 'f', 'f', 'f', 'r'])
  })
})
