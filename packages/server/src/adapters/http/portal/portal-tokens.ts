import type { Hub } from '../../../services/hub.ts'
import { KeySets } from '../../../services/portal/key-sets.ts'
import { PortalDirectory } from '../../../services/portal/portals.ts'
import type { TokenParts } from '../../../services/portal/verify-portal-token.ts'
import { fetchKeySet } from './fetch-key-set.ts'

/** What tokens of portals are judged by: one set for all routes, so that a key set is read once. */
export function portalTokens({ db, secrets, clock, place }: Hub): TokenParts {
  return {
    portals: new PortalDirectory({ db, secrets, clock }),
    keySets: new KeySets(fetchKeySet, clock),
    clock,
    place,
  }
}
