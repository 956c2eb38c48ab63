import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { binProgram } from '../../../bin-program.ts'

/** A picture takes a tenth of a second, the first one half a second more. */
const paintingMsMax = 30_000

const paintedSchema = z.tuple([z.union([z.object({ png: z.instanceof(Uint8Array) }), z.object({ error: z.string() })])])

let thread: Worker | undefined
let before: Promise<unknown> = Promise.resolve()

/**
 * An SVG as PNG, painted in a thread of its own: it takes as long as sixty opt-outs, which would wait for it. One after
 * the other; the thread starts with the first picture, and anew after one that failed.
 */
export function paintSvg(svg: string): Promise<Uint8Array> {
  const painted = before.then(() => paint(svg))
  before = painted.catch(() => undefined)
  return painted
}

async function paint(svg: string): Promise<Uint8Array> {
  thread ??= startPainter()
  const painter = thread
  try {
    const answer = once(painter, 'message', { signal: AbortSignal.timeout(paintingMsMax) })
    painter.postMessage(svg)
    const [message] = paintedSchema.parse(await answer)
    if ('png' in message) return message.png
    throw new Error(message.error)
  } catch (error) {
    thread = undefined
    void painter.terminate()
    throw new Error('the chart was not painted', { cause: error })
  }
}

/** It keeps no process alive that has ended its work. */
function startPainter(): Worker {
  const painter = new Worker(binProgram('chart-painter.mjs'), { env: {} })
  painter.unref()
  return painter
}
