import { purposes } from '@verzet/core'
import { z } from 'zod'
import {
  isSiteOrigin,
  oneClickScopes,
  printLeadDaysDefault,
  printLeadDaysMax,
  siteOriginHint,
  siteOriginsMax,
} from '../brand-settings.ts'
import { leavingSettingsSchema, topicSettingsSchema } from '../leaving/leaving-settings.ts'
import { voluntaryRegisters } from '../registers/known-registers.ts'
import { reviewHoursDefault, reviewHoursMax } from '../review/deadline.ts'

/** Ids travel in URLs, headers and file names. */
const idCharactersMax = 64
const nameCharactersMax = 200
const topicNameCharactersMax = 100
const reasonsMax = 20
const labelCharactersMax = 100

export const catalogIdSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    'Use lower-case letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  )
  .max(idCharactersMax)
const languageSchema = z.string().regex(/^[a-z]{2}$/, 'Give the language as two small letters (ISO 639-1), such as nl')

/** What a brand decides for itself, as it enters by API, command and page. Everything has a default. */
export const brandSettingsSchema = z.strictObject({
  oneClick: z.enum(oneClickScopes).optional().meta({
    description:
      'How far a one-click header or a bare STOP reaches when the message itself offered both; else it means everything.',
  }),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'Give a colour as #rrggbb')
    .optional(),
  privacyUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  postalAddress: z.string().min(1).max(500).optional(),
  contactEmail: z.email().max(254).optional(),
  timeZone: z.string().refine(isTimeZone, 'Give a time zone of the IANA database, such as Europe/Brussels').optional(),
  reasons: z
    .array(
      z.strictObject({
        id: catalogIdSchema,
        labels: z.record(languageSchema, z.string().min(1).max(labelCharactersMax)),
      }),
    )
    .max(reasonsMax)
    .optional(),
  reviewWithinHours: z
    .int()
    .min(1)
    .max(reviewHoursMax)
    .optional()
    .meta({
      description: `How long words that may be a no wait for a human; ${reviewHoursDefault} when left out. Marketing waits with them, and the no is recorded when nobody decided.`,
    }),
  privacyMail: z.email().max(254).optional().meta({
    description: 'Who is told when somebody says that they never signed up, or that this is spam.',
  }),
  siteOrigins: z.array(z.string().refine(isSiteOrigin, siteOriginHint)).max(siteOriginsMax).optional().meta({
    description: 'Sites of the organisation that may hold the leave form, read its answers and be returned to.',
  }),
  printLeadDays: z
    .int()
    .min(1)
    .max(printLeadDaysMax)
    .optional()
    .meta({
      description: `How long after its print day post may still land; ${printLeadDaysDefault} when left out. A person who says no is told.`,
    }),
  pledgedRegisters: z.array(z.enum(voluntaryRegisters)).max(voluntaryRegisters.length).optional().meta({
    description:
      'The outside lists no law asks for that the brand holds itself to, such as `robinson`: the gate then refuses whom they name, and everybody while there is no fresh snapshot.',
  }),
  leaving: leavingSettingsSchema.optional().meta({
    description:
      'What comes after a no: whether the person is asked once if it was meant, and what is offered instead. The no holds from the first act in any case.',
  }),
})

/** A brand without its id. */
export const brandFieldsSchema = z.strictObject({
  name: z.string().min(1).max(nameCharactersMax),
  controller: z
    .string()
    .min(1)
    .max(nameCharactersMax)
    .meta({ description: 'The legal person that answers for it (GDPR art. 4(7)).' }),
  country: z.string().regex(/^[A-Z]{2}$/, 'Give the country as two capital letters (ISO 3166-1), such as BE'),
  settings: brandSettingsSchema.optional(),
})

/** A topic without its ids. */
export const topicFieldsSchema = z.strictObject({
  purpose: z.enum(purposes).meta({
    description:
      'Set here and never by the sender of a message: service messages pass every no, so nothing that sells belongs to one.',
  }),
  names: z
    .record(languageSchema, z.string().min(1).max(topicNameCharactersMax))
    .refine((names) => Object.keys(names).length > 0, 'Name the topic in one language at least'),
  settings: topicSettingsSchema.optional().meta({ description: 'What the topic decides over what its brand does.' }),
})

export const brandSchema = brandFieldsSchema.extend({
  id: catalogIdSchema,
  settings: brandSettingsSchema.default({}),
})

export const topicSchema = topicFieldsSchema.extend({
  brand: catalogIdSchema,
  id: catalogIdSchema,
  settings: topicSettingsSchema.default({}),
})

/** An absent setting has its default; an undefined one would hide it. */
export function definedSettings(given: z.infer<typeof brandSettingsSchema> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
