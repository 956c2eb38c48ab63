import type { Command } from 'commander'
import type { Hub } from '../../services/hub.ts'
import {
  readPermissionSets,
  removePermissionSet,
  savePermissionSet,
  setNameCharactersMax,
  setsMax,
} from '../../services/staff/permission-sets.ts'
import { permissions } from '../../services/staff/permissions.ts'
import type { PermissionSetRow } from '../../storage/staff-sets.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'

type SaveOptions = PlaceOptions & { may: string[]; rename?: string; json?: true }

/** Who acts, for the evidence: whoever may open the hub's database. */
const actor = 'command'
/** Everybody who has a set has an account to look after; it is not given by itself. */
const offered = permissions.filter((one) => one !== 'account')

/** The deployment's own sets of permissions: they are named here, as people know them. */
export function addStaffSetsCommand(staff: Command): void {
  const list = hubCommand('list', 'the sets, and what each allows', ['verzet staff sets list'])
    .addOption(jsonOption())
    .action(listSets)
  const save = hubCommand('save', 'make a set, or change what the one of this name allows from the next page on', [
    'verzet staff sets save "Front office" --may desk,review',
    'verzet staff sets save "Front office" --may desk,review,people --rename Counter',
  ])
    .argument('<name>', `up to ${setNameCharactersMax} characters`)
    .requiredOption('--may <permissions>', offered.join(', '), collect)
    .option('--rename <name>', 'call it this from now on')
    .addOption(jsonOption())
    .action(saveSet)
  const remove = hubCommand('delete', 'delete a set, and take it from everybody who has it', [
    'verzet staff sets delete "Front office"',
  ])
    .argument('<name>', 'as "verzet staff sets list" shows it')
    .addOption(jsonOption())
    .action(deleteSet)
  const group = plainCommand('sets', 'sets of permissions of your own, beside the roles', ['verzet staff sets list'])
  staff.addCommand(group.addCommand(list, { isDefault: true }).addCommand(save).addCommand(remove))
}

/** The ids of the sets of these names, for an account that is given them. */
export async function setsNamed(hub: Pick<Hub, 'db'>, names: readonly string[]): Promise<string[]> {
  const known = await readPermissionSets(hub)
  return names.map((name) => setNamed(known, name).id)
}

async function listSets(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const sets = await readPermissionSets(hub)
    if (options.json) printJson(sets)
    for (const set of options.json ? [] : sets) print(describe(set))
    return exitCodes.ok
  })
}

async function saveSet(name: string, options: SaveOptions): Promise<void> {
  const wanted = options.may.map((one) => oneOf(offered, one.replaceAll('-', '_'), '--may'))
  if (wanted.length === 0) throw usageProblem('--may names one permission at least')
  await withHub(options, async (hub) => {
    const known = await readPermissionSets(hub)
    const id = options.rename === undefined ? findNamed(known, name)?.id : setNamed(known, name).id
    const set = { name: options.rename ?? name, permissions: wanted, ...(id !== undefined && { id }) }
    const saved = await savePermissionSet(hub, set, actor)
    if (saved.kind !== 'saved') throw dataProblem(whyNot[saved.kind])
    show(await setOf(hub, saved.id), options)
    return exitCodes.ok
  })
}

async function deleteSet(name: string, options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const set = setNamed(await readPermissionSets(hub), name)
    if (!(await removePermissionSet(hub, set.id, actor))) throw dataProblem(whyNot.unknown)
    if (options.json) printJson({ ...set, deleted: true })
    else print(`Deleted ${set.name}. Whoever had it has it no more from their next page on.`)
    return exitCodes.ok
  })
}

const whyNot = {
  no_name: 'give the set a name',
  no_permission: 'a set allows one thing at least',
  name_taken: 'there is another set of that name, and capitals make no difference; "verzet staff sets list" shows them',
  too_many: `there are ${setsMax} sets already: delete one first`,
  unknown: 'there is no such set any more',
} as const

function findNamed(known: readonly PermissionSetRow[], name: string): PermissionSetRow | undefined {
  return known.find((set) => set.name === name.trim())
}

function setNamed(known: readonly PermissionSetRow[], name: string): PermissionSetRow {
  const found = findNamed(known, name)
  if (found === undefined) throw dataProblem(`there is no set "${name}"; "verzet staff sets list" shows them`)
  return found
}

async function setOf(hub: Pick<Hub, 'db'>, id: string): Promise<PermissionSetRow> {
  const found = (await readPermissionSets(hub)).find((set) => set.id === id)
  if (found === undefined) throw dataProblem(whyNot.unknown)
  return found
}

function show(set: PermissionSetRow, { json }: { json?: true }): void {
  if (json) printJson(set)
  else print(describe(set))
}

function describe({ name, permissions: allowed }: PermissionSetRow): string {
  return `${name}  ${allowed.join(', ')}`
}
