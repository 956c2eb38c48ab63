import type { SMTPServerDataStream } from 'smtp-server'
import type { ByteBudget } from './byte-budget.ts'

export type ReadOutcome =
  | { readonly kind: 'whole'; readonly raw: Buffer; release(): void }
  | { readonly kind: 'too_large' | 'no_room' | 'broke_off' }

/** Reads a message within its own limit and what all of them may hold. What is refused is read on and dropped, since a client listens only after its end. */
export async function readMessageWithin(stream: SMTPServerDataStream, budget: ByteBudget): Promise<ReadOutcome> {
  let chunks: Buffer[] = []
  let held = 0
  let hasRoom = true
  const release = () => {
    budget.give(held)
    held = 0
    chunks = []
  }
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Buffer) || !hasRoom) continue
      hasRoom = !stream.sizeExceeded && budget.take(chunk.length)
      if (hasRoom) {
        held += chunk.length
        chunks.push(chunk)
      } else release()
    }
  } catch {
    // The client went away in the middle: of half a message nothing is sent.
    release()
    return { kind: 'broke_off' }
  }
  if (stream.sizeExceeded) {
    release()
    return { kind: 'too_large' }
  }
  return hasRoom ? { kind: 'whole', raw: Buffer.concat(chunks), release } : { kind: 'no_room' }
}
