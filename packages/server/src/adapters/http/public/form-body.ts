import type { FastifyInstance } from 'fastify'

/** Room for the longest comment in four-byte characters, percent-encoded, and every box of the grid. */
export const formBytesMax = 64 * 1024
/** More fields than the largest page has. */
const formFieldsMax = 2_000

/** What a form posted; `undefined` for a body that is neither of the two form encodings. */
export type FormFields = ReadonlyMap<string, readonly string[]>

/**
 * Takes every body as bytes, whatever its content type says: RFC 8058 §3.1 asks for both form encodings, and clients
 * are known that send no content type, or no body.
 */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: formBytesMax }, (_request, body, done) => done(null, body))
}

export async function readForm(contentType: string | undefined, body: unknown): Promise<FormFields | undefined> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data') return readMultipart(contentType ?? '', bytes)
  if (type === '' || type === 'application/x-www-form-urlencoded' || type === 'text/plain') {
    return collect(new URLSearchParams(bytes.toString('utf8')))
  }
  return undefined
}

/** The platform's own reader (Fetch standard), which knows boundaries and file parts better than we would. */
async function readMultipart(contentType: string, bytes: Buffer): Promise<FormFields | undefined> {
  try {
    const data = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
    return collect([...data].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])))
  } catch {
    return undefined
  }
}

function collect(entries: Iterable<readonly [string, string]>): FormFields | undefined {
  const fields = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of entries) {
    count += 1
    if (count > formFieldsMax) return undefined
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
