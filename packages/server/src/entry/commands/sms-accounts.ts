import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import type { Hub } from '../../services/hub.ts'
import {
  addSmsAccount,
  type ListedSmsAccount,
  listAccounts,
  removeSmsAccount,
  type SmsAccount,
  smsVendors,
} from '../../services/texts/sms-accounts.ts'
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
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'

type AddOptions = PlaceOptions & {
  brand: string
  vendor: string
  number?: string[]
  user?: string
  secretFile?: string
  sendingSecretFile?: string
  from?: string[]
  host?: string
  tls?: true
  bind: 'transceiver' | 'receiver'
  systemType?: string
  defaultCoding: 'gsm' | 'latin1'
  json?: true
}

/** It stands in an address. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/
/** Long enough that nobody guesses it. */
const webhookKeyBytes = 24
/** Where nothing signs, the address holds the secret. */
const vendorsWithoutSignature: readonly string[] = ['cm']

export function smsAccountsCommand(): Command {
  const add = hubCommand('add', 'add an account of a vendor or an operator, and print the address for its webhooks', [
    'verzet sms accounts add acme-twilio --brand acme --vendor twilio --user AC… --number +32460123456 --secret-file token.txt',
    'verzet sms accounts add acme-cm --brand acme --vendor cm --number 8850 --sending-secret-file product-token.txt',
    'verzet sms accounts add acme-operator --brand acme --vendor smpp --host smsc.example.net:2775 --user acme --number 8850 --sending-secret-file -',
  ])
    .argument('<name>', 'small letters, digits and hyphens; it stands in the address')
    .requiredOption('--brand <id>', 'whose texts are answered')
    .requiredOption('--vendor <vendor>', smsVendors.join(', '))
    .option('--number <number>', 'a number or short code it has; the first one is what the hub sends from', collect)
    .option('--user <user>', "Twilio's account SID, Vonage's API key, the system id of SMPP")
    .option('--secret-file <file>', 'holds what signs its webhooks; - for stdin')
    .option('--sending-secret-file <file>', 'holds what signs in to send, or to bind; - for stdin')
    .option('--from <network>', 'an address or network its webhooks come from, such as 192.0.2.0/24', collect)
    .option('--host <host:port>', "the operator's SMSC (smpp)")
    .option('--tls', 'speak TLS with it (smpp)')
    .addOption(new Option('--bind <mode>', 'smpp').choices(['transceiver', 'receiver']).default('transceiver'))
    .option('--system-type <type>', 'smpp')
    .addOption(
      new Option('--default-coding <coding>', 'what data coding 0 means there (smpp)')
        .choices(['gsm', 'latin1'])
        .default('gsm'),
    )
    .addOption(jsonOption())
    .action(addAccount)
  const list = hubCommand('list', 'show the accounts without their secrets', ['verzet sms accounts list'])
    .addOption(jsonOption())
    .action(showAccounts)
  const remove = hubCommand('remove', 'take nothing more from an account, and send nothing through it', [
    'verzet sms accounts remove acme-twilio',
  ])
    .argument('<name>', 'as "verzet sms accounts list" shows it')
    .action(removeAccount)
  return plainCommand('accounts', 'the accounts texts come and go through', ['verzet sms accounts list'])
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
}

async function addAccount(name: string, options: AddOptions): Promise<void> {
  const vendor = oneOf(smsVendors, options.vendor, '--vendor')
  if (!namePattern.test(name)) throw usageProblem('a name is made of small letters, digits and hyphens, at most 64')
  const account: SmsAccount = {
    id: name,
    brand: options.brand,
    vendor,
    numbers: options.number ?? [],
    settings: settingsOf(options),
    secrets: await secretsOf(options, vendor),
  }
  await withHub(options, async (hub) => {
    if (hub.catalog.brand(account.brand) === undefined)
      throw dataProblem(`there is no brand ${account.brand}; "verzet brands" lists them`)
    if (!(await addSmsAccount(hub, account)))
      throw dataProblem(`the name ${name} is taken, or was before; choose another`)
    const webhook = webhookOf(hub, account)
    if (options.json) printJson({ name, ...(webhook !== undefined && { webhook }) })
    else if (webhook === undefined) print(`Added. A worker binds within half a minute.`)
    else {
      print(webhook)
      note('Give the vendor this address for incoming texts and for delivery reports.')
      if (vendorsWithoutSignature.includes(vendor))
        note('It holds the secret: the vendor signs nothing. It is not shown again.')
    }
    return exitCodes.ok
  })
}

function settingsOf(options: AddOptions): SmsAccount['settings'] {
  const { user, from, host, tls, bind, systemType, defaultCoding, vendor } = options
  const wrong = from?.find((entry) => !isNetwork(entry))
  if (wrong !== undefined) throw usageProblem(`--from ${wrong} is no address and no network`)
  if (vendor === 'smpp' && host === undefined) throw usageProblem('an SMPP account needs --host')
  return {
    ...(user !== undefined && { user }),
    ...(from !== undefined && { addresses: from }),
    ...(host !== undefined && { host }),
    ...(vendor === 'smpp' && {
      bind,
      defaultCoding,
      tls: tls === true,
      ...(systemType !== undefined && { systemType }),
    }),
  }
}

function isNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const version = isIP(address)
  const widest = version === 6 ? 128 : 32
  return (
    version !== 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= widest))
  )
}

async function secretsOf(
  { secretFile, sendingSecretFile }: AddOptions,
  vendor: string,
): Promise<SmsAccount['secrets']> {
  if (secretFile === '-' && sendingSecretFile === '-') throw usageProblem('only one secret can come from stdin')
  const webhook = secretFile === undefined ? undefined : await readSecret(secretFile)
  const sending = sendingSecretFile === undefined ? undefined : await readSecret(sendingSecretFile)
  if (vendor === 'smpp') {
    if (sending === undefined)
      throw usageProblem('an SMPP account needs --sending-secret-file, the password to bind with')
    return { sending }
  }
  const isMade = vendorsWithoutSignature.includes(vendor)
  if (webhook === undefined && !isMade) throw usageProblem('name what signs its webhooks with --secret-file')
  const made = isMade ? randomBytes(webhookKeyBytes).toString('base64url') : undefined
  // Twilio signs with the token that also sends.
  const sends = sending ?? (vendor === 'twilio' ? webhook : undefined)
  const proof = webhook ?? made
  return { ...(proof !== undefined && { webhook: proof }), ...(sends !== undefined && { sending: sends }) }
}

/** A secret on the command line would be seen by everybody who lists processes. */
async function readSecret(path: string): Promise<string> {
  const secret = (path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8')).trim()
  if (secret === '') throw dataProblem(`${path === '-' ? 'the input' : path} holds no secret`)
  return secret
}

function webhookOf({ place }: Hub, { id, vendor, secrets }: SmsAccount): string | undefined {
  if (vendor === 'smpp') return undefined
  const key = vendorsWithoutSignature.includes(vendor) ? `?key=${secrets.webhook ?? ''}` : ''
  return `${place.url}/in/sms/${vendor}/${id}${key}`
}

async function showAccounts(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const accounts = await listAccounts(hub.db, hub.secrets)
    if (options.json) printJson(accounts)
    else for (const account of accounts) print(describe(account))
    return exitCodes.ok
  })
}

function describe({ id, vendor, brand, numbers, canSend, removedAt }: ListedSmsAccount): string {
  const words = [
    id,
    vendor,
    brand,
    numbers.length === 0 ? 'no number' : numbers.join(', '),
    canSend ? 'can send' : 'receives only',
    ...(removedAt === undefined ? [] : [`removed ${new Date(removedAt).toISOString().slice(0, 10)}`]),
  ]
  return words.join('  ')
}

async function removeAccount(name: string, options: PlaceOptions): Promise<void> {
  await withHub(options, async (hub) => {
    if (!(await removeSmsAccount(hub.db, name, hub.clock())))
      throw dataProblem('there is no such account, or it was removed before')
    print('Removed. Its webhooks are turned away from now, and a link ends within half a minute.')
    return exitCodes.ok
  })
}
