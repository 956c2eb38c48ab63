import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { z } from 'zod'
import { mailIntakeMistakes, mailIntakeSettings } from './mail-intake-settings.ts'
import { natsSettings } from './nats-settings.ts'
import { staffMistakes, staffSettings } from './staff-settings.ts'

/** The parts of the hub one process can run. */
export const roles = ['web', 'worker', 'smtp'] as const
export type Role = (typeof roles)[number]

const defaultPort = 8420
const portMax = 65_535
/** What core asks of a pepper and of a token key. */
export const secretBytesMin = 32
/** One byte of a token names its key. */
const linkKeyIdMax = 255

const proxyNames = new Set(['loopback', 'linklocal', 'uniquelocal'])

const settingsSchema = z.strictObject({
  database_url: z
    .url({ protocol: /^postgres(ql)?$/, error: 'is not like postgres://user:password@host:5432/name' })
    .optional(),
  /** Where the hub is reached from outside; links carry it. */
  url: z
    .url({ protocol: /^https?$/, error: 'is not like https://optout.example.com' })
    .refine(isOrigin, 'must be a host alone, without a path, a query or a user')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** A shorter name for the same hub, for links in text messages and on paper. */
  short_url: z
    .url({ protocol: /^https?$/, error: 'is not like https://s.example' })
    .refine(isOrigin, 'must be a host alone, without a path, a query or a user')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: z
    .preprocess(readDigits, z.int('is not a whole number').min(0).max(portMax, 'is above 65535'))
    .default(defaultPort),
  data: z.string().min(1).default('.verzet'),
  mail_domain: z.hostname('is not a domain name').optional(),
  /** `smtp://user:password@host:587`: the mail server that takes the hub's own mails. */
  smarthost: z.url({ protocol: /^smtps?$/, error: 'is not like smtp://user:password@host:587' }).optional(),
  /** A file in PEM: who signed the certificate of the smarthost and of the next hop, in place of the public authorities. */
  mail_ca: z.string().min(1).optional(),
  mail_from: z.email('is not an e-mail address').optional(),
  /** Where bounces of the hub's own mails go; none by default (RFC 3834 §3.3). Hosted relays often refuse that. */
  mail_envelope_from: z.email('is not an e-mail address').optional(),
  /** Where opt-out mail is taken; nowhere by default, since most machines have a mail server that would be in the way. */
  mail_listen: z
    .string()
    .refine((text) => parseListenAddress(text) !== undefined, 'is not an address with a port, like 127.0.0.1:2525')
    .optional(),
  mail_listen_protocol: z.enum(['smtp', 'lmtp']).default('smtp'),
  ...mailIntakeSettings,
  ...staffSettings,
  ...natsSettings,
  /** Feedback loops whose signed complaints are believed, beside those known by name. */
  complaint_providers: z
    .string()
    .refine(
      (text) => listed(text).every(isSigner),
      'is not a list of domains or addresses, like fbl.example.com,fbl@arf.example',
    )
    .optional(),
  /** Who is told when somebody says that they never signed up, or that this is spam; a brand may name its own. */
  privacy_mail: z.email('is not an e-mail address').optional(),
  /** Where mail is taken to be passed on with its ways out; nowhere by default. The second speaks TLS from the first byte. */
  relay_listen: z
    .string()
    .refine((text) => parseListenAddress(text) !== undefined, 'is not an address with a port, like 127.0.0.1:2587')
    .optional(),
  relay_listen_tls: z
    .string()
    .refine((text) => parseListenAddress(text) !== undefined, 'is not an address with a port, like 0.0.0.0:2465')
    .optional(),
  relay_listen_protocol: z.enum(['smtp', 'lmtp']).default('smtp'),
  /** Files in PEM: the certificate with its chain, and its key. */
  relay_tls_cert: z.string().min(1).optional(),
  relay_tls_key: z.string().min(1).optional(),
  /** The mail server that takes what is passed on; the smarthost when absent. */
  relay_next_hop: z.url({ protocol: /^smtps?$/, error: 'is not like smtp://user:password@host:587' }).optional(),
  relay_bytes_max: z
    .preprocess(readManyDigits, z.int('is not a whole number').min(1, 'is below 1').optional())
    .optional(),
  /** The gate's index in memory: it answers where it is up to date, the database elsewhere. */
  gate_memory: z.enum(['on', 'off']).default('on'),
  gate_memory_bytes_max: z
    .preprocess(readManyDigits, z.int('is not a whole number').min(1, 'is below 1').optional())
    .optional(),
  log_level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** Addresses of proxies whose X-Forwarded-For is believed, comma-separated. */
  trust_proxy: z
    .string()
    .refine(namesProxies, 'is not a list of addresses or networks, like 10.0.0.2,192.168.0.0/16')
    .optional(),
  /** Secrets from the environment instead of the data directory; base64, at least 32 bytes each. */
  pepper: z.string().refine(isSecret, `is not base64 of ${secretBytesMin} bytes or more`).optional(),
  /** `id:base64` pairs, comma-separated, the last one is used for new links. */
  link_keys: z
    .string()
    .refine((text) => parseLinkKeys(text) !== undefined, 'is not a list like 1:base64,2:base64 with a number each')
    .optional(),
})

type SettingName = keyof z.input<typeof settingsSchema>

export type Config = z.infer<typeof settingsSchema> & { readonly dataDir: string }

/** Everything that is wrong with the configuration, in one message. */
export class ConfigInvalid extends Error {
  readonly code = 'config_invalid'
  override readonly name = 'ConfigInvalid'
}

type Overrides = Partial<Record<SettingName, unknown>>
/** What was given, and how whoever gave it calls it. */
type Given = { readonly values: Readonly<Record<string, unknown>>; readonly call: (name: string) => string }

/** Every setting, by its name in the file; with the variable that sets it, and what holds when nothing does. */
export const settings = Object.entries(settingsSchema.shape).map(([name, schema]) => {
  const unset = schema.safeParse(undefined)
  return { name, variable: variableOf(name), defaultValue: unset.success ? unset.data : undefined }
})

/**
 * The only reader of the environment. Command line flags win over `VERZET_…` variables (and `DATABASE_URL`), those over
 * the file named by `VERZET_CONFIG` or `verzet.toml` beside the process. What is empty counts as not given.
 * @throws {ConfigInvalid} naming every mistake at once, each by the name it was given under; never with its value.
 */
export function readConfig(overrides: Overrides = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const sources = [fromFlags(overrides), fromEnvironment(env), fromFile(env)]
  const given: Record<string, unknown> = Object.assign({}, ...sources.toReversed().map(({ values }) => values))
  const call = (name: string) => sources.find(({ values }) => name in values)?.call(name) ?? variableOf(name)
  const parsed = settingsSchema.safeParse(given)
  const mistakes = parsed.success ? [] : parsed.error.issues.flatMap((issue) => describeIssue(issue, call))
  if ((given.pepper === undefined) !== (given.link_keys === undefined)) {
    mistakes.push('VERZET_PEPPER and VERZET_LINK_KEYS belong together: set both or neither')
  }
  mistakes.push(...mailIntakeMistakes(given, call))
  mistakes.push(...relayMistakes(given))
  mistakes.push(...staffMistakes(given, call))
  if (!parsed.success || mistakes.length > 0) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
    throw new ConfigInvalid(`The configuration has ${count}:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
  }
  return { ...parsed.data, dataDir: resolve(parsed.data.data) }
}

/** A relay that cannot pass mail on, or cannot keep a password secret, is not started. */
function relayMistakes(given: Readonly<Record<string, unknown>>): string[] {
  const hasRelay = given.relay_listen !== undefined || given.relay_listen_tls !== undefined
  const hasCert = given.relay_tls_cert !== undefined
  return [
    ...(hasRelay && given.relay_next_hop === undefined && given.smarthost === undefined
      ? ['VERZET_RELAY_LISTEN needs a mail server to pass mail on to: set VERZET_RELAY_NEXT_HOP or VERZET_SMARTHOST']
      : []),
    ...(hasCert !== (given.relay_tls_key !== undefined)
      ? ['VERZET_RELAY_TLS_CERT and VERZET_RELAY_TLS_KEY belong together: set both or neither']
      : []),
    ...(given.relay_listen_tls !== undefined && !hasCert
      ? ['VERZET_RELAY_LISTEN_TLS needs a certificate: set VERZET_RELAY_TLS_CERT and VERZET_RELAY_TLS_KEY']
      : []),
  ]
}

function describeIssue(issue: z.core.$ZodIssue, call: (name: string) => string): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${call(key)}: there is no such setting`)
  const message = /^(is|must) /.test(issue.message) ? ` ${issue.message}` : `: ${issue.message}`
  return [`${call(String(issue.path[0]))}${message}`]
}

function fromFlags(overrides: Overrides): Given {
  return { values: withoutUnset(overrides), call: (name) => `--${name.replaceAll('_', '-')}` }
}

function fromEnvironment(env: NodeJS.ProcessEnv): Given {
  const named = withoutUnset(Object.fromEntries(settings.map(({ name, variable }) => [name, env[variable]])))
  const isCommon = named.database_url === undefined && env.DATABASE_URL !== undefined
  const values = isCommon ? withoutUnset({ ...named, database_url: env.DATABASE_URL }) : named
  return { values, call: (name) => (isCommon && name === 'database_url' ? 'DATABASE_URL' : variableOf(name)) }
}

function fromFile(env: NodeJS.ProcessEnv): Given {
  const path = env.VERZET_CONFIG || join(process.cwd(), 'verzet.toml')
  const call = (name: string) => `${name} in ${path}`
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (!env.VERZET_CONFIG && code === 'ENOENT') return { values: {}, call }
    throw new ConfigInvalid(`The configuration file ${path} cannot be read (${code}).`)
  }
  try {
    return { values: withoutUnset(parse(text)), call }
  } catch (error) {
    // The parser's own message quotes the line, which may hold a password.
    const place = error instanceof TomlError ? `line ${error.line}, column ${error.column}` : 'unknown place'
    throw new ConfigInvalid(`The configuration file ${path} is not valid TOML (${place}).`)
  }
}

function variableOf(name: string): string {
  return `VERZET_${name.toUpperCase()}`
}

function withoutUnset(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
}

function readDigits(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value
}

/** As many as a number of bytes has. */
function readManyDigits(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
}

/** The pages name their own paths from the root, so they cannot lie below one. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.href.replace(/\/+$/, '') === url.origin
}

export type ListenAddress = { readonly host: string; readonly port: number }

/** `host:port`, an IPv6 address in brackets (RFC 3986 §3.2.2); undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text.trim()) ?? []
  const port = Number(digits)
  if (digits === '' || port > portMax) return undefined
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? { host: bracketed, port } : undefined
  return plain === undefined ? undefined : { host: plain, port }
}

/** The entries of a comma-separated list. */
export function listed(text: string): string[] {
  return text.split(',').map((entry) => entry.trim())
}

function isDomain(text: string): boolean {
  return text.includes('.') && z.hostname().safeParse(text).success
}

/** A signing domain, or one address of it where others have mailboxes there too. */
function isSigner(text: string): boolean {
  return text.includes('@') ? z.email().safeParse(text).success : isDomain(text)
}

function namesProxies(text: string): boolean {
  return text.split(',').every((entry) => {
    const [address = '', prefix, ...rest] = entry.trim().split('/')
    if (rest.length > 0) return false
    if (prefix === undefined && proxyNames.has(address)) return true
    const version = isIP(address)
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32))
    return version !== 0 && isPrefix
  })
}

/** Base64 that says the same when it is written again, so that a cut or mistyped secret does not pass for another one. */
export function isSecret(text: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  const written = bytes.toString('base64').replace(/=+$/, '')
  return bytes.length >= secretBytesMin && written === text.replace(/={0,2}$/, '')
}

export type LinkKey = { readonly id: number; readonly secret: string }

/** Reads `id:base64` pairs, comma-separated; undefined when one is no such pair, or two have one number. */
export function parseLinkKeys(text: string): LinkKey[] | undefined {
  const keys = text.split(',').map((pair) => {
    const [, id = '', secret = ''] = /^(\d{1,3}):(\S+)$/.exec(pair.trim()) ?? []
    return { id: id === '' ? Number.NaN : Number(id), secret }
  })
  return areLinkKeys(keys) ? keys : undefined
}

/** Two keys with one number would make every link sealed with the first of them a forgery. */
export function areLinkKeys(keys: readonly LinkKey[]): boolean {
  const numbers = new Set(keys.map(({ id }) => id))
  return (
    keys.length > 0 &&
    numbers.size === keys.length &&
    keys.every(({ id, secret }) => Number.isInteger(id) && id >= 0 && id <= linkKeyIdMax && isSecret(secret))
  )
}
