import { createHash } from 'node:crypto'
import { canonicalJson } from '@verzet/core'
import type { FastifyRequest } from 'fastify'
import { postedField } from '../access.ts'
import type { StaffFrame } from '../layout.tsx'

type JsonValue = Parameters<typeof canonicalJson>[0]

const versionField = 'version'

/** Which state of what is stored a form was made from: saved over somebody else's change, it would undo that unseen. */
export function versionOf(stored: JsonValue): string {
  return createHash('sha256').update(canonicalJson(stored)).digest('base64url').slice(0, 16)
}

export function FormVersion({ stored }: { stored: JsonValue }) {
  return <input type="hidden" name={versionField} value={versionOf(stored)} />
}

/** Whether what is stored is no longer what the form was made from. */
export function isOvertaken(request: FastifyRequest, stored: JsonValue): boolean {
  return postedField(request, versionField) !== versionOf(stored)
}

export function Overtaken({ frame }: { frame: StaffFrame }) {
  return (
    <section class="notice" role="alert">
      <p>{frame.text('content.overtaken')}</p>
    </section>
  )
}
