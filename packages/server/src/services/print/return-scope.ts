import { everything, type Offer, type Scope } from '@verzet/core'
import { scopeOfReach, scopeOfSilence } from '../choices-by-link.ts'
import type { OpenedLink } from '../open-link.ts'

/** What a piece of post that came back says. */
export const returnMarks = [
  /** It came back, and nothing on it narrows that. */
  'silent',
  'all',
  /** No advertising by post. */
  'post',
  /** Not this topic. */
  'topic',
  /** Everybody at this address, on every channel. */
  'household',
  /** Nothing by post to this address, whoever lives there. */
  'address',
  /** A sticker on the letterbox: no unaddressed print. */
  'sticker',
  /** The person does not live there. */
  'moved',
  /** Words that no rule reads. */
  'unclear',
] as const
export type ReturnMark = (typeof returnMarks)[number]

/** The marks that say no. */
export type RefusingMark = Exclude<ReturnMark, 'moved' | 'unclear'>

/**
 * How far a no on paper reaches. A narrow one counts as such only where the print offered the wide one beside it; who
 * was not offered both has refused everything (rule 3). What is said of an address, or stuck on its letterbox, says its
 * own limits: it is about the address and about nobody's other channels.
 */
export function scopeOfReturn(
  mark: RefusingMark,
  about: { readonly link?: OpenedLink; readonly offered: readonly Offer[]; readonly unaddressedTopic?: string },
): Scope {
  const { link, offered, unaddressedTopic } = about
  const wasOffered = (narrow: Offer) => offered.includes('all') && offered.includes(narrow)
  switch (mark) {
    case 'silent':
      return link === undefined ? everything : scopeOfSilence(link)
    case 'post':
      return wasOffered('channel') ? { channel: 'post' } : everything
    case 'topic':
      return wasOffered('topic') && link !== undefined ? scopeOfReach(link, 'topic') : everything
    case 'address':
      return { channel: 'post' }
    case 'sticker':
      return { channel: 'post', ...(unaddressedTopic !== undefined && { topic: unaddressedTopic }) }
    default:
      return everything
  }
}
