import { describe, expect, it } from 'vitest'
import { channels } from './channel.ts'
import { channelRuleAt, type RulePack } from './rule-pack.ts'
import { chooseRulePack, defaultRulePack, rulePacks } from './rule-packs/index.ts'

const dayMs = 86_400_000
const firstDay = Date.UTC(2020, 0, 1)
const lastDay = Date.UTC(2030, 11, 31)
const packs = [...rulePacks, defaultRulePack]
const everyRule = packs.flatMap((pack) =>
  channels.flatMap((channel) => pack.channels[channel].map((rule) => ({ pack, channel, rule }))),
)

describe.each(packs.map((pack) => [pack.country, pack] as const))('the rule pack %s', (_, pack) => {
  it('has one rule for every channel on every day from 2020 to 2030', () => {
    const wrong: string[] = []
    for (const channel of channels) {
      for (let day = firstDay; day <= lastDay; day += dayMs) {
        const date = new Date(day).toISOString().slice(0, 10)
        const [rule, ...others] = pack.channels[channel].filter(
          ({ from, until }) => (from ?? '') <= date && date < (until ?? '9'),
        )
        const found = [day, day + dayMs - 1].map((moment) => channelRuleAt(pack, channel, moment))
        const holds = rule !== undefined && others.length === 0 && found.every((one) => one === rule)
        if (!holds) wrong.push(`${channel} on ${date}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('names its country and the day of its version', () => {
    expect(pack.version).toMatch(new RegExp(`^${pack.country}@\\d{4}-\\d{2}-\\d{2}$`))
  })
})

describe('every rule', () => {
  it('has a legal source written for its reader', () => {
    const sources = [
      ...everyRule.map(({ pack, channel, rule }) => ({ where: `${pack.country} ${channel}`, list: rule.sources })),
      ...packs.flatMap((pack) => (pack.acknowledge ? [{ where: pack.country, list: pack.acknowledge.sources }] : [])),
    ]
    const readable = (text: string) => /^[A-Za-z].{30,}\.$/.test(text)
    const lacking = sources.filter(({ list }) => list.length === 0 || !list.every(({ text }) => readable(text)))
    expect(lacking).toEqual([])
  })

  it('has dates that are days, in order', () => {
    const isDay = (day: string | undefined) =>
      day === undefined || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day
    const inOrder = everyRule.filter(
      ({ rule: { from, until } }) => isDay(from) && isDay(until) && (from ?? '') < (until ?? '9'),
    )
    expect(inOrder).toEqual(everyRule)
  })

  it('makes an exception only from the need for consent', () => {
    const needless = everyRule.filter(({ rule }) => rule.silence === 'opt_out' && (rule.customers || rule.impersonal))
    expect(needless).toEqual([])
  })

  it('trusts a register for a whole number of days, and no longer than a month', () => {
    const registers = everyRule.flatMap(({ rule }) => rule.registers ?? [])
    expect([...new Set(registers.map(({ id }) => id))].sort()).toEqual([
      'bel-me-niet',
      'bel-me-niet-meer',
      'bloctel',
      'postfilter',
      'robinson',
    ])
    const tooLong = registers.filter(
      ({ validityDays }) => !Number.isInteger(validityDays) || validityDays < 1 || validityDays > 30,
    )
    expect(tooLong).toEqual([])
  })

  it('binds by law or by a code, but for the Robinson list, which binds who holds himself to it', () => {
    const voluntary = everyRule.flatMap(({ rule }) => rule.registers ?? []).filter((register) => register.voluntary)
    expect(voluntary.map(({ id, exceptCustomers }) => [id, exceptCustomers])).toEqual([['robinson', true]])
  })

  it('says so where a limit or a reading still has to be confirmed', () => {
    const confirmed = everyRule
      .filter(({ pack }) => pack !== defaultRulePack)
      .filter(({ rule }) => rule.sources.every(({ toConfirm }) => toConfirm === undefined))
    expect(confirmed.map(({ channel }) => channel)).not.toContain('push')
    expect(confirmed.map(({ channel }) => channel)).not.toContain('whatsapp')
  })
})

describe('choosing a rule pack', () => {
  it('goes by the country, in either case', () => {
    expect(rulePacks.map(({ country }) => country)).toEqual(['BE', 'NL', 'FR', 'DE', 'LU'])
    for (const pack of rulePacks) {
      expect(chooseRulePack(pack.country)).toBe(pack)
      expect(chooseRulePack(pack.country.toLowerCase())).toBe(pack)
    }
  })

  it.each([undefined, '', 'ES', 'BEL', 'default', '__proto__', 'constructor', ' BE'])(
    'takes the default for %s',
    (country) => {
      expect(chooseRulePack(country)).toBe(defaultRulePack)
    },
  )

  it('has a default that asks for consent everywhere, without exception', () => {
    for (const channel of channels) {
      for (const rule of defaultRulePack.channels[channel]) {
        expect(rule).toMatchObject({ silence: 'opt_in' })
        expect([rule.customers, rule.impersonal, rule.registers]).toEqual([undefined, undefined, undefined])
      }
    }
  })

  it('acknowledges e-mail opt-outs in Belgium, and asks for it nowhere else', () => {
    expect(chooseRulePack('BE').acknowledge?.channels).toEqual(['email'])
    expect(packs.filter(({ acknowledge }) => acknowledge !== undefined)).toHaveLength(1)
  })
})

describe('the rule of a day', () => {
  const dated: RulePack = {
    ...defaultRulePack,
    channels: {
      ...defaultRulePack.channels,
      phone: [
        { until: '2021-07-01', silence: 'opt_out', sources: [] },
        { from: '2021-07-01', until: '2021-07-03', silence: 'opt_in', sources: [] },
      ],
      post: [],
    },
  }

  it('begins and ends at midnight UTC', () => {
    const silenceAt = (moment: string) => channelRuleAt(dated, 'phone', Date.parse(moment))?.silence
    expect(silenceAt('2021-06-30T23:59:59.999Z')).toBe('opt_out')
    expect(silenceAt('2021-07-01T00:00:00.000Z')).toBe('opt_in')
    expect(silenceAt('2021-07-02T23:59:59.999Z')).toBe('opt_in')
    expect(silenceAt('2021-07-03T00:00:00.000Z')).toBeUndefined()
  })

  it('is none on a channel without rules', () => {
    expect(channelRuleAt(dated, 'post', firstDay)).toBeUndefined()
  })
})
