import { fstatSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Channel, type ContactPointType, channels, channelsServedBy } from '@verzet/core'
import {
  type About,
  type ContactColumns,
  ListFile,
  type ListFormat,
  listEncodings,
  listFormats,
  listHashes,
} from '@verzet/gate'
import type { Command } from 'commander'
import { chooseColumns } from '../../adapters/csv/relation-columns.ts'
import { configOf, hubCommand, interruption, jsonOption, type PlaceOptions } from '../command-frame.ts'
import { composeHub } from '../compose.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { type ExitCode, usageProblem } from '../exit-codes.ts'
import { runScrub, type ScrubWork } from '../run-scrub.ts'
import { assertScopeExists } from '../scope-options.ts'
import { openRemoteSource, readLocalSource } from '../scrub-source.ts'

type Options = PlaceOptions & {
  brand: string
  topic: string
  channel: string
  email?: string[]
  phone?: string[]
  format?: string
  delimiter?: string
  encoding?: string
  header: boolean
  out?: string
  refused?: string
  claim?: boolean
  hashed?: string
  since?: string
  strict?: boolean
  threads?: string
  json?: boolean
  hub?: string
  key?: string
  keyFile?: string
}

/** More than four find rows faster than one can judge them. */
const threadsByDefault = 4
const threadsMax = 16

export function addScrubCommand(program: Command): void {
  const command = hubCommand('scrub', 'take those out of a list whom the gate refuses', [
    'verzet scrub list.csv --brand shop --topic news --out may-be-mailed.csv --refused refused.csv',
    'zcat list.ndjson.gz | verzet scrub - --brand shop --topic news --email contact > kept.ndjson',
    'verzet scrub list.csv --brand shop --topic news --hub https://optout.example --key-file gate.key --out kept.csv',
  ])
  command
    .argument('<file>', 'CSV, TSV or NDJSON, plain or packed with gzip or Zstandard, or - for stdin')
    .requiredOption('--brand <brand>', 'who sends the message')
    .requiredOption('--topic <topic>', 'what it is about')
    .option('--channel <channel>', 'how it travels: email, sms, whatsapp or phone', 'email')
    .option('--email <column>', 'e-mail address: title, number from 1, or name in NDJSON', collect)
    .option('--phone <column>', 'phone number', collect)
    .option('--format <format>', `${listFormats.join(', ')} (default: as the first line shows)`)
    .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
    .option('--encoding <encoding>', `${listEncodings.join(', ')} (default: as its mark says, or utf8)`)
    .option('--no-header', 'the first line is a row too; columns then go by number')
    .option('--out <file>', 'where kept rows go (default: stdout)')
    .option('--refused <file>', 'where the other rows go, with line and reason')
    .option('--claim', 'count the message for everybody who is kept, for people who asked for fewer')
    .option('--hashed <hash>', `the columns hold hashes: ${listHashes.join(', ')}`)
    .option('--since <position>', 'only rows about whom something changed since')
    .option('--strict', 'end with 65 when a row could not be read')
    .option('--threads <count>', `threads that find the rows (default: ${threadsByDefault}, or the cores there are)`)
    .option('--hub <url>', 'ask this hub instead of a database')
    .option('--key <key>', 'its API key')
    .option('--key-file <file>', 'a file that holds the key')
    .addOption(jsonOption('print the summary as JSON, on stderr: stdout carries the list'))
    .addHelpText('after', '\nWhat is kept, what is not and why: docs/operate/scrub.md\n')
    .action(scrubList)
  program.addCommand(command)
}

async function scrubList(path: string, options: Options): Promise<void> {
  const wants = wantsOf(options)
  const input = await openInput(path)
  try {
    const shape = shapeOf(options, wants)
    const work = { ...wants, ...input, path, ...outputsOf(options), threads: threadsOf(options), shape }
    process.exitCode = options.hub === undefined ? await atDatabase(work, options) : await atHub(work, options)
  } finally {
    await input.close()
  }
}

async function atDatabase(work: ScrubWork, options: Options): Promise<ExitCode> {
  await using hub = await composeHub(configOf(options))
  assertScopeExists(hub.catalog, { brand: options.brand, topic: options.topic })
  // Awaited here: the hub is closed as soon as this function returns.
  return await runScrub(work, await readLocalSource(hub, work), hub.clock)
}

async function atHub(work: ScrubWork, { hub, key, keyFile }: Options): Promise<ExitCode> {
  if (hub === undefined || !URL.canParse(hub))
    throw usageProblem('--hub takes the address of a hub, such as https://optout.example')
  if (work.hash !== undefined)
    throw usageProblem('--hashed needs the database: a copy of the gate holds no addresses to hash')
  const secret = keyFile === undefined ? key : (await readFile(keyFile, 'utf8')).trim()
  if (secret === undefined || secret === '')
    throw usageProblem('--hub needs --key-file or --key: an API key that may read changes')
  using interrupted = interruption()
  await using source = await openRemoteSource({ url: hub, key: secret }, work, interrupted.signal)
  return await runScrub(work, source, Date.now)
}

function wantsOf(options: Options) {
  const channel = oneOf(channels, options.channel, '--channel')
  if (servingTypes(channel).length === 0)
    throw usageProblem(`--channel ${channel}: a list has e-mail addresses and phone numbers only`)
  const about: About = { brand: options.brand, channel, topic: options.topic }
  if (options.hashed !== undefined && options.claim) throw usageProblem('--claim needs addresses, not hashes')
  return {
    about,
    isClaim: options.claim === true,
    ...(options.hashed !== undefined && { hash: oneOf(listHashes, options.hashed, '--hashed') }),
    ...(options.since !== undefined && { since: options.since }),
  }
}

function outputsOf({ out, refused, strict, json }: Options) {
  if (out !== undefined && out === refused) throw usageProblem('--out and --refused need two files')
  return { out, refused, isStrict: strict === true, isJson: json === true }
}

function threadsOf({ threads }: Options): number {
  if (threads === undefined) return Math.min(threadsByDefault, availableParallelism())
  const count = Number(threads)
  if (!Number.isInteger(count) || count < 1 || count > threadsMax)
    throw usageProblem(`--threads takes a number from 1 to ${threadsMax}`)
  return count
}

type OpenInput = Pick<ScrubWork, 'input' | 'inputBytes'> & { close(): Promise<void> }

async function openInput(path: string): Promise<OpenInput> {
  if (path === '-') {
    return { input: process.stdin, inputBytes: undefined, close: async () => void process.stdin.destroy() }
  }
  const file = await open(path)
  const facts = fstatSync(file.fd)
  if (facts.isDirectory()) throw usageProblem(`${path} is a directory`)
  return {
    input: new ListFile(file),
    close: () => file.close(),
    inputBytes: facts.isFile() ? facts.size : undefined,
  }
}

function shapeOf(options: Options, { about, isClaim }: { about: About; isClaim: boolean }): ScrubWork['shape'] {
  const { delimiter, header: hasHeader, email, phone } = options
  if (delimiter !== undefined && !/^(?:[\x20-\x7e]|\\t)$/.test(delimiter)) {
    throw usageProblem('--delimiter takes one character, or \\t')
  }
  const format: ListFormat | undefined =
    options.format === undefined ? undefined : oneOf(listFormats, options.format, '--format')
  const isNamed = email !== undefined || phone !== undefined
  const serving = servingTypes(about.channel)
  const names = {
    email: email ?? (!isNamed && serving.includes('email') ? ['email'] : []),
    phone: phone ?? (!isNamed && serving.includes('phone') ? ['phone'] : []),
  }
  if (format === 'ndjson') assertServed(names, about.channel, isClaim)
  return {
    hasHeader,
    names,
    ...(format !== undefined && { format }),
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(options.encoding !== undefined && { encoding: oneOf(listEncodings, options.encoding, '--encoding') }),
    chooseColumns: (header) => columnsIn(header, { email, phone }, about.channel, isClaim),
  }
}

/** What was named, and otherwise the column of the channel's own kind whose title says so. */
function columnsIn(
  header: readonly string[],
  { email, phone }: Pick<Options, 'email' | 'phone'>,
  channel: Channel,
  isClaim: boolean,
): ContactColumns {
  const named = { ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) }
  const wanted =
    email === undefined && phone === undefined
      ? servingTypes(channel)
      : (['email', 'phone'] as const).filter((type) => named[type])
  const chosen = chooseColumns(header, named, wanted)
  if (chosen.kind === 'unknown_column') {
    const titles = header.map((title) => `"${title}"`).join(', ')
    throw usageProblem(`--${chosen.field}: the list has no column "${chosen.wanted}"; it has ${titles}`)
  }
  if (chosen.kind === 'ambiguous')
    throw usageProblem(`more than one column could be meant: ${chosen.titles.join(', ')}; name one`)
  const columns = { email: chosen.columns.email ?? [], phone: chosen.columns.phone ?? [] }
  assertServed(columns, channel, isClaim)
  return columns
}

function assertServed(of: Record<'email' | 'phone', readonly unknown[]>, channel: Channel, isClaim: boolean): void {
  const serving = servingTypes(channel)
  const count = serving.reduce((sum, type) => sum + of[type].length, 0)
  if (count === 0)
    throw usageProblem(
      `name the column the ${channel} goes to, with ${serving.map((type) => `--${type}`).join(' or ')}`,
    )
  if (isClaim && count > 1) throw usageProblem('--claim counts one message a row: name one column')
}

function servingTypes(channel: Channel): ('email' | 'phone')[] {
  const serves = (type: ContactPointType) => channelsServedBy(type).includes(channel)
  return (['email', 'phone'] as const).filter(serves)
}
