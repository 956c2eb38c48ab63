import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'

type Members = Record<string, unknown>

const validators = new WeakMap<FastifyInstance, Ajv2020>()
/** What no route takes has no place in the document. */
const ofUnmatched = new Set(['not_found', 'method_not_allowed', 'bad_url'])

/**
 * Fails when an answer is not one that the served OpenAPI 3.1 document describes: an undocumented status, media type or
 * field, or a documented one that is missing.
 */
export function assertDescribed(
  app: FastifyInstance,
  method: string,
  url: string,
  answer: { status: number; headers: Members; body: unknown; text: string },
): void {
  const code = isMembers(answer.body) ? answer.body.code : undefined
  if (typeof code === 'string' && ofUnmatched.has(code)) return
  const document = described(app)
  const path = url.split('?')[0] ?? ''
  const template = Object.keys(isMembers(document.paths) ? document.paths : {}).find((known) => matches(known, path))
  const place = `${method} ${path} answered ${answer.status}`
  expect(template, `${place}, and the document has no such path`).toBeDefined()
  const steps = ['paths', template ?? '', method.toLowerCase(), 'responses', String(answer.status)]
  const response = steps.reduce<unknown>((found, step) => (isMembers(found) ? found[step] : undefined), document)
  expect(isMembers(response), `${place}, which the document does not describe`).toBe(true)
  const content = isMembers(response) ? response.content : undefined
  if (!isMembers(content)) {
    expect(answer.text, `${place} with a body, and the document has none`).toBe('')
    return
  }
  const mediaType = String(answer.headers['content-type']).split(';')[0] ?? ''
  expect(Object.keys(content), `${place} as ${mediaType}`).toContain(mediaType)
  const pointer = [...steps, 'content', mediaType, 'schema'].map(escaped).join('/')
  const bodies = mediaType === 'application/x-ndjson' ? lines(answer.text) : [answer.body ?? answer.text]
  for (const body of bodies) {
    const validate = validatorOf(app).compile({ $ref: `openapi#/${pointer}` })
    const isValid = validate(body)
    expect(isValid ? [] : validate.errors, `${place} with a body the document does not describe`).toEqual([])
  }
}

export function described(app: FastifyInstance): Members {
  const document: unknown = app.swagger()
  return isMembers(document) ? document : {}
}

function validatorOf(app: FastifyInstance): Ajv2020 {
  const known = validators.get(app)
  if (known !== undefined) return known
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ ...described(app), $id: 'openapi' })
  validators.set(app, ajv)
  return ajv
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
}

function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
