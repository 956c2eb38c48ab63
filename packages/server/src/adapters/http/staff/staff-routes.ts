import { checkRoutes } from './check/check-routes.ts'
import { deskRoutes } from './desk/desk-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import type { StaffRoute } from './staff-route.ts'

/** Every route of staff, one room after the other. */
export const staffRoutes: readonly StaffRoute[] = [...signInRoutes, ...deskRoutes, ...checkRoutes]
