import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { judgeMail } from '../../src/adapters/intake/mail/judge-mail.ts'
import { readMail } from '../../src/adapters/intake/mail/read-mail.ts'
import { fixtureContext } from '../../src/adapters/intake/mail/testing/mail-fixtures.ts'
import type { MailVerdict } from '../../src/services/mail-verdict.ts'
import { isMissing, python } from './missing.ts'

const recordedBounces = z.array(
  z.object({
    name: z.string(),
    mail: z.base64(),
    temporary: z.array(z.string()),
    permanent: z.array(z.string()),
  }),
)
type RecordedBounce = z.infer<typeof recordedBounces>[number]

/** Beside what a bounce list takes out: what we would have to guess. Each with the reason. */
const readDifferently: Readonly<Record<string, { readonly found: readonly string[]; readonly because: string }>> = {
  yale_01: { found: [], because: 'it names "userx" without a domain; its two domains are known of Yale alone' },
}

/**
 * A list that drops members counts these as permanent. For us only an address that nobody reads is `hard`, since a hard
 * fact ends all mail to it: each of these says something else, or nothing.
 */
const failedButAlive: Readonly<Record<string, readonly string[]>> = {
  'the mailbox is full': [
    'dsn_01',
    'dsn_04',
    'hotpop_01',
    'newmailru_01',
    'postfix_04',
    'qmail_02',
    'qmail_06',
    'qmail_07',
    'simple_09',
    'simple_14',
    'simple_38',
    'yahoo_02',
    'yahoo_04',
  ],
  'this message or its sender is refused': ['aol_01', 'dsn_03', 'dsn_09', 'postfix_05'],
  'the way there failed, or took too long': [
    'dsn_02',
    'postfix_02',
    'postfix_03',
    'sendmail_01',
    'simple_02',
    'simple_18',
    'simple_32',
    'simple_44',
    'smtp32_01',
    'smtp32_02',
    'yahoo_01',
  ],
  'unavailable, which a mailbox also is when it is full or locked': ['bounce_02', 'simple_41'],
  'nobody fetched it for a month': ['bounce_03'],
  'somebody is there, in another way': ['llnl_01', 'simple_37'],
  'it gives no reason': [
    'microsoft_03',
    'netscape_01',
    'qmail_01',
    'simple_01',
    'simple_07',
    'simple_10',
    'simple_16',
    'simple_17',
    'simple_20',
    'simple_24',
    'simple_31',
    'sina_01',
    'yahoo_12',
  ],
}
const alive = new Set(Object.values(failedButAlive).flat())

function readRecorded(): readonly RecordedBounce[] {
  const script = fileURLToPath(new URL('recorded-bounces.py', import.meta.url))
  const { status, stdout, stderr } = spawnSync(python, [script], { encoding: 'utf8', maxBuffer: 10_000_000 })
  if (status !== 0) throw new Error(stderr)
  return recordedBounces.parse(JSON.parse(stdout))
}

async function judge(recorded: RecordedBounce): Promise<MailVerdict> {
  return judgeMail(await readMail(Buffer.from(recorded.mail, 'base64')), fixtureContext)
}

function addressesIn(verdict: MailVerdict): readonly string[] {
  const facts = verdict.kind === 'bounce' ? verdict.facts : []
  return facts.map(({ subject }) => (subject.kind === 'address' ? subject.address.toLowerCase() : 'a token')).toSorted()
}

const lowerCase = (addresses: readonly string[]) => [
  ...new Set(addresses.map((address) => address.toLowerCase()).toSorted()),
]

describe.skipIf(isMissing('flufl.bounce'))('the bounces that flufl.bounce recorded', () => {
  const recorded = isMissing('flufl.bounce') ? [] : readRecorded()
  const expected = (name: string, addresses: readonly string[]) => lowerCase(readDifferently[name]?.found ?? addresses)

  it('are all there', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(115)
    expect(recorded.filter(({ temporary, permanent }) => temporary.length + permanent.length > 0).length).toBe(109)
  })

  it('name for us whom they name for it', async () => {
    const found = await Promise.all(recorded.map(async (one) => [one.name, addressesIn(await judge(one))]))
    const wanted = recorded.map(({ name, temporary, permanent }) => [
      name,
      expected(name, [...temporary, ...permanent]),
    ])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
  })

  it('are delayed where it calls them temporary', async () => {
    const temporary = recorded.filter((one) => one.temporary.length > 0)
    const outcomes = await Promise.all(temporary.map(async (one) => [one.name, outcomesOf(await judge(one))]))
    expect(outcomes).toEqual(temporary.map(({ name }) => [name, ['delayed']]))
  })

  it('are hard where it calls them permanent, unless they say something else than that nobody is there', async () => {
    const permanent = recorded.filter((one) => expected(one.name, one.permanent).length > 0)
    const outcomes = await Promise.all(permanent.map(async (one) => [one.name, outcomesOf(await judge(one))]))
    expect(outcomes).toEqual(permanent.map(({ name }) => [name, [alive.has(name) ? 'soft' : 'hard']]))
  })

  it('are never a word of a person', async () => {
    // One is no bounce at all but a letter in Spanish, which a human reads.
    const [letters, reports] = [['groupwise_03'], ['bounce', 'automatic_reply', 'ignored']]
    const judged = await Promise.all(recorded.map(async (one) => [one.name, (await judge(one)).kind] as const))
    const ofPeople = judged.filter(([, kind]) => !reports.includes(kind))
    expect(ofPeople).toEqual(letters.map((name) => [name, 'unclear_reply']))
  })
})

function outcomesOf(verdict: MailVerdict): readonly string[] {
  return verdict.kind === 'bounce' ? [...new Set(verdict.facts.map(({ outcome }) => outcome))] : []
}
