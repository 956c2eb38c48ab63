/**
 * Reads one PDF in a thread of its own, for `adapters/check/print/read-pages.ts`: the text of each page with its size,
 * and what the QR codes on it say. Plain JavaScript, because a thread starts from a file and the hub from a bundle.
 *
 * What it is given comes from outside. PDFium and ZXing run as WebAssembly: whatever a page does to them stays within
 * their memory, which is bounded here; time is bounded by who started the thread.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

const { bytes, limits } = workerData
const pointsPerInch = 72
const bgraFormat = 4
/** FPDF_ANNOT: with what lies over the page, such as stamps. */
const withAnnotations = 1
const opaqueWhite = 0xffffffff

boundMemory(limits.memoryBytesMax)
parentPort.postMessage(await read())

/** Emscripten takes a refused growth as "no memory left", and so does the code it runs. */
function boundMemory(bytesMax) {
  const grow = WebAssembly.Memory.prototype.grow
  WebAssembly.Memory.prototype.grow = function growWithin(pages) {
    if (this.buffer.byteLength + pages * 65_536 > bytesMax) throw new RangeError('the limit of memory is reached')
    return grow.call(this, pages)
  }
}

async function read() {
  const { init } = await import('@embedpdf/pdfium')
  const require = createRequire(import.meta.url)
  const pdfium = await init({ wasmBinary: readFileSync(require.resolve('@embedpdf/pdfium/pdfium.wasm')) })
  pdfium.PDFiumExt_Init()
  const memory = pdfium.pdfium
  const place = memory.wasmExports.malloc(bytes.length)
  if (place === 0) return { kind: 'unreadable' }
  memory.HEAPU8.set(bytes, place)
  const document = pdfium.FPDF_LoadMemDocument(place, bytes.length, '')
  if (document === 0) return { kind: 'unreadable' }
  const pageCount = pdfium.FPDF_GetPageCount(document)
  const pages = []
  for (let index = 0; index < Math.min(pageCount, limits.pagesMax); index++) {
    const page = pdfium.FPDF_LoadPage(document, index)
    if (page === 0) return { kind: 'unreadable' }
    pages.push(await readPage(pdfium, page))
    pdfium.FPDF_ClosePage(page)
  }
  return { kind: 'pages', pageCount, pages }
}

async function readPage(pdfium, page) {
  const widthPoints = pdfium.FPDF_GetPageWidthF(page)
  const heightPoints = pdfium.FPDF_GetPageHeightF(page)
  const areaInches = (widthPoints / pointsPerInch) * (heightPoints / pointsPerInch)
  if (!(areaInches > 0)) return { words: [], codes: [] }
  // A poster is rendered coarser than a letter: its codes are larger too.
  const dotsPerInch = Math.min(limits.dotsPerInch, Math.sqrt(limits.pixelsMax / areaInches))
  return {
    words: readWords(pdfium, page),
    codes: await readCodes(pdfium, page, widthPoints, heightPoints, dotsPerInch),
  }
}

/** The text in order, cut where its size changes. */
function readWords(pdfium, page) {
  const text = pdfium.FPDFText_LoadPage(page)
  if (text === 0) return []
  const count = Math.min(pdfium.FPDFText_CountChars(text), limits.charactersMax)
  const words = []
  for (let index = 0; index < count; index++) {
    const character = String.fromCodePoint(Math.min(0x10ffff, pdfium.FPDFText_GetUnicode(text, index)))
    const points = characterPoints(pdfium, text, index)
    const last = words.at(-1)
    // White space and what the reader adds itself has no size to speak of.
    if (last !== undefined && (character.trim() === '' || Math.abs(points - last.points) < 0.1)) last.text += character
    else words.push({ text: character, points })
  }
  pdfium.FPDFText_ClosePage(text)
  return words
}

/** The size as it stands on the page: that of the font, stretched by whatever it is drawn through. */
function characterPoints(pdfium, text, index) {
  const memory = pdfium.pdfium
  const matrix = memory.wasmExports.malloc(24)
  const isKnown = pdfium.FPDFText_GetMatrix(text, index, matrix)
  const [, , c = 0, d = 1] = isKnown ? new Float32Array(memory.HEAPU8.slice(matrix, matrix + 24).buffer) : []
  memory.wasmExports.free(matrix)
  return Math.abs(pdfium.FPDFText_GetFontSize(text, index)) * (isKnown ? Math.hypot(c, d) : 1)
}

async function readCodes(pdfium, page, widthPoints, heightPoints, dotsPerInch) {
  const width = Math.max(1, Math.floor((widthPoints / pointsPerInch) * dotsPerInch))
  const height = Math.max(1, Math.floor((heightPoints / pointsPerInch) * dotsPerInch))
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bgraFormat, 0, 0)
  if (bitmap === 0) return []
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, opaqueWhite)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations)
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const data = new Uint8ClampedArray(pdfium.pdfium.HEAPU8.slice(start, start + width * height * 4).buffer)
  pdfium.FPDFBitmap_Destroy(bitmap)
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  const require = createRequire(import.meta.url)
  // Without this it would be fetched from elsewhere.
  prepareZXingModule({
    overrides: { wasmBinary: readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')) },
  })
  const found = await readBarcodes(
    { data, width, height },
    { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: limits.codesMax },
  )
  return found
    .filter(({ isValid }) => isValid)
    .map(({ text, position }) => ({ text, sideMm: (sideOf(position) / dotsPerInch) * 25.4 }))
}

function sideOf({ topLeft, topRight, bottomLeft }) {
  const across = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y)
  const down = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y)
  return Math.min(across, down)
}
