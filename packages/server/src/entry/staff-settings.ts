import { accessSync, constants, readFileSync } from 'node:fs'
import { z } from 'zod'
import { openIdProvider } from '../adapters/oidc/openid-provider.ts'
import { passwordPolicies } from '../services/staff/password-policy.ts'
import { type Role, roles } from '../services/staff/permissions.ts'
import type { SignInProvider } from '../services/staff/sign-in-by-provider.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])
/** The path that a provider sends the browser back to. */
const callbackPath = '/sign-in/provider/callback'

/** The settings for how staff sign in. */
export const staffSettings = {
  staff_passwords: z.enum(passwordPolicies).default('first-administrator'),
  /** Where a yes that staff record for somebody who said no waits for a second member of staff. */
  four_eyes: z.enum(['on', 'off']).default('off'),
  /** An OpenID provider; its discovery document lies below this address. */
  oidc_issuer: z
    .url({ protocol: /^https?$/, error: 'is not like https://login.example.com' })
    .refine(isSafeIssuer, 'must be https: a plain http address is for this very machine alone')
    .optional(),
  oidc_client_id: z.string().min(1).optional(),
  oidc_client_secret: z.string().min(1).optional(),
  oidc_client_secret_file: z.string().min(1).optional(),
  /** The claim of the ID token that names somebody's groups. */
  oidc_roles_claim: z.string().min(1).optional(),
  /** `group=role` pairs, comma-separated: what each group gives. */
  oidc_roles: z
    .string()
    .refine(
      (text) => parseGroupRoles(text) !== undefined,
      `is not a list like crm-team=marketer, with ${roles.join(', ')}`,
    )
    .optional(),
}

const shape = z.object(staffSettings)
export type StaffSettings = z.infer<typeof shape>

/** What is wrong with these settings together; each name as it was given. */
export function staffMistakes(
  given: Readonly<Record<string, unknown>>,
  call: (name: string) => string,
): readonly string[] {
  const has = (name: keyof StaffSettings) => given[name] !== undefined
  const secrets = [has('oidc_client_secret'), has('oidc_client_secret_file')].filter(Boolean).length
  const issuer = call('oidc_issuer')
  const secretNames = `${call('oidc_client_secret')} and ${call('oidc_client_secret_file')}`
  if (!has('oidc_issuer')) {
    const lost = (['oidc_client_id', 'oidc_client_secret', 'oidc_client_secret_file', 'oidc_roles'] as const).filter(
      has,
    )
    return lost.length === 0 ? [] : [`${lost.map(call).join(', ')}: of no use without ${issuer}`]
  }
  return [
    ...(has('oidc_client_id') ? [] : [`${issuer} needs ${call('oidc_client_id')}`]),
    ...(secrets === 1 ? [] : [`${issuer} needs exactly one of ${secretNames}`]),
    ...(isUnreadable(given.oidc_client_secret_file) ? [`${call('oidc_client_secret_file')} cannot be read`] : []),
    ...(has('oidc_roles') === has('oidc_roles_claim')
      ? []
      : [`${call('oidc_roles')} and ${call('oidc_roles_claim')} belong together: set both or neither`]),
  ]
}

/** Undefined where staff have no provider to sign in at. */
export function signInProviderOf(config: StaffSettings, url: string, clock: () => number): SignInProvider | undefined {
  const { oidc_issuer: issuer, oidc_client_id: clientId, oidc_roles_claim: rolesClaim } = config
  if (issuer === undefined || clientId === undefined) return undefined
  const rolesOf = config.oidc_roles === undefined ? undefined : parseGroupRoles(config.oidc_roles)
  const redirectUri = `${url}${callbackPath}`
  const settings = { issuer, clientId, clientSecret: clientSecretOf(config), redirectUri }
  return openIdProvider({ ...settings, ...(rolesClaim && { rolesClaim }), ...(rolesOf && { rolesOf }) }, clock)
}

function isUnreadable(path: unknown): boolean {
  if (typeof path !== 'string') return false
  try {
    accessSync(path, constants.R_OK)
    return false
  } catch {
    return true
  }
}

function clientSecretOf({ oidc_client_secret: secret, oidc_client_secret_file: path }: StaffSettings): string {
  if (secret !== undefined) return secret
  return path === undefined ? '' : readFileSync(path, 'utf8').trim()
}

/** Undefined where one is no such pair, or names no role. The last `=` divides: names of groups may have one. */
export function parseGroupRoles(text: string): ReadonlyMap<string, Role> | undefined {
  const found = new Map<string, Role>()
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=')
    const group = pair.slice(0, Math.max(at, 0)).trim()
    const wanted = pair
      .slice(at + 1)
      .trim()
      .replaceAll('-', '_')
    const role = roles.find((one) => one === wanted)
    if (group === '' || role === undefined) return undefined
    found.set(group, role)
  }
  return found
}

function isSafeIssuer(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || loopbackHosts.has(hostname)
}
