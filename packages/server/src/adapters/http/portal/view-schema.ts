import { z } from 'zod'

/** Names and values of a form; a name may have several values. */
export const fieldsSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

const words = z.strictObject({
  kind: z.literal('words'),
  words: z.string(),
  tone: z.enum(['title', 'hint', 'state', 'alert']).optional(),
})
const list = z.strictObject({ kind: z.literal('list'), items: z.array(z.string()) })
const act = z.strictObject({
  kind: z.literal('act'),
  act: z.string(),
  fields: fieldsSchema,
  label: z.string(),
  first: z.boolean().optional().meta({ description: 'The one act that ends everything.' }),
  small: z.string().optional(),
  of: z.string().optional().meta({ description: 'Only heard: which of several alike it is.' }),
  explained: z.string().optional(),
})

const labelled = {
  label: z.string(),
  heard: z.boolean().optional().meta({ description: 'The label is the title above it: it need not be seen twice.' }),
  lang: z.string().optional(),
  hint: z.string().optional(),
}
const field = z.strictObject({
  ...labelled,
  kind: z.enum(['text', 'email', 'date', 'long']),
  name: z.string(),
  error: z.string().optional(),
  required: z.boolean().optional(),
  charactersMax: z.int().optional(),
  autocomplete: z.string().optional(),
  min: z.string().optional(),
  max: z.string().optional(),
})
const choice = z.strictObject({
  ...labelled,
  kind: z.enum(['pick', 'one', 'many']),
  name: z.string(),
  options: z.array(
    z.strictObject({
      value: z.string(),
      label: z.string(),
      lang: z.string().optional(),
      picked: z.boolean().optional(),
    }),
  ),
})
const form = z.strictObject({
  kind: z.literal('form'),
  act: z.string(),
  fields: fieldsSchema,
  inputs: z.array(z.union([field, choice])),
  button: z.string(),
})
const row = z.strictObject({
  kind: z.literal('row'),
  label: z.string(),
  words: z.string(),
  tag: z.string().optional(),
  act,
})
const cell = z.strictObject({
  value: z.string().optional().meta({ description: 'What the ticked box sends; absent where nothing can be sent.' }),
  ticked: z.boolean().optional(),
  note: z.string().optional(),
})
const grid = z.strictObject({
  kind: z.literal('grid'),
  act: z.string(),
  fields: fieldsSchema,
  topic: z.string(),
  channels: z.array(z.string()),
  rows: z.array(z.strictObject({ name: z.string(), cells: z.array(cell) })),
  button: z.string(),
})

const part = z.discriminatedUnion('kind', [words, list, act, form, row, grid])

/** A person's page in sections and parts, in words: what the element draws. */
export const viewSchema = z
  .strictObject({
    outcome: z.string().optional().meta({ description: 'What came of the act; absent when somebody only looked.' }),
    lang: z.string(),
    sections: z.array(z.strictObject({ id: z.string(), title: z.string(), parts: z.array(part) })),
  })
  .meta({ id: 'PortalView' })

export type View = z.infer<typeof viewSchema>
export type Section = View['sections'][number]
export type Part = z.infer<typeof part>
export type ActPart = z.infer<typeof act>
export type Input = z.infer<typeof field> | z.infer<typeof choice>
