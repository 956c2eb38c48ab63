import { type Command, Option } from 'commander'
import { type AccountOutcome, addStaff, changeStaff, renewLink } from '../../services/staff/accounts.ts'
import { type Role, roles } from '../../services/staff/permissions.ts'
import { listStaff } from '../../storage/staff.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'
import { noteStaffLink } from '../note-outside-url.ts'
import { addStaffSetsCommand, setsNamed } from './staff-sets.ts'

type Options = PlaceOptions & { role?: string[]; set?: string[]; json?: boolean }

/** Who acts, for the evidence: whoever may open the hub's database. */
const actor = 'command'

export function addStaffCommand(program: Command): void {
  const staff = plainCommand('staff', 'say who may sign in, and as what', [
    'verzet staff add ann@example.com --role administrator',
    'verzet staff list',
    'verzet staff sets list',
  ])
  staff.addCommand(
    hubCommand('add', 'add somebody, and print the link that opens their account', [
      'verzet staff add ann@example.com --role administrator',
      'verzet staff add bo@example.com --role agent,marketer',
      'verzet staff add cas@example.com --set "Front office"',
    ])
      .argument('<email>', 'what they sign in with')
      .option('--role <roles>', roles.join(', '), collect)
      .addOption(setOption())
      .addOption(jsonOption())
      .action(add),
  )
  staff.addCommand(
    hubCommand('link', 'a new link into an account; earlier ones end', ['verzet staff link ann@example.com'])
      .argument('<email>', 'whose')
      .addOption(jsonOption())
      .action((email: string, options: Options) => change(options, (hub) => renewLink(hub, email, actor))),
  )
  staff.addCommand(
    hubCommand('roles', 'what somebody may do from now on', ['verzet staff roles bo@example.com --role agent'])
      .argument('<email>', 'whose')
      .option('--role <roles>', `${roles.join(', ')}; as they are when left out`, collect)
      .addOption(setOption())
      .addOption(jsonOption())
      .action(changeRoles),
  )
  for (const [name, isDisabled, what] of [
    ['disable', true, 'close an account at once; what was recorded stays'],
    ['enable', false, 'open a closed account again'],
  ] as const) {
    staff.addCommand(
      hubCommand(name, what, [`verzet staff ${name} bo@example.com`])
        .argument('<email>', 'whose')
        .addOption(jsonOption())
        .action((email: string, options: Options) =>
          change(options, (hub) => changeStaff(hub, email, { isDisabled }, actor)),
        ),
    )
  }
  staff.addCommand(
    hubCommand('list', 'everybody who may sign in, or once could', ['verzet staff list'])
      .addOption(jsonOption())
      .action(list),
  )
  addStaffSetsCommand(staff)
  program.addCommand(staff)
}

/** A name may hold a comma, so that each set is an option of its own. */
function setOption(): Option {
  return new Option('--set <name>', 'a set of permissions of your own; give it again for more').argParser(
    (name: string, before: string[] = []) => [...before, name],
  )
}

function add(email: string, options: Options): Promise<void> {
  const wanted = readRoles(options)
  return change(options, async (hub) => addStaff(hub, email, wanted, actor, await setsNamed(hub, options.set ?? [])))
}

/** What is not named stays as it is. */
function changeRoles(email: string, options: Options): Promise<void> {
  const wanted = readRoles(options)
  return change(options, async (hub) => {
    const sets = options.set && { sets: await setsNamed(hub, options.set) }
    return changeStaff(hub, email, { ...(options.role !== undefined && { roles: wanted }), ...sets }, actor)
  })
}

function readRoles({ role = [], set = [] }: Options): Role[] {
  if (role.length + set.length === 0) throw usageProblem('say what they may do with --role, --set or both')
  return [...new Set(role.map((one) => oneOf(roles, one.replaceAll('-', '_'), '--role')))]
}

const whyNot = {
  unreadable_address: 'this is no e-mail address',
  exists: 'there is an account of that address; "verzet staff link" makes a new link',
  unknown: 'there is no account of that address; "verzet staff list" shows them',
  disabled: 'this account is closed; "verzet staff enable" opens it',
  last_administrator: 'this is the last administrator: add another one first',
} as const

async function change(
  options: Options,
  work: (hub: Parameters<typeof addStaff>[0]) => Promise<AccountOutcome>,
): Promise<void> {
  await withHub(options, async (hub, config) => {
    const outcome = await work(hub)
    if (outcome.kind !== 'done') throw dataProblem(whyNot[outcome.kind])
    const { staff, link } = outcome
    const url = link && `${hub.place.url}/sign-in/link/${link.token}`
    if (url !== undefined) noteStaffLink(config)
    if (options.json) {
      const expiresAt = link && new Date(link.expiresAt).toISOString()
      printJson({ ...shown(staff), ...(url !== undefined && { link: url, linkExpiresAt: expiresAt }) })
      return exitCodes.ok
    }
    print(describe(staff))
    if (url !== undefined) print(`To open the account, once and within 24 hours:\n${url}`)
    return exitCodes.ok
  })
}

async function list(options: Options): Promise<void> {
  await withHub(options, async (hub) => {
    const found = await listStaff(hub.db)
    if (options.json) printJson(found.map(shown))
    for (const one of options.json ? [] : found) print(describe(one))
    return exitCodes.ok
  })
}

type Staff = Awaited<ReturnType<typeof listStaff>>[number]

/** Never the hash of a password. */
function shown({ id, email, roles: held, createdAt, disabledAt, passwordHash }: Staff) {
  return {
    id,
    email,
    roles: held,
    hasPassword: passwordHash !== null,
    createdAt: createdAt.toISOString(),
    ...(disabledAt !== null && { disabledAt: disabledAt.toISOString() }),
  }
}

function describe({ email, roles: held, disabledAt }: Staff): string {
  return `${email}  ${held.join(', ') || 'no role'}${disabledAt === null ? '' : `  closed ${disabledAt.toISOString().slice(0, 10)}`}`
}
