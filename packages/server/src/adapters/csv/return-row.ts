import { type HashSecrets, readPrintedCode } from '@verzet/core'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../services/ports.ts'
import type { ReturnedPiece } from '../../services/print/resolve-returns.ts'
import { type ReturnMark, returnMarks } from '../../services/print/return-scope.ts'
import { readContactPoints } from './contact-fields.ts'
import { dayMs, readDate } from './read-date.ts'
import type { ColumnMap } from './relation-columns.ts'

/** What people who scan return post write in Dutch, French, German and English, folded: lower case, no accents. */
const words: Readonly<Record<Exclude<ReturnMark, 'unclear' | 'silent'>, string>> = {
  all: `all|alles|everything|tout|alle reclame|alle|stop|no|nee|non|nein|objection|bezwaar|opposition|widerspruch`,
  post: `post|per post|geen post|courrier|par courrier|plus de courrier|keine post|by post|no post|channel`,
  topic: `topic|dit onderwerp|onderwerp|ce sujet|sujet|dieses thema|thema|this topic`,
  household: `household|huishouden|gezin|menage|foyer|haushalt|everybody here`,
  address: `address|adres|dit adres|adresse|cette adresse|diese adresse|this address`,
  sticker: `sticker|autocollant|aufkleber|nee/nee|nee-nee|nee nee|ja/nee|ja-nee|ja nee|stop pub|stoppub|geen reclamedrukwerk|no junk mail`,
  moved: `moved|verhuisd|demenage|verzogen|umgezogen|unknown|onbekend|inconnu|unbekannt|not at this address|woont hier niet|n'habite plus|npai|onbestelbaar|undeliverable|non distribuable|unzustellbar|retour afzender|return to sender|retour a l'expediteur`,
}

const markOf = new Map<string, ReturnMark>(
  returnMarks.flatMap((mark) =>
    mark === 'unclear' || mark === 'silent'
      ? []
      : words[mark].split('|').map((word): [string, ReturnMark] => [word, mark]),
  ),
)

/** What a cell says: nothing is silence, and words that are not on the list are for a human. */
export function readReturnMark(text: string): ReturnMark {
  const folded = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/[.!]+$/, '')
    .trim()
  return folded === '' ? 'silent' : (markOf.get(folded) ?? 'unclear')
}

export type ReturnReading = {
  readonly header: readonly string[]
  readonly contacts: ColumnMap
  readonly codeColumn?: number
  readonly markColumn?: number
  /** What the whole pile says, where no column does. */
  readonly mark: ReturnMark
  readonly country?: string
}

export type ReturnLine = { readonly taken: readonly ReturnedPiece[]; readonly reasons: readonly string[] }

/** A code that is misread is named, and the address beside it still counts: a no is taken even from half a line. */
export function readReturnLine(
  secrets: HashSecrets,
  reading: ReturnReading,
  fields: readonly string[],
  now: number,
): ReturnLine {
  const { header, contacts, codeColumn, markColumn } = reading
  const cell = (column: number | undefined) => (column === undefined ? '' : (fields[column]?.trim() ?? ''))
  const reasons: string[] = []
  const typed = cell(codeColumn)
  const code = typed === '' ? undefined : readPrintedCode(typed.split('/').at(-1) ?? '')
  if (typed !== '' && code === undefined) reasons.push(`${header[codeColumn ?? -1]}: this is no code; read it again`)
  const found = readContactPoints(secrets, header, contacts, fields, reading.country)
  reasons.push(...found.problems)
  const points: KeyedContactPoint[] = [...found.points]
  const externalId = cell(contacts.externalId?.[0])
  if (externalId !== '') {
    const named = keyContactPoint(secrets, { type: 'customer', value: externalId })
    if (named.kind === 'ok') points.push(named.keyed)
    else reasons.push(`${header[contacts.externalId?.[0] ?? -1]}: ${named.hint}`)
  }
  if (code === undefined && points.length === 0) {
    if (reasons.length === 0) reasons.push('there is no code, no address and no customer number in this line')
    return { taken: [], reasons }
  }
  const said = cell(markColumn)
  // A sticker that says yes to everything refuses nothing.
  if (/^ja[/ -]?ja$/i.test(said)) return { taken: [], reasons }
  const mark = markColumn === undefined || said === '' ? reading.mark : readReturnMark(said)
  const cameBackAt = readCameBack(reading, cell(contacts.saidAt?.[0]), now, reasons)
  return { taken: [{ points, mark, words: said, cameBackAt, ...(code !== undefined && { code }) }], reasons }
}

/** A day without a time is read as its end: a consent of that same day must not undo the no. */
function readCameBack({ header, contacts }: ReturnReading, text: string, now: number, reasons: string[]) {
  if (text === '') return null
  const date = readDate(text, now)
  if (date.kind === 'ok') return date.isDay ? date.at + dayMs - 1 : date.at
  if (date.kind === 'no_date') return null
  const why = date.reason === 'in_the_future' ? 'this date lies in the future' : 'this date cannot be read'
  reasons.push(`${header[contacts.saidAt?.[0] ?? -1]}: ${why}; the no counts from now`)
  return null
}
