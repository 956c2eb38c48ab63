import type { ContactPointType, HashSecrets } from '@verzet/core'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../services/ports.ts'
import type { ColumnMap } from './relation-columns.ts'

export type FoundContactPoints = {
  readonly points: readonly KeyedContactPoint[]
  /** One sentence for each that cannot be read, naming the column. */
  readonly problems: readonly string[]
}

/** Reads every contact point of a line; each once. */
export function readContactPoints(
  secrets: HashSecrets,
  header: readonly string[],
  columns: ColumnMap,
  fields: readonly string[],
  country: string | undefined,
): FoundContactPoints {
  const points = new Map<string, KeyedContactPoint>()
  const problems: string[] = []
  const read = (type: ContactPointType, value: string, title: string) => {
    if (value === '') return
    const named = keyContactPoint(secrets, { type, value }, country)
    if (named.kind === 'ok') points.set(named.keyed.key, named.keyed)
    else problems.push(`${title}: ${named.hint}`)
  }
  for (const type of ['email', 'phone'] as const) {
    for (const column of columns[type] ?? []) read(type, fields[column]?.trim() ?? '', header[column] ?? type)
  }
  read('post', joinAddress(columns.post ?? [], fields), 'postal address')
  return { points: [...points.values()], problems }
}

/** Street, number, postcode and town from columns of their own read like the lines of one address. */
function joinAddress(columns: readonly number[], fields: readonly string[]): string {
  return columns
    .map((column) => fields[column]?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ')
}
