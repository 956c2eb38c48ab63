import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { elementPath, integrityOf } from '../../adapters/http/portal/element-route.ts'
import { addPortal, type Portal, type PortalWish, readPortals, removePortal } from '../../services/portal/portals.ts'
import {
  configOf,
  hubCommand,
  jsonOption,
  note,
  type PlaceOptions,
  plainCommand,
  print,
  printJson,
  withHub,
} from '../command-frame.ts'
import { publicPlace } from '../compose.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'
import { asListening } from '../listening-at.ts'
import { readElement } from '../read-element.ts'

type AddOptions = PlaceOptions & {
  brand: string
  origin: string[]
  jwks?: string
  publicKey?: string
  sharedSecret?: true
  json?: true
}

/** A PEM of a key is far smaller; what is larger is another file. */
const publicKeyBytesMax = 16 * 1024

export function addPortalsCommand(program: Command): void {
  const add = hubCommand('add', 'let a portal say who its users are; a shared secret is made and printed, this once', [
    'verzet portals add https://my.example.com --brand acme --origin https://my.example.com --jwks https://my.example.com/keys',
    'verzet portals add my-portal --brand acme --origin https://my.example.com --shared-secret',
  ])
    .argument('<name>', 'as the tokens say it in "iss"')
    .requiredOption('--brand <id>', 'whose advertising the page is about')
    .option('--origin <origin>', 'a site the element may stand on; give it again for more', collect, [])
    .option('--jwks <url>', 'where the portal publishes its keys (ES256, RS256)')
    .option('--public-key <file>', 'its public key as PEM (ES256, RS256)')
    .option('--shared-secret', 'make a secret for HS256')
    .addOption(jsonOption())
    .action(addOne)
  const list = hubCommand('list', 'show the portals without their secrets', ['verzet portals list'])
    .addOption(jsonOption())
    .action(listPortals)
  const remove = hubCommand('remove', 'believe a portal no more', ['verzet portals remove my-portal'])
    .argument('<name>', 'as "verzet portals list" shows it')
    .action(removeOne)
  const script = hubCommand('script', 'print the tag that puts the element on a page, with its integrity', [
    'verzet portals script',
  ]).action(printScript)
  const group = plainCommand('portals', 'who may say to the hub who somebody is', ['verzet portals list'])
  program.addCommand(group.addCommand(list, { isDefault: true }).addCommand(add).addCommand(remove).addCommand(script))
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

async function addOne(name: string, options: AddOptions): Promise<void> {
  const key = await keyOf(options)
  await withHub(options, async (hub) => {
    if (hub.catalog.brand(options.brand) === undefined)
      throw dataProblem(`there is no brand ${options.brand}; "verzet brands" lists them`)
    const added = await addPortal(hub, { name, brand: options.brand, origins: options.origin, key })
    if (added.kind === 'refused') throw dataProblem(added.hint)
    if (added.kind === 'name_taken') throw dataProblem(`there is a portal ${name} already; remove it first`)
    if (options.json) printJson({ name, audience: hub.place.url, ...(added.secret && { secret: added.secret }) })
    else {
      print(`iss     ${name}`)
      print(`aud     ${hub.place.url}`)
      if (added.secret !== undefined) print(`secret  ${added.secret}`)
    }
    if (added.secret !== undefined) note('Keep the secret now: it is stored sealed and is not shown again.')
    return exitCodes.ok
  })
}

async function keyOf({ jwks, publicKey, sharedSecret }: AddOptions): Promise<PortalWish['key']> {
  const given = [jwks, publicKey, sharedSecret].filter((one) => one !== undefined)
  if (given.length !== 1) throw usageProblem('give one of --jwks, --public-key and --shared-secret')
  if (jwks !== undefined) return { kind: 'jwks', url: jwks }
  if (publicKey === undefined) return { kind: 'shared_secret' }
  const pem = await readFile(publicKey)
  if (pem.length > publicKeyBytesMax) throw dataProblem(`${publicKey} is too large for a public key`)
  return { kind: 'public_key', pem: pem.toString('utf8') }
}

async function listPortals(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const portals = (await readPortals(hub)).map(described)
    if (options.json) printJson(portals)
    else for (const portal of portals) print(inWords(portal))
    return exitCodes.ok
  })
}

/** Without what it signs with, but for what is public. */
function described({ key, ...portal }: Portal) {
  const shown = key.kind === 'jwks' ? { key: key.kind, jwks: key.url } : { key: key.kind }
  return { ...portal, ...shown }
}

function inWords({ name, brand, key, origins, removedAt, ...rest }: ReturnType<typeof described>): string {
  const source = 'jwks' in rest ? rest.jwks : key === 'public_key' ? 'a public key' : 'a shared secret'
  const removed = removedAt === undefined ? [] : [`removed ${new Date(removedAt).toISOString().slice(0, 10)}`]
  return [name, brand, `by ${source}`, origins.join(', ') || 'on no site', ...removed].join('  ')
}

async function removeOne(name: string, options: PlaceOptions): Promise<void> {
  await withHub(options, async (hub) => {
    if (!(await removePortal(hub, name))) throw dataProblem('there is no such portal, or it was removed before')
    print('Removed. No process believes it any more within a second.')
    return exitCodes.ok
  })
}

/** Needs no database: the script is part of the program. */
function printScript(options: PlaceOptions): void {
  const script = readElement()
  if (script === undefined) throw dataProblem('the element was not built; run npm run build')
  const { url } = publicPlace(asListening(configOf(options)))
  print(`<script src="${url}${elementPath}" integrity="${integrityOf(script)}" crossorigin defer></script>`)
}
