import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { configOf, jsonOption, note, type PlaceOptions, plainCommand, print, printJson } from '../command-frame.ts'
import type { Config } from '../config.ts'
import { dataProblem, usageProblem } from '../exit-codes.ts'
import {
  loadSecrets,
  newSecret,
  openSecrets,
  parseSecrets,
  readSecretsFile,
  type SecretsFile,
  secretsPath,
  writeSecretsFile,
} from '../secrets.ts'
import { keysLinkKeyCommand } from './keys-link-key.ts'

/** One byte names a key inside a token. */
const linkKeyIdMax = 255

export function addKeysCommand(program: Command): void {
  const group = plainCommand('keys', 'show, back up, restore and rotate the secrets of this deployment', [
    'verzet keys backup /media/safe/verzet-secrets.json',
  ])
  group.addHelpText(
    'after',
    '\nWho loses the pepper loses the memory of every no: no address that said no would be recognised again.\nBack the secrets up before the first import, and keep the copy apart from the database backups.\n',
  )
  const data = () => new Option('--data <dir>', 'data directory (default: .verzet, or VERZET_DATA)')
  group
    .addCommand(
      plainCommand('show', 'print fingerprints of the secrets, which give nothing away', ['verzet keys show'])
        .addOption(data())
        .option('--reveal', 'print the secrets themselves, to a terminal only')
        .addOption(jsonOption())
        .action(showKeys),
    )
    .addCommand(
      plainCommand('backup', 'write a copy only you can read; never overwrites', [
        'verzet keys backup secrets-2026.json',
      ])
        .argument('<file>')
        .addOption(data())
        .action(backUpKeys),
    )
    .addCommand(
      plainCommand('restore', 'put a copy back', ['verzet keys restore secrets-2026.json'])
        .argument('<file>')
        .addOption(data())
        .option('--replace', 'even when other secrets are there, which are then lost')
        .action(restoreKeys),
    )
    .addCommand(
      plainCommand('rotate', 'make a new key for new links; links sent before go on working', ['verzet keys rotate'])
        .addOption(data())
        .action(rotateLinkKey),
    )
    .addCommand(keysLinkKeyCommand())
  program.addCommand(group)
}

function showKeys(options: PlaceOptions & { reveal?: boolean; json?: boolean }): void {
  const { secrets, place } = secretsInUse(configOf(options))
  if (options.reveal) {
    if (!process.stdout.isTTY)
      throw usageProblem('--reveal prints to a terminal only; use "verzet keys backup" for a copy')
    print(JSON.stringify(secrets, null, 2))
    return
  }
  const shown = {
    kept: place,
    pepper: fingerprint(secrets.pepper),
    linkKeys: secrets.linkKeys.map(({ id, secret }) => ({ id, fingerprint: fingerprint(secret) })),
    current: secrets.linkKeys.at(-1)?.id,
  }
  if (options.json) {
    printJson(shown)
    return
  }
  print(`Kept in ${place}`)
  print(`pepper      ${shown.pepper}`)
  for (const key of shown.linkKeys) {
    print(`link key ${String(key.id).padStart(2)} ${key.fingerprint}${key.id === shown.current ? '  (new links)' : ''}`)
  }
}

function backUpKeys(file: string, options: PlaceOptions): void {
  const { secrets } = secretsInUse(configOf(options))
  if (existsSync(file)) throw dataProblem(`${file} exists already; a backup never overwrites`)
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  print(`Wrote ${file} (mode 0600).`)
  note(
    'Keep it apart from the database backups: together they tell who said no, and without it no earlier no is recognised.',
  )
}

function restoreKeys(file: string, options: PlaceOptions & { replace?: boolean }): void {
  const { dataDir } = fileConfig(options)
  const given = parseSecrets(readFileSync(file, 'utf8'), file)
  openSecrets(given)
  const known = readSecretsFile(dataDir)
  const isSame = known !== undefined && JSON.stringify(known) === JSON.stringify(given)
  if (known !== undefined && !isSame && !options.replace) {
    throw dataProblem(`${secretsPath(dataDir)} holds other secrets; back them up, then say --replace`)
  }
  if (!isSame) writeSecretsFile(dataDir, given, { replace: options.replace === true })
  print(`Restored ${secretsPath(dataDir)}. Restart the running processes.`)
}

function rotateLinkKey(options: PlaceOptions): void {
  const config = fileConfig(options)
  const { secrets } = secretsInUse(config)
  const id = Math.max(...secrets.linkKeys.map((key) => key.id)) + 1
  if (id > linkKeyIdMax) throw dataProblem('all 255 key numbers are taken; restore a backup with fewer keys')
  const rotated: SecretsFile = { ...secrets, linkKeys: [...secrets.linkKeys, { id, secret: newSecret() }] }
  writeSecretsFile(config.dataDir, rotated, { replace: true })
  print(
    `New links carry key ${id}. The ${secrets.linkKeys.length} earlier key(s) stay, so every link sent before goes on working.`,
  )
  note('Restart the running processes, and make a new backup ("verzet keys backup").')
}

/** Makes the secrets when there are none yet, as the first start would. */
function secretsInUse(config: Config): { secrets: SecretsFile; place: string } {
  if (config.pepper === undefined && config.link_keys === undefined) {
    loadSecrets(config)
    const secrets = readSecretsFile(config.dataDir)
    if (secrets === undefined) throw dataProblem(`${secretsPath(config.dataDir)} cannot be read`)
    return { secrets, place: secretsPath(config.dataDir) }
  }
  // Checks both variables together.
  loadSecrets(config)
  const linkKeys = (config.link_keys ?? '').split(',').map((pair) => {
    const [id, secret] = pair.split(':')
    return { id: Number(id), secret: secret ?? '' }
  })
  return { secrets: { pepper: config.pepper ?? '', linkKeys }, place: 'the environment' }
}

function fileConfig(options: PlaceOptions): Config {
  const config = configOf(options)
  if (config.pepper !== undefined) {
    throw usageProblem('the secrets come from VERZET_PEPPER and VERZET_LINK_KEYS: change them where those are set')
  }
  return config
}

/** Enough to compare two machines by eye. */
function fingerprint(secret: string): string {
  const hex = createHash('sha256').update('verzet fingerprint of ').update(secret).digest('hex').slice(0, 16)
  return hex.replace(/(.{4})(?=.)/g, '$1 ')
}
