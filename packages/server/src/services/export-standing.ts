import {
  type Channel,
  type ContactPointType,
  channelsServedBy,
  chooseRulePack,
  contactPointTypes,
  countryOfContactPoint,
  type Decision,
  decide,
  encodePosition,
  normaliseContactPoint,
  type Question,
} from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { type Transaction, transact } from '../storage/database.ts'
import { pageStandings, type StandingRow } from '../storage/standings.ts'
import { brandSettings } from './brand-settings.ts'
import type { Hub } from './hub.ts'

/** Standings of one page: some hundred kilobytes, read in a few milliseconds. */
const pageRows = 5_000
const firstKey = '00000000-0000-0000-0000-000000000000'

export type ExportedAbout = { readonly brand: string; readonly channel: Channel; readonly topic: string }

/** What the gate answers about one contact point, which only its two hashes name. */
export type ExportedStanding = {
  readonly key: string
  /** 16 hex digits; empty where the hub knows the key alone. */
  readonly fingerprint: string
  readonly type: ContactPointType
  readonly decision: Decision
}

export type ExportSummary = {
  readonly rows: number
  readonly position: string
  /** The answer about an address of the brand's country that is not in the export. */
  readonly others: Decision
}

type ServedRow = Omit<StandingRow, 'type'> & { readonly type: ContactPointType }

/** There is no such brand or topic: everything would be denied. */
export class NothingToExport extends Error {
  override readonly name = 'NothingToExport'
  readonly code = 'nothing_to_export'
}

/**
 * The gate's answers to one question about everybody the hub knows something about, as they are at one moment of the
 * feed. `write` is called with one page after the other. A cadence is a `defer`: only a claim knows the count.
 * @throws {NothingToExport}
 */
export async function exportStanding(
  { db, catalog }: Pick<Hub, 'db' | 'catalog'>,
  about: ExportedAbout,
  now: number,
  write: (rows: readonly ExportedStanding[]) => Promise<void>,
): Promise<ExportSummary> {
  const brand = catalog.brand(about.brand)
  const topic = catalog.topic(about.brand, about.topic)
  if (brand === undefined || topic === undefined) throw new NothingToExport('there is no such brand with such a topic')
  const { pledgedRegisters = [] } = brandSettings(brand)
  const question = { ...about, purpose: topic.purpose, registers: catalog.registers(), pledgedRegisters }
  const read = async (tx: Transaction): Promise<ExportSummary> => {
    const position = encodePosition({ last: await lastSequence(tx) })
    let rows = 0
    for (let key = firstKey; ; ) {
      const page = await pageStandings(tx, key, pageRows)
      const served = page.flatMap(({ type, ...row }) =>
        type !== 'campaign' && channelsServedBy(type).includes(about.channel) ? [{ ...row, type }] : [],
      )
      const answers = await answerPage(tx, served, question, brand.country, now)
      rows += answers.length
      await write(answers)
      if (page.length < pageRows) break
      key = page.at(-1)?.contactKey ?? key
    }
    const pack = chooseRulePack(brand.country)
    const type = contactPointTypes.find((one) => channelsServedBy(one).includes(about.channel)) ?? 'email'
    const others = decide({ ...question, contactPointType: type }, undefined, pack, now)
    return { rows, position, others }
  }
  return transact(db, read, { isolation: 'repeatable read', readOnly: true, attemptsMax: 1 })
}

async function answerPage(
  tx: Transaction,
  rows: readonly ServedRow[],
  question: Omit<Question, 'contactPointType'>,
  brandCountry: string,
  now: number,
): Promise<ExportedStanding[]> {
  const countries = await countriesOf(tx, rows, brandCountry)
  return rows.map(({ contactKey, type, fingerprint, record }) => {
    const pack = chooseRulePack(record.country ?? countries.get(contactKey))
    return {
      key: contactKey,
      fingerprint: fingerprint === 0n ? '' : BigInt.asUintN(64, fingerprint).toString(16).padStart(16, '0'),
      type,
      decision: decide({ ...question, contactPointType: type }, record, pack, now),
    }
  })
}

/** A number or a postal address may have a country of its own; of one that was erased nobody knows it any more. */
async function countriesOf(
  tx: Transaction,
  rows: readonly ServedRow[],
  brandCountry: string,
): Promise<ReadonlyMap<string, string>> {
  const unknown = rows.filter(({ record }) => record.country === undefined)
  const found =
    unknown.length === 0
      ? new Map()
      : await findContactPoints(
          tx,
          unknown.map((row) => row.contactKey),
        )
  const countries = new Map<string, string>()
  for (const { contactKey, type } of unknown) {
    const value = found.get(contactKey)?.value
    if (typeof value !== 'string') {
      if (type === 'email') countries.set(contactKey, brandCountry)
      continue
    }
    const read = normaliseContactPoint({ type, value }, { country: brandCountry })
    const own = read.kind === 'ok' ? countryOfContactPoint(read.contactPoint) : undefined
    countries.set(contactKey, own ?? brandCountry)
  }
  return countries
}
