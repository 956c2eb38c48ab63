import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fieldError, HttpProblem, invalidRequest } from './problem.ts'

/** Deeper than any body of this API, and shallow enough for every recursive reader behind it. */
export const jsonDepthMax = 32

/**
 * Reads JSON bodies from their bytes: the framework would silently replace what is not UTF-8, and an address would then
 * be another address. Takes `application/json` only.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async ({ method }: FastifyRequest, body: Buffer) => {
      // Some clients name the type with every request; a DELETE has no body to speak of (RFC 9110 §9.3.5).
      if (method === 'DELETE' && body.length === 0) return undefined
      const value = parseJson(decodeUtf8(body))
      assertStorable(value, [])
      return value
    },
  )
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw malformed('bad_encoding', 'The body is not UTF-8; JSON is always UTF-8 (RFC 8259 §8.1).')
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw malformed('malformed_json', 'The body is empty; send a JSON object.')
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('malformed_json', 'The body is not JSON (RFC 8259).')
  }
}

/** Escapes let JSON say what neither UTF-8 nor a database text can hold. Stops at the depth it allows. */
function assertStorable(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string' && !isStorable(value)) {
    throw invalidRequest([
      fieldError('body', path, 'The text holds a NUL character or half of a surrogate pair; remove it.'),
    ])
  }
  if (typeof value !== 'object' || value === null) return
  if (path.length >= jsonDepthMax) throw malformed('too_deep', `The body nests deeper than ${jsonDepthMax} levels.`)
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name))
      throw malformed('malformed_json', 'The name of a field holds a NUL character or half of a surrogate pair.')
    if (typeof member === 'string' ? !isStorable(member) : typeof member === 'object')
      assertStorable(member, [...path, name])
  }
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function malformed(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 400, code, title: 'Bad request', detail })
}
