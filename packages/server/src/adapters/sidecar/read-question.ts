import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { batchQuestionsMax } from '../http/api/post-gate-batch.ts'
import * as schemas from '../http/api/schemas.ts'
import { bodyField, type FieldError, HttpProblem, invalidRequest, unprocessable } from '../http/problem.ts'
import type { AskedQuestion } from './sidecar-gate.ts'

/** More would only repeat themselves, in a batch whose every question has the same mistake. */
const errorsMax = 20

const batch = z.strictObject({
  questions: z
    .array(schemas.question)
    .min(1)
    .max(batchQuestionsMax, `Ask at most ${batchQuestionsMax} questions at once`),
})
/** A question of the line protocol: `claim` says that the message is about to be sent. */
const line = schemas.question.extend({ claim: z.boolean().optional() })

/** @throws {HttpProblem} as the hub answers the same body. */
export function readJson(bytes: Buffer): unknown {
  // Replacing what is not UTF-8 would make another address of it.
  if (!isUtf8(bytes)) throw malformed('bad_encoding', 'The body is not UTF-8; JSON is always UTF-8 (RFC 8259 §8.1).')
  return readJsonText(bytes.toString())
}

export function readJsonText(text: string): unknown {
  if (text.trim() === '') throw malformed('malformed_json', 'The body is empty; send a JSON object.')
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('malformed_json', 'The body is not JSON (RFC 8259).')
  }
}

export function readQuestion(value: unknown): AskedQuestion {
  const question = read(schemas.question, value)
  assertText(question, [])
  return question
}

export function readQuestions(value: unknown): readonly AskedQuestion[] {
  const { questions } = read(batch, value)
  for (const [index, question] of questions.entries()) assertText(question, ['questions', index])
  return questions
}

export function readLine(value: unknown): AskedQuestion & { readonly claim?: boolean | undefined } {
  const question = read(line, value)
  assertText(question, [])
  return question
}

/** What the hub answers where a single question names somebody who cannot be. */
export function invalidContactPoint(): HttpProblem {
  return unprocessable('invalid_contact_point', [bodyField(['contactPoint', 'value'], 'Check the contact point.')])
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalidRequest(parsed.error.issues.flatMap(errorsOf).slice(0, errorsMax))
}

function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      bodyField([...path, key], 'This field is not known here; remove it or check its spelling.'),
    )
  }
  return [bodyField(path, /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`)]
}

/** Escapes let JSON say what no address can hold. */
function assertText({ contactPoint: { value } }: AskedQuestion, path: readonly (string | number)[]): void {
  if (value.isWellFormed() && !value.includes('\0')) return
  throw invalidRequest([
    bodyField(
      [...path, 'contactPoint', 'value'],
      'The text holds a NUL character or half of a surrogate pair; remove it.',
    ),
  ])
}

function malformed(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 400, code, title: 'Bad request', detail })
}
