import { accountRoutes } from './account-routes.ts'
import { apiKeysRoutes } from './api-keys/api-keys-routes.ts'
import { campaignsRoutes } from './campaigns/campaigns-routes.ts'
import { channelsRoutes } from './channels/channels-routes.ts'
import { checkRoutes } from './check/check-routes.ts'
import { confirmRoutes } from './confirm-routes.ts'
import { contentRoutes } from './content/content-routes.ts'
import { deskRoutes } from './desk/desk-routes.ts'
import { insightRoutes } from './insight/insight-routes.ts'
import { peopleRoutes } from './people/people-routes.ts'
import { registersRoutes } from './registers/registers-routes.ts'
import { reviewRoutes } from './review/review-routes.ts'
import { signInPasskeyRoutes } from './sign-in-passkey-routes.ts'
import { signInProviderRoutes } from './sign-in-provider-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { approvalsRoutes } from './staff-room/approvals-routes.ts'
import { setsRoutes } from './staff-room/sets-routes.ts'
import { staffRoomRoutes } from './staff-room/staff-room-routes.ts'
import type { StaffRoute } from './staff-route.ts'
import { todayRoutes } from './today/today-routes.ts'

/** Every route of staff, one room after the other. */
export const staffRoutes: readonly StaffRoute[] = [
  ...signInRoutes,
  ...signInPasskeyRoutes,
  ...signInProviderRoutes,
  ...accountRoutes,
  ...confirmRoutes,
  ...todayRoutes,
  ...deskRoutes,
  ...reviewRoutes,
  ...campaignsRoutes,
  ...peopleRoutes,
  ...checkRoutes,
  ...contentRoutes,
  ...channelsRoutes,
  ...registersRoutes,
  ...insightRoutes,
  ...staffRoomRoutes,
  ...setsRoutes,
  ...approvalsRoutes,
  ...apiKeysRoutes,
]
