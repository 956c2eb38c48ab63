import type { FastifyInstance } from 'fastify'
import { readMultipartFields } from './multipart-form.ts'

/** Room for the longest comment in four-byte characters, percent-encoded, and every box of the grid. */
export const formBytesMax = 64 * 1024
/** More fields than the largest page has. */
const formFieldsMax = 2_000

/** What a form posted; `undefined` for a body that is neither of the two form encodings. */
export type FormFields = ReadonlyMap<string, readonly string[]>

/**
 * Takes every body as bytes, whatever its content type says: RFC 8058 §3.1 asks for both form encodings, and clients
 * are known that send no content type, a broken one, or no body.
 */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: formBytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    // The framework refuses a malformed one before anybody reads the body; without any, the body is still read.
    if (!/^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(headers['content-type'] ?? ''))
      delete headers['content-type']
    done()
  })
}

export function readForm(contentType: string | undefined, body: unknown): FormFields | undefined {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data') return collect(readMultipartFields(contentType ?? '', bytes))
  if (type === 'application/x-www-form-urlencoded') return collect(new URLSearchParams(bytes.toString('utf8')))
  if (type !== '' && type !== 'text/plain') return undefined
  const isMultipart = bytes.subarray(0, 2).toString('latin1') === '--'
  return collect(isMultipart ? readMultipartFields('', bytes) : new URLSearchParams(bytes.toString('utf8').trim()))
}

function collect(entries: Iterable<readonly [string, string]> | undefined): FormFields | undefined {
  if (entries === undefined) return undefined
  const fields = new Map<string, string[]>()
  let count = 0
  for (const [name, given] of entries) {
    count += 1
    if (count > formFieldsMax) return undefined
    // No keyboard types a NUL, and PostgreSQL keeps none: what surrounds it must not be lost over it.
    const value = given.replaceAll('\0', '')
    const known = fields.get(name)
    if (known === undefined) fields.set(name, [value])
    else known.push(value)
  }
  return fields
}

export function field(form: FormFields, name: string): string | undefined {
  return form.get(name)?.[0]
}

export function fieldValues(form: FormFields, name: string): readonly string[] {
  return form.get(name) ?? []
}
