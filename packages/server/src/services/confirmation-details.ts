import { cadencePeriods, channels, type Scope } from '@verzet/core'
import { z } from 'zod'
import type { ConfirmationRow } from '../storage/confirmations.ts'

/** Acts that wait for the person to say yes by mail: what opens, and what cannot be taken back (rule 4). */
export const confirmationKinds = ['contact_point', 'lift', 'erasure'] as const
export type ConfirmationKind = (typeof confirmationKinds)[number]

/** The message that brought the person to the page where they asked. */
export const mailOriginSchema = z.object({
  brand: z.string().optional(),
  topic: z.string().optional(),
  channel: z.enum(channels).optional(),
  campaign: z.string().optional(),
})
export type MailOrigin = z.infer<typeof mailOriginSchema>

export const scopeSchema = z
  .object({ brand: z.string().optional(), channel: z.enum(channels).optional(), topic: z.string().optional() })
  .transform(
    ({ brand, channel, topic }): Scope => ({
      ...(brand && { brand }),
      ...(channel && { channel }),
      ...(topic && { topic }),
    }),
  )

/** A consent that waits: for the contact point that asked, or for the person it belongs to. */
export type LiftItem = { readonly subjectKey: string; readonly scope: Scope }

/** The alternative that was asked for instead of an older no: recorded together with the consent that makes room for it. */
const restrictionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pause'), until: z.number() }),
  z.object({ kind: z.literal('cadence'), cadence: z.object({ max: z.number(), per: z.enum(cadencePeriods) }) }),
])
export type Restriction = z.infer<typeof restrictionSchema>

/** The leave that is answered once this is confirmed. */
const leaveAnswerSchema = z.object({
  subjectKey: z.string(),
  leaveId: z.string(),
  state: z.enum(['narrowed', 'returned']),
  alternative: z.string().optional(),
})
export type LeaveAnswer = z.infer<typeof leaveAnswerSchema>

const common = {
  origin: mailOriginSchema.nullish().transform((origin) => origin ?? {}),
  language: z.string().optional(),
  /** The contact point the mail went to; absent once the person was forgotten. */
  mailedKey: z.string().optional(),
  /** How it went there, where that was not a mail. */
  sentBy: z.enum(['sms', 'whatsapp']).optional(),
}

const detailsSchema = z.discriminatedUnion('kind', [
  // The address lies here alone until it is confirmed: it may be a stranger's.
  z.object({
    kind: z.literal('contact_point'),
    ...common,
    value: z.string().optional(),
    /** What is to come to the new address in place of the old one, which then stays refused. */
    receive: scopeSchema.optional(),
    answers: leaveAnswerSchema.optional(),
  }),
  z.object({
    kind: z.literal('lift'),
    ...common,
    items: z.array(z.object({ subjectKey: z.string(), scope: scopeSchema })).default([]),
    refused: z.array(scopeSchema).default([]),
    restriction: restrictionSchema.optional(),
    restrictionScope: scopeSchema.optional(),
    answers: leaveAnswerSchema.optional(),
  }),
  z.object({ kind: z.literal('erasure'), ...common }),
])

/** What was asked, as stored; most of it is gone once the confirmation was forgotten. */
export type ConfirmationDetails = z.infer<typeof detailsSchema>

/** Throws on a row that no version of the hub wrote. */
export function readConfirmationDetails(row: Pick<ConfirmationRow, 'kind' | 'details'>): ConfirmationDetails {
  return detailsSchema.parse({ ...row.details, kind: row.kind })
}
