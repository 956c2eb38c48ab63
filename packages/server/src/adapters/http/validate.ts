import type { FastifySchema, FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { type FieldError, fieldError, invalidRequest } from './problem.ts'

/** More would only repeat themselves, in a batch whose every line has the same mistake. */
const errorsMax = 20

const places: Readonly<Record<string, FieldError['in']>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** Checks each part of a request against its schema, and answers with every field that is wrong. */
export const validateWithZod: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError('request schemas are zod schemas')
  const place = places[httpPart ?? 'body'] ?? 'body'
  return (data: unknown) => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return { value: parsed.data }
    return { error: invalidRequest(parsed.error.issues.flatMap((issue) => errorsOf(place, issue)).slice(0, errorsMax)) }
  }
}

/** Answers are checked against their schemas by the tests; in service they are only written. */
export const writeJson = () => (data: unknown) => JSON.stringify(data)

/** What the route's schemas look like to the framework: it never sees inside. */
export type RouteSchema = FastifySchema

function errorsOf(place: FieldError['in'], issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      fieldError(place, [...issue.path, key], 'This field is not known here; remove it or check its spelling.'),
    )
  }
  return [fieldError(place, issue.path, sentence(issue.message))]
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}
