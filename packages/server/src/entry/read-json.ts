import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { dataProblem } from './exit-codes.ts'

/** A JSON document from a file, or from stdin for `-`, checked; says what is wrong with it and where. */
export async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const content = path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (error) {
    throw dataProblem(
      `${path === '-' ? 'the input' : path} is not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`)
  throw dataProblem(issues.join('; '))
}

/** One thing is a list of one. */
export function oneOrMany<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(schema).max(1_000))
}
