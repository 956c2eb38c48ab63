import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'

/** The parts of the hub one process can run. */
export const roles = ['web', 'worker'] as const
export type Role = (typeof roles)[number]

const defaultPort = 8420

const settingsSchema = z.strictObject({
  database_url: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Where the hub is reached from outside; links carry it. */
  url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(defaultPort),
  data: z.string().min(1).default('.verzet'),
  mail_domain: z.hostname().optional(),
  /** `smtp://user:password@host:587`: the mail server that takes the hub's own mails. */
  smarthost: z.url({ protocol: /^smtps?$/ }).optional(),
  mail_from: z.email().optional(),
  /** Where bounces of the hub's own mails go; none by default (RFC 3834 §3.3). Hosted relays often refuse that. */
  mail_envelope_from: z.email().optional(),
  log_level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** Addresses of proxies whose X-Forwarded-For is believed, comma-separated. */
  trust_proxy: z.string().optional(),
  /** Secrets from the environment instead of the data directory; base64, at least 32 bytes each. */
  pepper: z.base64().optional(),
  /** `id:base64` pairs, comma-separated, the last one is used for new links. */
  link_keys: z.string().optional(),
})

export type Config = z.infer<typeof settingsSchema> & { readonly dataDir: string }

/** Everything that is wrong with the configuration, in one message. */
export class ConfigInvalid extends Error {
  readonly code = 'config_invalid'
}

type Overrides = Partial<Record<keyof z.input<typeof settingsSchema>, unknown>>

/**
 * The only reader of the environment. Command line flags win over `VERZET_…` variables (and `DATABASE_URL`), those over
 * the file named by `VERZET_CONFIG` or `verzet.toml` beside the process.
 * @throws {ConfigInvalid} naming every mistake at once.
 */
export function readConfig(overrides: Overrides = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const given = { ...fromFile(env), ...fromEnvironment(env), ...withoutUndefined(overrides) }
  const parsed = settingsSchema.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`)
    throw new ConfigInvalid(`The configuration has ${lines.length} mistake(s):\n${lines.join('\n')}`)
  }
  return { ...parsed.data, dataDir: resolve(parsed.data.data) }
}

function fromEnvironment(env: NodeJS.ProcessEnv): Overrides {
  const names = Object.keys(settingsSchema.shape).map((key) => [key, env[`VERZET_${key.toUpperCase()}`]] as const)
  return withoutUndefined({ ...Object.fromEntries(names), database_url: env.VERZET_DATABASE_URL ?? env.DATABASE_URL })
}

function fromFile(env: NodeJS.ProcessEnv): Overrides {
  const path = env.VERZET_CONFIG ?? join(process.cwd(), 'verzet.toml')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (env.VERZET_CONFIG === undefined) return {}
    throw new ConfigInvalid(`The configuration file ${path} cannot be read: ${String(error)}`)
  }
  try {
    return parse(text)
  } catch (error) {
    throw new ConfigInvalid(`The configuration file ${path} is not valid TOML: ${String(error)}`)
  }
}

function withoutUndefined(values: Overrides): Overrides {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
}
