import type { Command } from 'commander'
import { apiScopes, createApiKey, readApiKeys, revokeApiKey } from '../../services/api-keys.ts'
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
import { collect, oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'

type CreateOptions = PlaceOptions & { name: string; scope: string[]; json?: boolean }

export function addApiKeyCommand(program: Command): void {
  const create = hubCommand('create', 'make a key and print it, this once', [
    'verzet api-key create --name "mail platform" --scope gate:read,links:write',
  ])
    .requiredOption('--name <name>', 'who will use it')
    .requiredOption('--scope <scopes>', `what it allows: ${apiScopes.join(', ')}`, collect)
    .addOption(jsonOption())
    .action(createKey)
  const list = hubCommand('list', 'show the keys without their secrets', ['verzet api-key list'])
    .addOption(jsonOption())
    .action(listKeys)
  const revoke = hubCommand('revoke', 'make a key useless', ['verzet api-key revoke 0190a5c2-…'])
    .argument('<id>', 'as "verzet api-key list" shows it')
    .action(revokeKey)
  const group = plainCommand('api-key', 'make, list and revoke keys for the API', ['verzet api-key list'])
  program.addCommand(group.addCommand(create).addCommand(list).addCommand(revoke))
}

async function createKey(options: CreateOptions): Promise<void> {
  const scopes = options.scope.map((scope) => oneOf(apiScopes, scope, '--scope'))
  await withHub(options, async (hub) => {
    const made = await createApiKey(hub.db, { name: options.name, scopes }, hub.clock(), hub.random)
    if (options.json) printJson(made)
    else {
      print(made.key)
      note('Keep it now: the hub stores only its hash and cannot show it again.')
    }
    return exitCodes.ok
  })
}

async function listKeys(options: PlaceOptions & { json?: boolean }): Promise<void> {
  await withHub(options, async (hub) => {
    const keys = await readApiKeys(hub.db)
    if (options.json) printJson(keys)
    for (const key of options.json ? [] : keys) {
      const state = key.revokedAt === undefined ? '' : `  revoked ${new Date(key.revokedAt).toISOString().slice(0, 10)}`
      const use = key.lastUsedOn === undefined ? 'not used yet' : `last used ${key.lastUsedOn}`
      print(`${key.id}  ${key.name}  ${key.scopes.join(',')}  ${use}${state}`)
    }
    return exitCodes.ok
  })
}

async function revokeKey(id: string, options: PlaceOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
    if (!isId || !(await revokeApiKey(hub.db, id, hub.clock())))
      throw dataProblem('there is no such key, or it was revoked before')
    print('Revoked. No process takes it any more within two seconds.')
    return exitCodes.ok
  })
}
