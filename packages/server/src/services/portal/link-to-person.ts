import { linkPathToken, sealLink } from '@verzet/core'
import { tiesOfContactPoints } from '../../storage/ties.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'

/**
 * A personal link for somebody a portal vouches for. Of a mailbox that is theirs alone, so that acknowledgements and
 * confirmations reach it as after any mail; of the person where the mailbox is shared, or there is none. Writes nothing.
 */
export async function linkToPerson(hub: Hub, { claims, portal }: OpenedLink): Promise<string> {
  const mailbox = portal?.mailbox
  const isTheirs = mailbox !== undefined && (await belongsTo(hub, mailbox, claims.contactPointKey))
  const contactPointKey = isTheirs ? mailbox : claims.contactPointKey
  const sealed = sealLink(hub.linkRing, { ...claims, contactPointKey, mintedAt: hub.clock() })
  return `${hub.place.url}/u/${linkPathToken(sealed)}`
}

async function belongsTo(hub: Hub, contactKey: string, relationKey: string): Promise<boolean> {
  if (contactKey === relationKey) return true
  const ties = (await tiesOfContactPoints(hub.db, [contactKey])).filter((tie) => tie.endedAt === null)
  return ties.length === 1 && ties[0]?.relationKey === relationKey
}
