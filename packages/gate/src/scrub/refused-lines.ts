import { bytesOf } from './list-encoding.ts'
import type { ListHead } from './list-head.ts'
import type { Outcome } from './outcome.ts'

/**
 * The rows that are not to be sent to, as they were, behind the line they began on and the reason: in front, since a row
 * whose quotes do not close would swallow what stands behind it. Documents become documents: `row` is the document
 * itself, or its text when it is none.
 */
export class RefusedLines {
  readonly #head: ListHead

  constructor(head: ListHead) {
    this.#head = head
  }

  /** What the file begins with: the mark, and the header of the list behind two columns more. */
  opening(mark: Uint8Array, header: Uint8Array): Uint8Array {
    if (this.#head.format === 'documents') return mark
    const { delimiter, encoding } = this.#head
    return Buffer.concat([mark, bytesOf(`line${delimiter}reason${delimiter}`, encoding), header])
  }

  /** @param row its bytes without the line end; `text` the same as text, where documents need it. */
  line(row: Uint8Array, outcome: Outcome, line: number, text: () => string | undefined): readonly Uint8Array[] {
    const { delimiter, encoding, format, lineEnd } = this.#head
    const reason = reasonOf(outcome)
    if (format === 'table') {
      return [bytesOf(`${line}${delimiter}${reason}${delimiter}`, encoding), row, bytesOf(lineEnd, encoding)]
    }
    const opening = bytesOf(`{"line":${line},"reason":"${reason}","row":`, encoding)
    const isDocument = outcome.kind === 'refused'
    const content = isDocument ? row : bytesOf(JSON.stringify(text() ?? Buffer.from(row).toString('latin1')), encoding)
    return [opening, content, bytesOf(`}${lineEnd}`, encoding)]
  }
}

function reasonOf(outcome: Outcome): string {
  return 'reason' in outcome ? outcome.reason : outcome.kind
}
