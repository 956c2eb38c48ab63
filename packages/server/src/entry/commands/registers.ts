import { type Command, Option } from 'commander'
import { readDate } from '../../adapters/csv/read-date.ts'
import { knownRegisters } from '../../services/registers/known-registers.ts'
import { type RegisterState, readRegisters } from '../../services/registers/read-registers.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { collect } from '../contact-argument.ts'
import { exitCodes, usageProblem } from '../exit-codes.ts'
import { importRegisterFile, type RegisterImportOptions } from '../import-register-file.ts'

export function addRegistersCommand(program: Command): void {
  const registers = plainCommand('registers', 'read outside do-not-contact lists, and say how old they are', [
    'verzet registers list',
    'verzet registers import bel-me-niet-meer numbers.csv --taken-at 2026-11-20',
  ])
  registers.addCommand(
    hubCommand('list', 'each list that a rule consults, and until when its snapshot holds', ['verzet registers list'])
      .addOption(jsonOption())
      .addHelpText('after', '\nEnds with 1 when a list that was read is too old and somebody has to consult it.\n')
      .action(list),
  )
  registers.addCommand(
    hubCommand('import', 'read one snapshot; it counts once all of it is read', [
      'verzet registers import bel-me-niet-meer numbers.csv --taken-at 2026-11-20',
      'verzet registers import postfilter list.csv --taken-at 2026-11-20 --post street --post number --post postcode',
      'verzet registers import robinson list.csv --taken-at 2026-11-20 --post street,number,postcode,town',
    ])
      .argument('<register>', [...knownRegisters.keys()].join(', '))
      .argument('<file>', 'CSV, or one number a line')
      .requiredOption('--taken-at <date>', 'when the list was made, as its maker says: a day or a moment')
      .option('--phone <column>', 'the column with the numbers', collect)
      .option('--post <column>', 'postal address; several columns are read as its parts', collect)
      .option('--no-header', 'the first line is an entry too; columns then go by number')
      .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
      .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
      .option('--rejects <file>', 'where lines go that cannot be read (default: FILE.rejected.csv)')
      .option('--restart', 'begin again instead of going on where an earlier run stopped')
      .option('--trust', 'put it in force although it looks cut off or misread')
      .addOption(new Option('--batch <rows>').hideHelp())
      .addOption(jsonOption('print the summary as JSON'))
      .action(importList),
  )
  program.addCommand(registers)
}

async function list(options: PlaceOptions & { json?: boolean }): Promise<void> {
  await withHub(options, async (hub) => {
    const found = await readRegisters(hub.db, hub.catalog, hub.clock())
    const shown = found.map(({ inForce, sources: _texts, ...rest }) => ({
      ...rest,
      ...(inForce && { entries: inForce.entries, takenAt: iso(inForce.takenAt), staleAt: iso(inForce.staleAt) }),
    }))
    if (options.json) printJson(shown)
    for (const one of options.json ? [] : found)
      print(`${one.id.padEnd(18)} ${one.country}  ${one.state.padEnd(7)}  ${describe(one)}`)
    return found.some(({ state, isConsulted }) => isConsulted && state === 'stale') ? exitCodes.negative : exitCodes.ok
  })
}

async function importList(id: string, path: string, options: RegisterImportOptions & { takenAt: string }) {
  const register = knownRegisters.get(id)
  if (register === undefined)
    throw usageProblem(`there is no register "${id}" that a rule consults: ${[...knownRegisters.keys()].join(', ')}`)
  if (path === '-')
    throw usageProblem(
      'a snapshot is read from a file, so that it can go on where it stopped; stdin cannot be read twice',
    )
  const date = readDate(options.takenAt.trim(), Date.now())
  if (date.kind !== 'ok') throw usageProblem(`--taken-at: "${options.takenAt}" is no day or moment that has been`)
  // A day is read as its beginning: of two ways to be wrong about the age, the one that trusts the list less.
  await withHub(options, (hub) => importRegisterFile(hub, { register, takenAt: date.at, path, options }))
}

function describe({ inForce, state, isConsulted, isVoluntary, until, pledgedBy }: RegisterState): string {
  const asked = isConsulted
    ? isVoluntary
      ? ` for ${pledgedBy.join(', ')}`
      : ''
    : isVoluntary
      ? '; no brand holds itself to it (pledgedRegisters)'
      : `; not asked for since ${until}`
  if (inForce === undefined) return `${isConsulted ? 'never read: the gate denies' : 'never read'}${asked}`
  const age = `${state === 'stale' ? 'too old since' : 'good until'} ${day(inForce.staleAt)}`
  return `${inForce.entries} entries, taken ${day(inForce.takenAt)}, ${age}${asked}`
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function day(at: number): string {
  return iso(at).slice(0, 10)
}
