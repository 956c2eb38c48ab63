import { randomUUID } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { type ContactPoint, normaliseContactPoint, sipHash24 } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, type Point, phone, spoken } from '../../test/people.ts'
import { askGate } from '../services/ask-gate.ts'
import { type ExportedStanding, type ExportSummary, exportStanding } from '../services/export-standing.ts'
import { keyFunctionSql } from './key-function-sql.ts'

let hub: TestHub
let schema: string
beforeAll(async () => {
  hub = await createTestHub()
  schema = `warehouse_${randomUUID().replaceAll('-', '')}`
  await hub.db.query(`create schema ${schema}`)
  for (const statement of keyFunctionSql(hub.secrets, 'postgresql').split(/(?<=\$\$;)\n/)) {
    if (statement.trim() !== '') await hub.db.query(statement.replace('function verzet', `function ${schema}.verzet`))
  }
})
afterAll(async () => hub[Symbol.asyncDispose]())

const peopleCount = 10_000
/** Recorded in one call. */
const choicesAtOnce = 500

/** The many ways people are written down: the first eleven plainly, the others so that only the gate can read them. */
const spellings: readonly ((index: number) => Point)[] = [
  (index) => email(`person${index}@mail${index % 97}.example.be`),
  (index) => email(`an.${index}_x-y+nieuws@sub.mail.example`),
  (index) => email(`JAN${index}@VOORBEELD.BE`),
  (index) => email(`  Piet.Peeters${index}@Post.Example `),
  (index) => email(`kim${index}@a-b-c.x9.example`),
  (index) => phone(`+32470${digits(index, 6)}`),
  (index) => phone(`+32 2 ${digits(index, 7)}`),
  (index) => phone(`0471/${digits(index, 6).replace(/(..)(?=.)/g, '$1.')}`),
  (index) => phone(`+31 6-${digits(index, 8)}`),
  (index) => phone(`+49 151 ${digits(index, 8)}`),
  (index) => phone(`+352 621 ${digits(index, 6)}`),
  (index) => email(`jan${index}@müller${index % 7}.example`),
  (index) => email(`jan${index}@${domainToASCII(`bücher${index % 7}.example`)}`),
  (index) => email(`jän${index}@voorbeeld.be`),
  // What the small letter of the first one is depends on the locale of the database; the second one is a Kelvin sign.
  (index) => email(`\u0130bo${index}@voorbeeld.be`),
  (index) => email(`\u212Aim${index}@voorbeeld.be`),
  (index) => email(`"jan piet ${index}"@voorbeeld.be`),
  (index) => phone(`+32 (0)472 ${digits(index, 6)}`),
  (index) => phone(`0032473${digits(index, 6)}`),
  (index) => phone(`+1 202 ${2_000_000 + index}`),
]
const plainSpellings = 11

function digits(index: number, count: number): string {
  return String(index).padStart(count, '1')
}

function normalOf(point: Point): ContactPoint {
  const read = normaliseContactPoint(point, { country: 'BE' })
  if (read.kind !== 'ok') throw new Error(`${point.value}: ${read.hint}`)
  return read.contactPoint
}

async function exported(channel: 'email' | 'sms'): Promise<{ rows: ExportedStanding[]; summary: ExportSummary }> {
  const rows: ExportedStanding[] = []
  const summary = await exportStanding(hub, { brand: 'acme', channel, topic: 'news' }, hub.clock(), async (page) => {
    rows.push(...page)
  })
  return { rows, summary }
}

describe('a join in PostgreSQL', () => {
  it('answers as the gate about ten thousand people, and leaves to it whom it cannot read', {
    timeout: 120_000,
  }, async () => {
    const people = Array.from({ length: peopleCount }, (_, index) => {
      const spelling = spellings[index % spellings.length]
      if (spelling === undefined) throw new Error('there is no such spelling')
      return spelling(index)
    })
    const noes = people.filter((_, index) => index % 3 === 0).map((point) => spoken(hub, point, { kind: 'objection' }))
    const yeses = people.filter((_, index) => index % 3 === 1).map((point) => spoken(hub, point, { kind: 'consent' }))
    const choices = [...noes, ...yeses]
    for (let from = 0; from < choices.length; from += choicesAtOnce) {
      await hub.committer.record(choices.slice(from, from + choicesAtOnce))
    }

    for (const [channel, type] of [
      ['email', 'email'],
      ['sms', 'phone'],
    ] as const) {
      const { rows, summary } = await exported(channel)
      const asked = people.flatMap((point, index) => (point.type === type ? [{ point, index }] : []))
      const questions = asked.map(({ point }) => ({ contactPoint: point, brand: 'acme', channel, topic: 'news' }))
      const answers = await askGate(hub.db, hub.catalog, hub.secrets, questions, hub.clock())
      const reader = type === 'email' ? 'verzet_email(given)' : `verzet_phone(given, 'BE')`
      const joined = await hub.db.query<{ normalised: string | null; decision: string | null; reason: string | null }>(
        `select people.normalised, standing.decision, standing.reason
         from (select place, ${schema}.${reader} as normalised from unnest($1::text[]) with ordinality as given (given, place)) as people
         left join unnest($2::uuid[], $3::text[], $4::text[]) as standing (contact_key, decision, reason)
           on standing.contact_key = ${schema}.verzet_key($5, people.normalised)
         order by people.place`,
        [
          asked.map(({ point }) => point.value),
          rows.map(({ key }) => key),
          rows.map(({ decision }) => decision.decision),
          rows.map(({ decision }) => decision.reason),
          type,
        ],
      )
      expect(joined).toHaveLength(asked.length)
      const differing = asked.filter(({ point, index }, place) => {
        const row = joined[place]
        const isPlain = index % spellings.length < plainSpellings
        if (row === undefined || (row.normalised === null) === isPlain) return true
        if (row.normalised === null) return false
        const { decision, reason } = row.decision === null ? summary.others : row
        const answer = answers[place]
        return (
          row.normalised !== normalOf(point).normalised || decision !== answer?.decision || reason !== answer.reason
        )
      })
      expect(differing.map(({ point }) => point.value)).toEqual([])
      const found = (wanted: string) => joined.filter(({ decision }) => decision === wanted).length
      expect(Math.min(found('allow'), found('deny'))).toBeGreaterThan(700)
    }
  })

  it('gives the fingerprints replicas go by, whatever the length', async () => {
    const texts = [
      ...Array.from({ length: 40 }, (_, length) => `${'x'.repeat(length)}ë`),
      'jan@voorbeeld.be',
      `${'y'.repeat(300)}`,
    ]
    const found = await hub.db.query<{ fingerprint: string }>(
      `select ${schema}.verzet_fingerprint('customer', given) as fingerprint from unnest($1::text[]) with ordinality as rows (given, place) order by place`,
      [texts],
    )
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual(
      texts.map((text) => {
        const hash = sipHash24(hub.secrets.fingerprintKey, Buffer.from(`customer:${text}`))
        return hash.toString(16).padStart(16, '0')
      }),
    )
  })
})
