import { may } from '../../../services/staff/permissions.ts'
import { rooms } from './layout.tsx'

/** A page of ours to go on to; an address of somebody else's never is. */
export function nextPath(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.startsWith('/sign-')) return undefined
  return /^\/[a-z][\w/-]{0,200}$/.test(asked) ? asked : undefined
}

/** The first room somebody may enter. */
export function homeOf(held: readonly string[]): string {
  return rooms.find(({ permission }) => may(held, permission))?.path ?? '/account'
}
