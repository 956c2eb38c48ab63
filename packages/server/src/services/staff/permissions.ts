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

/** A role that is no longer known gives nothing. */
export function may(held: readonly string[], permission: Permission): boolean {
  return roles.some((role) => held.includes(role) && permissionsOf[role].includes(permission))
}
