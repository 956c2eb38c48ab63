import { everything, type Scope, uuidV7 } from '@verzet/core'
import { brandSettings } from './brand-settings.ts'
import { type OpenedLink, typeOfChannel } from './open-link.ts'
import type { Clock, RandomBytes } from './ports.ts'
import type { ChoiceToRecord, ChoiceWords } from './record-choices.ts'

/** How a choice by link was said. */
export type LinkSignal = 'one_click' | 'page' | 'portal' | 'mailto' | 'confirmation'

/** How far a no by link reaches. */
export type Reach = 'all' | 'channel' | 'topic'

/**
 * The scope of a no that carries no choice of its own (RFC 8058, a bare reply): everything, unless the brand narrows it
 * and the message itself offered both the narrow and the wide no (rule 3).
 */
export function scopeOfSilence(link: OpenedLink): Scope {
  const { oneClick } = brandSettings(link.brand)
  const { offered } = link.claims
  const offeredBoth = oneClick !== 'all' && offered.includes('all') && offered.includes(oneClick)
  return offeredBoth ? scopeOfReach(link, oneClick) : everything
}

/**
 * A topic is refused on every channel, a channel for every brand: what the words on the page say. A service topic cannot
 * be refused, so a no that can only mean that one means everything: it never succeeds without an effect.
 */
export function scopeOfReach(link: OpenedLink, reach: Reach): Scope {
  if (reach === 'channel') return { channel: link.claims.channel }
  if (reach === 'topic' && link.topic?.purpose === 'marketing') return { brand: link.brand.id, topic: link.topic.id }
  return everything
}

export type LinkContext = {
  readonly signal: LinkSignal
  readonly clock: Clock
  readonly random: RandomBytes
}

/** A choice of the person behind a link, said now. The same refusal said again is the same refusal (rule 5). */
export function choiceByLink(link: OpenedLink, said: Said, context: LinkContext): ChoiceToRecord {
  const now = context.clock()
  const words: ChoiceWords = { author: 'person', saidAt: said.saidAt ?? now, ...said.words }
  const isRefusal = words.kind === 'objection'
  return {
    id: uuidV7(now, context.random(10)),
    evidenceId: uuidV7(now, context.random(10)),
    subjectKey: said.subjectKey ?? link.claims.contactPointKey,
    ...(said.subjectKey === undefined && subjectOf(link)),
    words,
    recordedAt: Math.max(now, said.saidAt ?? now),
    actor: 'person',
    context: {
      signal: context.signal,
      origin: originOf(link),
      ...(said.source && { source: said.source }),
      ...(link.portal && { proof: link.portal.proof }),
    },
    // Nothing arrived anywhere when somebody signed in at a portal.
    ...(said.subjectKey === undefined && link.portal === undefined && { arrivedBy: link.claims.channel }),
    ...(isRefusal && { isRepeatable: true }),
    ...(isRefusal && isAcknowledged(link, words.scope) && { acknowledge: acknowledgeTo(link, context) }),
  }
}

export type Said = {
  readonly words: Pick<ChoiceWords, 'scope'> &
    (
      | { readonly kind: 'objection' }
      | { readonly kind: 'consent' }
      | { readonly kind: 'pause'; readonly until: number }
      | { readonly kind: 'cadence'; readonly cadence: { readonly max: number; readonly per: 'week' | 'month' } }
    )
  /** Another subject than the link's own contact point: the person's relation. */
  readonly subjectKey?: string
  readonly source?: string
  readonly saidAt?: number
}

export function originOf(link: OpenedLink) {
  return {
    brand: link.brand.id,
    channel: link.claims.channel,
    ...(link.topic && { topic: link.topic.id }),
    ...(link.campaign && { campaign: link.campaign.id }),
  }
}

/** A portal vouches for the subject itself, so it is kept by its value; a link knows the key alone. */
function subjectOf({ portal, claims }: OpenedLink): Pick<ChoiceToRecord, 'subject' | 'subjectIfMissing'> {
  return portal === undefined
    ? { subjectIfMissing: { type: typeOfChannel(claims.channel) } }
    : { subject: portal.subject }
}

/** At a portal there was no message: what counts is whether the no is about e-mail, and whether there is a mailbox. */
function isAcknowledged({ portal, claims }: OpenedLink, scope: Scope): boolean {
  if (portal === undefined) return claims.channel === 'email'
  return portal.mailbox !== undefined && (scope.channel === undefined || scope.channel === 'email')
}

function acknowledgeTo({ brand, portal }: OpenedLink, context: LinkContext) {
  const mailId = uuidV7(context.clock(), context.random(10))
  return { mailId, brandCountry: brand.country, ...(portal?.mailbox && { to: portal.mailbox }) }
}
