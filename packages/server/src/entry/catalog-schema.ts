import { purposes } from '@verzet/core'
import { z } from 'zod'
import {
  isSiteOrigin,
  oneClickScopes,
  printLeadDaysMax,
  siteOriginHint,
  siteOriginsMax,
} from '../services/brand-settings.ts'
import { leavingSettingsSchema, topicSettingsSchema } from '../services/leaving/leaving-settings.ts'
import { reviewHoursMax } from '../services/review/deadline.ts'

/** Ids travel in URLs, headers and file names. */
const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dot, dash and underscore, at most 64')
const textsSchema = z.record(z.string().regex(/^[a-z]{2}$/, 'a language as two letters'), z.string().min(1).max(200))

const settingsSchema = z.strictObject({
  oneClick: z.enum(oneClickScopes).optional(),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, '#rrggbb')
    .optional(),
  privacyUrl: z.url({ protocol: /^https?$/ }).optional(),
  postalAddress: z.string().max(300).optional(),
  contactEmail: z.email().optional(),
  timeZone: z.string().refine(isTimeZone, 'a name such as Europe/Brussels').optional(),
  reasons: z
    .array(z.strictObject({ id: idSchema, labels: textsSchema }))
    .max(20)
    .optional(),
  reviewWithinHours: z.int().min(1).max(reviewHoursMax).optional(),
  leaving: leavingSettingsSchema.optional(),
  privacyMail: z.email().optional(),
  siteOrigins: z.array(z.string().refine(isSiteOrigin, siteOriginHint)).max(siteOriginsMax).optional(),
  printLeadDays: z.int().min(1).max(printLeadDaysMax).optional(),
})

export const brandSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200),
  controller: z.string().min(1).max(200),
  country: z.string().regex(/^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)'),
  settings: settingsSchema.default({}),
})

export const topicSchema = z.strictObject({
  brand: idSchema,
  id: idSchema,
  purpose: z.enum(purposes),
  names: textsSchema.refine((names) => Object.keys(names).length > 0, 'a name in one language at least'),
  settings: topicSettingsSchema.default({}),
})

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
