import { channels } from '@verzet/core'
import { findColumn } from '../adapters/csv/column-guess.ts'
import { type ObjectionReading, readObjectionLine, type ScopeColumns } from '../adapters/csv/objection-row.ts'
import type { OpenedCsv } from '../adapters/csv/open-csv.ts'
import { countryFor } from '../services/country-for.ts'
import type { Hub } from '../services/hub.ts'
import { importObjections, type ObjectionToImport } from '../services/import-objections.ts'
import { withHub } from './command-frame.ts'
import { oneOf } from './contact-argument.ts'
import { usageProblem } from './exit-codes.ts'
import { importFile, pooledRandom } from './import-frame.ts'
import { columnsOf, type ImportOptions, openList, scopeOf } from './import-plan.ts'
import { assertScopeExists } from './scope-options.ts'

type Reading = Omit<ObjectionReading, 'file'>

/** `verzet import --objections FILE` */
export async function importObjectionsFile(path: string, options: ImportOptions): Promise<void> {
  const csv = await openList(path, options)
  await withHub(options, async (hub) => {
    const readings = planObjections(csv, options, hub.catalog)
    const tools = { pepper: hub.secrets.pepper, random: pooledRandom(hub.random) }
    return importFile<ObjectionToImport, readonly ObjectionToImport[]>({
      path,
      csv,
      options,
      hub,
      columns: readings[0]?.columns ?? {},
      reading: { kind: 'objections', readings },
      zero: { recorded: 0, stoodAlready: 0, repeated: 0 },
      read(fields, file) {
        const lines = readings.map((reading) =>
          readObjectionLine(hub.secrets, { ...reading, file }, fields, hub.clock()),
        )
        const reasons = new Set(lines.flatMap((line) => line.reasons))
        return { taken: lines.flatMap((line) => line.objections), reasons: [...reasons] }
      },
      prepare: async (objections) => objections,
      write: (objections, close) => importObjections(hub.db, tools, objections, 'command import', hub.clock(), close),
    })
  })
}

/** One reading for each channel that was named, or one for all channels. */
function planObjections(csv: OpenedCsv, options: ImportOptions, catalog: Hub['catalog']): Reading[] {
  if (options.basis !== undefined) throw usageProblem('--basis is for people; a refusal needs none')
  const scope = scopeOf(options)
  assertScopeExists(catalog, scope)
  const columns = columnsOf(csv, options, ['externalId', 'email', 'phone', 'post', 'saidAt'])
  if (!columns.externalId && !columns.email && !columns.phone && !columns.post) {
    throw usageProblem(
      'no column was recognised: name them with --external-id, --email, --phone or --post, or try --preview',
    )
  }
  const country = countryFor(catalog, options.brand)
  const given = (options.channel ?? []).map((channel) => oneOf(channels, channel, '--channel'))
  const scopes = given.length === 0 ? [scope] : given.map((channel) => ({ ...scope, channel }))
  return scopes.map((one) => ({
    header: csv.header,
    columns,
    scopeColumns: scopeColumnsOf(csv, options),
    scope: one,
    ...(country !== undefined && { country }),
    ...(options.source !== undefined && { source: options.source }),
    isBrand: (id: string) => catalog.brand(id) !== undefined,
    isTopic: (id: string, brand: string | undefined) =>
      catalog
        .brands()
        .some((owner) => (brand === undefined || owner.id === brand) && catalog.topic(owner.id, id) !== undefined),
  }))
}

function scopeColumnsOf(csv: OpenedCsv, options: ImportOptions): ScopeColumns {
  const find = (wanted: string | undefined, flag: string) => {
    const column = wanted === undefined ? undefined : findColumn(csv.header, wanted)
    if (wanted !== undefined && column === undefined) throw usageProblem(`${flag}: the file has no column "${wanted}"`)
    return column
  }
  const brand = find(options.brandColumn, '--brand-column')
  const channel = find(options.channelColumn, '--channel-column')
  const topic = find(options.topicColumn, '--topic-column')
  return {
    ...(brand !== undefined && { brand }),
    ...(channel !== undefined && { channel }),
    ...(topic !== undefined && { topic }),
  }
}
