import { findBody } from '../body-parts.ts'
import { type MessagePart, readMessage } from '../message-parts.ts'
import { allParts, encodedBody } from './fixtures.ts'

/** The message without the bodies of its leaves and without its headers: boundaries, preambles and epilogues. */
export function skeleton(raw: Buffer): string {
  const parts = allParts(raw)
  const leaves = parts.filter(({ kind }) => kind !== 'multipart')
  const headers = parts.map(({ header }) => ({ start: header.fields[0]?.start ?? header.end, end: header.end }))
  const holes = [...headers, ...leaves.map(({ bodyStart, bodyEnd }) => ({ start: bodyStart, end: bodyEnd }))]
  let text = ''
  let position = 0
  for (const { start, end } of holes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < position) continue
    text += raw.toString('latin1', position, start)
    position = end
  }
  return text + raw.toString('latin1', position)
}

/** The parts a reader sees, which are the only ones whose bodies may change. */
export function shownParts(raw: Buffer): readonly { readonly kind: 'html' | 'text'; readonly part: MessagePart }[] {
  const read = readMessage(raw)
  const found = read.kind === 'message' ? findBody(read.root) : undefined
  return found?.kind === 'body' ? found.parts : []
}

export function outline(raw: Buffer): readonly string[] {
  return allParts(raw).map(({ kind, type }) => `${kind} ${type}`)
}

/** The bodies, as they are encoded, of all leaves that a rewriting must leave alone. */
export function untouchableBodies(raw: Buffer, before: Buffer): readonly Buffer[] {
  const shown = new Set(shownParts(before).map(({ part }) => part.bodyStart))
  const mayChange = allParts(before).map(({ kind, bodyStart }) => kind === 'multipart' || shown.has(bodyStart))
  return allParts(raw)
    .filter((_, index) => mayChange[index] === false)
    .map((part) => encodedBody(raw, part))
}
