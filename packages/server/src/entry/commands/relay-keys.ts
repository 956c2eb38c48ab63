import { type Command, Option } from 'commander'
import { configOf, jsonOption, note, type PlaceOptions, plainCommand, print, printJson } from '../command-frame.ts'
import {
  asZoneLine,
  dkimKeysPath,
  dkimRecordOf,
  type KeptDkimKey,
  loadDkimKeys,
  makeDkimKeys,
  readDkimKeysFile,
  writeDkimKeysFile,
} from '../dkim-keys.ts'
import { dataProblem } from '../exit-codes.ts'

type KeyOptions = PlaceOptions & { domain: string; selector: string; brand?: string; json?: true }

/** RFC 6376 §3.1: a selector is one or more labels; `-ed` is put behind it. */
const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,55}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,55}[a-z0-9])?)*$/i

export function relayKeysCommand(): Command {
  const data = () => new Option('--data <dir>', 'data directory (default: .verzet, or VERZET_DATA)')
  const add = plainCommand('add', 'make an RSA and an Ed25519 key for a domain and print what goes into the DNS', [
    'verzet relay keys add --domain acme.example --selector verzet2026',
  ])
    .addOption(data())
    .requiredOption('--domain <domain>', 'the domain in From, or one above it')
    .requiredOption('--selector <name>', 'tells this key from the next one, like verzet2026')
    .option('--brand <id>', 'sign for this brand alone')
    .addOption(jsonOption())
    .action(addKeys)
  const list = plainCommand('list', 'show the keys and the DNS records that belong to them', ['verzet relay keys list'])
    .addOption(data())
    .addOption(jsonOption())
    .action(listKeys)
  const remove = plainCommand('remove', 'forget the keys of a selector', [
    'verzet relay keys remove --domain acme.example --selector verzet2025',
  ])
    .addOption(data())
    .requiredOption('--domain <domain>', 'as "verzet relay keys list" shows it')
    .requiredOption('--selector <name>', 'the one they were made with')
    .action(removeKeys)
  return plainCommand('keys', 'what the relay signs with (DKIM)', ['verzet relay keys list'])
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
}

function addKeys(options: KeyOptions): void {
  const { dataDir } = configOf(options)
  const { brand } = options
  const [domain, selector] = [options.domain.toLowerCase(), options.selector.toLowerCase()]
  if (!namePattern.test(domain) || !domain.includes('.')) throw dataProblem('--domain is not a domain in ASCII')
  if (!namePattern.test(selector)) throw dataProblem('--selector is made of letters, digits, hyphens and dots')
  const known = readDkimKeysFile(dataDir)
  const made = makeDkimKeys({ domain, selector, ...(brand !== undefined && { brand }) }, Date.now())
  if (known.some((key) => made.some((one) => one.domain === key.domain && one.selector === key.selector)))
    throw dataProblem(
      `${domain} has a key ${selector} already; choose another selector, so that both can be in the DNS`,
    )
  writeDkimKeysFile(dataDir, [...known, ...made])
  // What cannot be read again would be found out at the next start.
  loadDkimKeys(dataDir)
  show(made, options.json === true)
  note(`Kept in ${dkimKeysPath(dataDir)} (mode 0600). Publish the records first, then start the hub again.`)
}

function listKeys(options: PlaceOptions & { json?: true }): void {
  show(readDkimKeysFile(configOf(options).dataDir), options.json === true)
}

function show(keys: readonly KeptDkimKey[], isJson: boolean): void {
  const shown = keys.map((key) => {
    const { domain, selector, brand, createdAt } = key
    return { domain, selector, ...(brand !== undefined && { brand }), createdAt, record: dkimRecordOf(key) }
  })
  if (isJson) printJson(shown)
  else for (const { record } of shown) print(asZoneLine(record))
}

function removeKeys(options: KeyOptions): void {
  const { dataDir } = configOf(options)
  const names = [options.selector.toLowerCase(), `${options.selector.toLowerCase()}-ed`]
  const known = readDkimKeysFile(dataDir)
  const kept = known.filter((key) => key.domain !== options.domain.toLowerCase() || !names.includes(key.selector))
  if (kept.length === known.length) throw dataProblem('there is no such key')
  writeDkimKeysFile(dataDir, kept)
  print('Removed. Leave its records in the DNS for a week: mails under way are still checked with them.')
  note('Start the hub again.')
}
