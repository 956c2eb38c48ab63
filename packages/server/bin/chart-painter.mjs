/**
 * Paints charts in a thread of its own, for `adapters/http/staff/insight/paint-svg.ts`: an SVG comes in, a PNG or what
 * went wrong goes out, one after the other. Plain JavaScript, because a thread starts from a file and the hub from a
 * bundle.
 */
import { readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

letOthersGoFirst()
const find = createRequire(import.meta.url).resolve
const [wasm, font] = await Promise.all([
  readFile(find('@resvg/resvg-wasm/index_bg.wasm')),
  readFile(find('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
])
await initWasm(wasm)

const options = {
  font: { fontBuffers: [new Uint8Array(font)], defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  background: '#ffffff',
  fitTo: { mode: 'zoom', value: 2 },
}

parentPort.on('message', (svg) => {
  try {
    parentPort.postMessage({ png: paint(svg) })
  } catch (error) {
    parentPort.postMessage({ error: String(error) })
  }
})

function paint(svg) {
  const painter = new Resvg(svg, options)
  const image = painter.render()
  const png = image.asPng()
  image.free()
  painter.free()
  return png
}

/** On Linux a thread has a number of its own, and a tenth of the processor is enough for a picture where others want it. */
function letOthersGoFirst() {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Elsewhere it takes turns with the others.
  }
}
