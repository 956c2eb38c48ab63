import { readRelationLine } from '../adapters/csv/relation-row.ts'
import { type PreparedImport, prepareImport, writeImport } from '../services/import-relations.ts'
import { type ImportOrigin, keysOf, type PersonToImport } from '../services/person-to-import.ts'
import { note, withHub } from './command-frame.ts'
import { importFile, pooledRandom } from './import-frame.ts'
import { type ImportOptions, openList, planRelations } from './import-plan.ts'

/** `verzet import FILE --basis …` */
export async function importRelationsFile(path: string, options: ImportOptions): Promise<void> {
  const csv = await openList(path, options)
  await withHub(options, async (hub) => {
    const { basis, reading } = planRelations(csv, options, hub.catalog, hub.clock())
    if (reading.columns.externalId === undefined) {
      note('No column holds your own number of the person: addresses and numbers are kept each by itself.')
    }
    const tools = { pepper: hub.secrets.pepper, random: pooledRandom(hub.random) }
    const originOf = (file: string): ImportOrigin => ({ basis, actor: 'command import', file })
    // Of the batch that is being written while the next one is worked out.
    let written: ReadonlySet<string> = new Set()
    return importFile<PersonToImport, PreparedImport>({
      path,
      csv,
      options,
      hub,
      columns: reading.columns,
      reading: { kind: 'relations', basis, ...reading, digests: undefined },
      zero: { relationsCreated: 0, relationsChanged: 0, contactPoints: 0, consents: 0, refusedStill: 0 },
      read(fields) {
        const { person, reasons } = readRelationLine(hub.secrets, reading, fields, hub.clock())
        return { taken: person === undefined ? [] : [person], reasons }
      },
      async prepare(people, file) {
        const isElsewhere = (key: string) => written.has(key)
        const prepared = await prepareImport(hub.db, tools, people, originOf(file), hub.clock(), isElsewhere)
        written = new Set(prepared.people.flatMap(keysOf))
        return prepared
      },
      write: (prepared, close, file) => writeImport(hub.db, tools, prepared, originOf(file), hub.clock(), close),
    })
  })
}
