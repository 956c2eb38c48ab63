import {
  authors,
  cadencePeriods,
  campaignCharactersMax,
  channels,
  choiceKinds,
  contactPointCharactersMax,
  contactPointTypes,
  customerNumberCharactersMax,
  decisionReasons,
  evidenceKinds,
  offers,
  purposes,
  type Standing,
} from '@verzet/core'
import { z } from 'zod'
import type { GateAnswer } from '../../../services/ask-gate.ts'
import { choicesInForce } from '../../../services/choices-in-force.ts'

/** As long as a catalogue's identifiers are in practice, and short enough for every key they become part of. */
const idCharactersMax = 64

export const brandId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    'Use lower-case letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  )
  .max(idCharactersMax)
export const topicId = brandId
export const campaignId = z.string().min(1).max(campaignCharactersMax)
export const channel = z.enum(channels)
export const contactPointType = z.enum(contactPointTypes)
export const purpose = z.enum(purposes)
export const offer = z.enum(offers)
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Give the country as two capital letters (ISO 3166-1), such as BE')
export const language = z.string().regex(/^[a-z]{2}$/, 'Give the language as two small letters (ISO 639-1), such as nl')
/** A name nobody knows is an answer to a question, not a mistake in it: only its form is checked. */
export const nameInQuestion = z.string().min(1).max(idCharactersMax)

/** Times with an offset only: a local time is a guess (RFC 3339 §4.4). */
export const moment = z.iso.datetime({
  offset: true,
  message: 'Give a time as RFC 3339 has it, with an offset, such as 2026-11-21T09:30:00Z',
})
export const day = z.iso.date('Give a day as YYYY-MM-DD')
export const position = z.string().meta({ description: 'An opaque cursor: the place in the change feed.' })
/** Written as a UUID; a contact point key is a hash and has no version in it. */
export const uuid = z.guid()

export const contactPoint = z
  .strictObject({ type: contactPointType, value: z.string().min(1).max(contactPointCharactersMax) })
  .meta({ id: 'ContactPoint' })

export const externalId = z.string().min(1).max(customerNumberCharactersMax)
export const relationParams = z.strictObject({ externalId })

export const cadence = z.strictObject({ max: z.int().min(1).max(100), per: z.enum(cadencePeriods) })
export const scope = z
  .strictObject({ brand: brandId.optional(), channel: channel.optional(), topic: topicId.optional() })
  .meta({ id: 'Scope', description: 'What a choice is about; an absent part means all.' })
export const choiceKind = z.enum(choiceKinds)
export const author = z.enum(authors)
export const evidenceKind = z.enum(evidenceKinds)

export const standing = z
  .strictObject({
    choices: z.array(
      z.strictObject({
        id: uuid,
        kind: choiceKind,
        scope,
        since: moment.nullable().meta({ description: 'From when it counts; null for a consent of unknown date.' }),
        until: moment.optional(),
        cadence: cadence.optional(),
        inherited: z.literal(true).optional().meta({ description: 'It came through the relation.' }),
      }),
    ),
    country: country.optional(),
    customer: z.literal(true).optional(),
    undeliverable: z
      .array(
        z.strictObject({
          channel: channel.optional().meta({ description: 'Left out: every channel.' }),
          since: moment,
          until: moment.optional().meta({ description: 'Left out: until it proves alive.' }),
        }),
      )
      .optional()
      .meta({ description: 'Where messages do not arrive: no word of the person.' }),
    underReview: z
      .array(z.strictObject({ item: uuid, scope, deadline: moment }))
      .optional()
      .meta({ description: 'What waits until a human has read what was written.' }),
  })
  .meta({ id: 'Standing', description: 'Everything that now holds.' })

export const evidenceReference = z.strictObject({
  id: uuid,
  hash: z.string().meta({ description: 'SHA-256 of the canonical form, 64 hex digits.' }),
})

export const decision = z
  .strictObject({
    decision: z.enum(['allow', 'deny', 'defer']),
    reason: z.enum(decisionReasons),
    until: moment.optional().meta({ description: 'From when asking again makes sense.' }),
    choiceId: uuid.optional().meta({ description: 'The choice that decided.' }),
    rulePack: z.string(),
    position,
  })
  .meta({ id: 'Decision' })

export const question = z
  .strictObject({
    contactPoint,
    brand: nameInQuestion.optional(),
    channel,
    topic: nameInQuestion,
    campaign: campaignId.optional().meta({ description: 'A campaign that is held is denied: `campaign_held`.' }),
  })
  .meta({ id: 'Question' })

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7E]{1,255}$/, 'Use 1 to 255 printable ASCII characters')
    .optional()
    .meta({
      description:
        'A key of your own for this request, kept for 48 hours. The same request with the same key gets the same answer, marked with Idempotent-Replayed: true.',
    }),
})

export function isoTime(at: number): string {
  return new Date(at).toISOString()
}

export function showStanding(record: Standing, now: number): z.infer<typeof standing> {
  const choices = choicesInForce(record, now).map(({ since, until, ...rest }) => ({
    ...rest,
    since: since === null ? null : isoTime(since),
    ...(until !== undefined && { until: isoTime(until) }),
  }))
  const { country: of, customer } = record
  const undeliverable = record.undeliverable
    ?.filter(({ until }) => until === undefined || until > now)
    .map(({ at, until, channel: by }) => ({
      ...(by !== undefined && { channel: by }),
      since: isoTime(at),
      ...(until !== undefined && { until: isoTime(until) }),
    }))
  const underReview = record.held?.map(({ item, scope, until }) => ({ item, scope, deadline: isoTime(until) }))
  return {
    choices,
    ...(of !== undefined && { country: of }),
    ...(customer && { customer }),
    ...(undeliverable && undeliverable.length > 0 && { undeliverable }),
    ...(underReview && { underReview }),
  }
}

export function showDecision({ until, ...rest }: GateAnswer): z.infer<typeof decision> {
  return { ...rest, ...(until !== undefined && { until: isoTime(until) }) }
}
