import { type Command, Option } from 'commander'
import {
  addRelayCredential,
  type RelayCredential,
  readRelayCredentials,
  removeRelayCredential,
} from '../../services/relay-credentials.ts'
import {
  hubCommand,
  jsonOption,
  note,
  type PlaceOptions,
  plainCommand,
  print,
  printJson,
  withHub,
} from '../command-frame.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'

type AddOptions = PlaceOptions & {
  brand: string
  topic?: string
  campaign?: string
  name?: string
  whenRefused: 'refuse' | 'accept'
  headersOnly?: true
  linksInService?: true
  json?: true
}

/** What SASL and a mail program's settings take without trouble. */
const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/i

export function relayCredentialsCommand(): Command {
  const add = hubCommand('add', 'make a sign-in and print its password, this once', [
    'verzet relay credentials add --brand acme',
    'verzet relay credentials add --brand acme --topic news --when-refused accept',
  ])
    .requiredOption('--brand <id>', 'whose mail it sends')
    .option('--topic <id>', 'all of it is about this topic; else each mail says so in X-Verzet-Topic or its List-Id')
    .option('--campaign <name>', 'all of it belongs to this campaign')
    .option('--name <name>', 'the name to sign in with (default: made from the brand)')
    .addOption(
      new Option('--when-refused <answer>', 'for recipients who said no: refuse (550), or accept (250) and drop')
        .choices(['refuse', 'accept'])
        .default('refuse'),
    )
    .option('--headers-only', 'let advertising go whose body cannot be changed, with the header fields alone')
    .option('--links-in-service', 'put the ways out into service mail as well')
    .addOption(jsonOption())
    .action(addCredential)
  const list = hubCommand('list', 'show the sign-ins without their passwords', ['verzet relay credentials list'])
    .addOption(jsonOption())
    .action(listCredentials)
  const remove = hubCommand('remove', 'make a sign-in useless', ['verzet relay credentials remove acme-1f0c22d1'])
    .argument('<name>', 'as "verzet relay credentials list" shows it')
    .action(removeCredential)
  return plainCommand('credentials', 'who may send through the relay', ['verzet relay credentials list'])
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
}

async function addCredential(options: AddOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const brand = hub.catalog.brand(options.brand)
    if (brand === undefined) throw dataProblem(`there is no brand ${options.brand}; "verzet brands" lists them`)
    const { topic, campaign, name } = options
    if (topic !== undefined && hub.catalog.topic(brand.id, topic) === undefined)
      throw dataProblem(`the brand ${brand.id} has no topic ${topic}; "verzet topics" lists them`)
    if (name !== undefined && !namePattern.test(name))
      throw dataProblem('a name is made of letters, digits, dots, hyphens and underscores, at most 64')
    const wish = {
      brand,
      ...(topic !== undefined && { topic }),
      ...(campaign !== undefined && { campaign }),
      ...(name !== undefined && { name }),
      whenRefused: options.whenRefused,
      headersOnly: options.headersOnly === true,
      linksInService: options.linksInService === true,
    }
    const made = await addRelayCredential(hub.db, wish, hub.clock(), hub.random)
    if (made.kind === 'name_taken') throw dataProblem(`the name ${name} is taken, or was before; choose another`)
    if (options.json) printJson({ name: made.name, password: made.password })
    else {
      print(`name      ${made.name}`)
      print(`password  ${made.password}`)
      note('Keep it now: the hub stores only its hash and cannot show it again.')
    }
    return exitCodes.ok
  })
}

async function listCredentials(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const credentials = await readRelayCredentials(hub.db)
    if (options.json) printJson(credentials)
    else for (const credential of credentials) print(describe(credential))
    return exitCodes.ok
  })
}

function describe(credential: RelayCredential): string {
  const { name, brand, topic, campaign, whenRefused, headersOnly, linksInService, removedAt } = credential
  const words = [
    name,
    brand,
    topic ?? 'any topic',
    ...(campaign === undefined ? [] : [`campaign ${campaign}`]),
    whenRefused === 'accept' ? 'accepts and drops' : 'refuses',
    ...(headersOnly ? ['headers only allowed'] : []),
    ...(linksInService ? ['links in service mail'] : []),
    ...(removedAt === undefined ? [] : [`removed ${new Date(removedAt).toISOString().slice(0, 10)}`]),
  ]
  return words.join('  ')
}

async function removeCredential(name: string, options: PlaceOptions): Promise<void> {
  await withHub(options, async (hub) => {
    if (!(await removeRelayCredential(hub.db, name, hub.clock())))
      throw dataProblem('there is no such sign-in, or it was removed before')
    print('Removed. No process takes mail from it any more within two seconds.')
    return exitCodes.ok
  })
}
