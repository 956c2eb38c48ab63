export const roles = ['agent', 'marketer', 'privacy_officer', 'administrator'] as const
export type Role = (typeof roles)[number]

/** What a page or an act asks for: a route names one, a role has some. */
export const permissions = [
  'account',
  'desk',
  'check',
  'today',
  'people',
  'people_change',
  'review',
  'campaigns',
  'insight',
  'content',
  'channels',
  'registers',
  'api_keys',
  'staff',
] as const
export type Permission = (typeof permissions)[number]

/** A marketer learns from numbers and needs nobody's phone number for it (GDPR art. 5(1)(c)). */
const permissionsOf: Record<Role, readonly Permission[]> = {
  agent: ['account', 'desk', 'review'],
  marketer: ['account', 'check', 'today', 'campaigns', 'insight', 'content'],
  privacy_officer: [
    'account',
    'desk',
    'check',
    'today',
    'people',
    'people_change',
    'review',
    'campaigns',
    'insight',
    'content',
    'channels',
    'registers',
  ],
  administrator: permissions,
}

/**
 * A session holds the names of roles and, for each permission that a set of the deployment's own gives, its grant. A role
 * or a permission that is no longer known gives nothing.
 */
export function may(held: readonly string[], permission: Permission): boolean {
  if (held.includes(grantOf(permission))) return true
  return roles.some((role) => held.includes(role) && permissionsOf[role].includes(permission))
}

/** How one permission stands among the names of roles; no role has a colon. */
export function grantOf(permission: Permission): string {
  return `may:${permission}`
}

/** What sets of permissions add up to. Whoever has one also has an account to look after. */
export function grantsOf(given: readonly string[]): string[] {
  const known = permissions.filter((permission) => given.includes(permission))
  return known.length === 0 ? [] : [...new Set<Permission>(['account', ...known])].map(grantOf)
}

/** Nobody gives what they do not have themselves, or a narrow set with `staff` in it would be a wide one. */
export function mayGive(held: readonly string[], wanted: readonly string[]): boolean {
  return permissions.every((permission) => !may(wanted, permission) || may(held, permission))
}
