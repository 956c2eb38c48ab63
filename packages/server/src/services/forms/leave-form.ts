import { z } from 'zod'
import { type AlertKind, alertKinds } from '../../storage/alerts.ts'

/** What may be asked after a no has to fit on one screen (EDPB guidelines 03/2022: a longer form obstructs). */
export const questionsMax = 6
export const choicesMax = 20
export const labelCharactersMax = 200
/** As long as the API allows for `comment`, where the words are kept. */
export const wordsCharactersMax = 2_000
/** A longer scale cannot be hit with a thumb at 320 pixels. */
const scaleMarksMax = 11

/** The version of the questions that come with the product, or of a brand's list of reasons. */
export const builtInVersion = 0

/** Names that the form's own fields have. */
const reservedIds = new Set(['choice', 'form', 'return', 'lang'])

/** One sentence by language, as two letters. */
export type Labels = Readonly<Record<string, string>>

export type FormChoice = {
  readonly id: string
  readonly labels: Labels
  /** Picking it tells the privacy officer. */
  readonly alert?: AlertKind | undefined
}

export type FormQuestion =
  | {
      readonly kind: 'single' | 'multiple'
      readonly id: string
      readonly labels: Labels
      readonly choices: readonly FormChoice[]
    }
  | { readonly kind: 'text'; readonly id: string; readonly labels: Labels }
  | {
      readonly kind: 'scale'
      readonly id: string
      readonly labels: Labels
      readonly from: number
      readonly to: number
      /** What the two ends mean. */
      readonly lowest?: Labels | undefined
      readonly highest?: Labels | undefined
    }

/** The questions asked after a no. None at all means that nothing is asked. */
export type LeaveForm = { readonly version: number; readonly questions: readonly FormQuestion[] }

const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'Use at most 64 lower-case letters, digits, dots, hyphens and underscores')

const labelsSchema = z
  .record(
    z.string().regex(/^[a-z]{2}$/, 'Give the language as two small letters (ISO 639-1), such as nl'),
    z.string().min(1).max(labelCharactersMax),
  )
  .refine((labels) => Object.keys(labels).length > 0, 'Give the text in one language at least')

const choiceSchema = z.strictObject({
  id: idSchema,
  labels: labelsSchema,
  alert: z.enum(alertKinds).optional().meta({ description: 'Picking this tells the privacy officer.' }),
})

const named = { id: idSchema.refine((id) => !reservedIds.has(id), 'This name is taken'), labels: labelsSchema }

const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single'), ...named, choices: z.array(choiceSchema).min(2).max(choicesMax) }),
  z.strictObject({ kind: z.literal('multiple'), ...named, choices: z.array(choiceSchema).min(1).max(choicesMax) }),
  z.strictObject({ kind: z.literal('text'), ...named }),
  z.strictObject({
    kind: z.literal('scale'),
    ...named,
    from: z.int().min(0).max(1),
    to: z
      .int()
      .min(2)
      .max(scaleMarksMax - 1),
    lowest: labelsSchema.optional(),
    highest: labelsSchema.optional(),
  }),
])

/**
 * The questions of a form, as they come in and as they are stored. There is no way to say that one must be answered.
 * One free text at most: the words stay with the choice, where an erasure removes them.
 */
export const questionsSchema = z
  .array(questionSchema)
  .max(questionsMax)
  .refine((questions) => areDistinct(questions), 'Give each question an id of its own')
  .refine(
    (questions) => questions.every((question) => !('choices' in question) || areDistinct(question.choices)),
    'Give each choice of a question an id of its own',
  )
  .refine((questions) => questions.filter(({ kind }) => kind === 'text').length <= 1, 'Ask for free text once at most')

function areDistinct(things: readonly { readonly id: string }[]): boolean {
  return new Set(things.map(({ id }) => id)).size === things.length
}

/** The text in a language, or in the next one a reader may know, with the language it then is in. */
export function labelIn(labels: Labels, language: string): { readonly text: string; readonly language: string } {
  for (const known of [language, 'en', 'nl', ...Object.keys(labels)]) {
    const text = labels[known]
    if (text !== undefined) return { text, language: known }
  }
  return { text: '', language }
}
