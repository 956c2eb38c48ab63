import { z } from 'zod'
import type { StaffAnswer, StaffAsking } from '../staff-page.ts'

/** What travels between the thread that answers and the one that puts pages of insight together. */
export type PageAsked = { readonly id: number; readonly path: string; readonly request: StaffAsking }

/** Both ends are this process: what is checked is only which message it is. */
export const pageAskedSchema = z.union([
  z.enum(['stop', 'prepare']),
  z.object({ id: z.number(), path: z.string(), request: z.custom<StaffAsking>() }),
])

/** Where an error came from, as the log says it; never its message. */
const failureSchema = z.object({
  error: z.string(),
  code: z.unknown().optional(),
  stack: z.array(z.string()).optional(),
})

export const pageAnsweredSchema = z.union([
  z.object({ id: z.number(), answer: z.custom<StaffAnswer>((value) => value !== undefined) }),
  z.object({ id: z.number(), failed: failureSchema }),
])

export type PageFailure = z.infer<typeof failureSchema>
/** What is posted; it is read by `pageAnsweredSchema`. */
export type PageAnswered =
  | { readonly id: number; readonly answer: StaffAnswer }
  | { readonly id: number; readonly failed: Readonly<Record<string, unknown>> }

export const threadDataSchema = z.object({ connectionString: z.string(), yields: z.boolean() })

export type ThreadData = z.infer<typeof threadDataSchema>
