import { SignJWT } from 'jose'
import type { Clock } from '../ports.ts'
import type { PortalDirectory } from './portals.ts'

const lifetimeSeconds = 300

/** What the demo's portal would sign for somebody; undefined where it has no secret of its own. */
export async function signDemoToken(
  { portals, clock, place }: { portals: PortalDirectory; clock: Clock; place: { readonly url: string } },
  portalName: string,
  externalId: string,
): Promise<string | undefined> {
  const portal = await portals.find(portalName)
  if (portal?.key.kind !== 'shared_secret') return undefined
  const issuedAt = Math.floor(clock() / 1_000)
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(portal.name)
    .setAudience(place.url)
    .setSubject(externalId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(Buffer.from(portal.key.secret))
}
