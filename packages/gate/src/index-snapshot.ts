import { recordIn } from './record-store.ts'
import { recordRefMin } from './record-table.ts'
import type { StandingIndex } from './standing-index.ts'
import { commonTextBytesMax, commonTextsMax } from './standing-stream.ts'
import { type PreparedText, StandingWriter } from './standing-writer.ts'

const codeMask = 7
const codeBits = 3
const wordsPerId = 4
const wordsPerRefusal = 2
const wordsPerRecord = 3
/** A line of the processor's cache has so many refusals. */
const slotsPerRow = 8
/** Half of them are entries: a block, and what another question may wait for. */
const slotsPerPass = 16_384

/** Whose standing changed while a snapshot is being written. */
export class ChangedSince {
  readonly #names = new Set<string>()

  note(low: number, high: number): void {
    this.#names.add(`${low} ${(high << codeBits) >>> 0}`)
  }

  /** @param tag the high word shifted up by three bits, whatever those are. */
  has(low: number, tag: number): boolean {
    return this.#names.size > 0 && this.#names.has(`${low} ${(tag & ~codeMask) >>> 0}`)
  }
}

/**
 * What an index holds as the blocks of standing-stream.ts, some at a time; between them the index may change. `position`
 * is where the index stands when the first is asked for. Who is noted in `changed` from then on is left out as far as it was
 * not written yet: its new standing comes as a change after the position, and could otherwise stand in both tables.
 *
 * Not in the order of the tables: a gate's own are filled from end to end with each block, or a row of full slots
 * would form in one that is still small.
 */
export function* snapshotOf(
  index: StandingIndex,
  position: string,
  changed: ChangedSince,
): Generator<readonly Uint8Array[]> {
  const { refusals, records, store, choiceIds } = index.memory()
  if (choiceIds === undefined) throw new Error('an index without choices does not hold what others ask for')
  const writer = new StandingWriter({ position, entries: index.entries })
  for (const slots of passes(refusals.length / wordsPerRefusal)) {
    for (const slot of slots) {
      const low = refusals[wordsPerRefusal * slot] ?? 0
      const tag = refusals[wordsPerRefusal * slot + 1] ?? 0
      if ((tag & codeMask) === 0 || changed.has(low, tag)) continue
      writer.addRefusal(low, tag, choiceIds, wordsPerId * slot)
    }
    yield writer.take()
  }
  const common = new Map<number, PreparedText>()
  for (const slots of passes(records.length / wordsPerRecord)) {
    for (const slot of slots) {
      const [low, high, ref] = records.subarray(wordsPerRecord * slot, wordsPerRecord * (slot + 1))
      if (low === undefined || high === undefined || ref === undefined || ref < recordRefMin) continue
      if (changed.has(low, (high << codeBits) >>> 0)) continue
      const known = common.get(ref)
      writer.addText(low, high, known ?? textAt(store, ref, common))
    }
    yield writer.take()
  }
  yield writer.end()
}

function textAt(store: Uint8Array, ref: number, common: Map<number, PreparedText>): PreparedText {
  const prepared: PreparedText = { kind: 'text', text: Buffer.from(recordIn(store, ref)), number: -1 }
  if (prepared.text.length <= commonTextBytesMax && common.size < commonTextsMax) common.set(ref, prepared)
  return prepared
}

/** Each slot once, in passes that each go over the whole table. */
function* passes(slots: number): Generator<Int32Array> {
  const count = Math.max(1, Math.ceil(slots / slotsPerPass))
  const places = new Int32Array(slotsPerPass + slotsPerRow)
  const rows = Math.ceil(slots / slotsPerRow)
  for (let pass = 0; pass < count; pass += 1) {
    let end = 0
    for (let row = pass; row < rows; row += count) {
      const to = Math.min(slots, slotsPerRow * (row + 1))
      for (let slot = slotsPerRow * row; slot < to; slot += 1) {
        places[end] = slot
        end += 1
      }
    }
    yield places.subarray(0, end)
  }
}
