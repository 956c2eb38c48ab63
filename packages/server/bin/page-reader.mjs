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
/** Grey of 90 % on white; thin strokes of small type come out of the rendering paler than their ink. */
const spreadSeenMin = 0.1
/** ISO/IEC 15415 §7.8.4: a symbol contrast below this is grade F, and phones fail at it. */
const spreadScannedMin = 0.2

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
  const picture = render(pdfium, page, widthPoints, heightPoints, dotsPerInch)
  if (picture === undefined) return { words: [], codes: [] }
  return { words: readWords(pdfium, picture), codes: await readCodes(picture, dotsPerInch) }
}

/** What lies on the paper. */
function render(pdfium, page, widthPoints, heightPoints, dotsPerInch) {
  const width = Math.max(1, Math.floor((widthPoints / pointsPerInch) * dotsPerInch))
  const height = Math.max(1, Math.floor((heightPoints / pointsPerInch) * dotsPerInch))
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bgraFormat, 0, 0)
  if (bitmap === 0) return undefined
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, opaqueWhite)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations)
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const data = new Uint8ClampedArray(pdfium.pdfium.HEAPU8.slice(start, start + width * height * 4).buffer)
  pdfium.FPDFBitmap_Destroy(bitmap)
  return { page, data, width, height }
}

/** The text that can be seen, in order, cut where its size changes. White on white, or under a picture, it is no text. */
function readWords(pdfium, picture) {
  const text = pdfium.FPDFText_LoadPage(picture.page)
  if (text === 0) return []
  const count = Math.min(pdfium.FPDFText_CountChars(text), limits.charactersMax)
  const words = []
  for (let index = 0; index < count; index++) {
    const character = String.fromCodePoint(Math.min(0x10ffff, pdfium.FPDFText_GetUnicode(text, index)))
    if (character.trim() !== '' && !isSeen(pdfium, text, index, picture)) continue
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

/** A character without a box of its own, such as a hyphen the reader adds, is taken as seen. */
function isSeen(pdfium, text, index, picture) {
  const memory = pdfium.pdfium
  const place = memory.wasmExports.malloc(32)
  const isKnown = pdfium.FPDFText_GetCharBox(text, index, place, place + 8, place + 16, place + 24)
  const [left = 0, right = 0, bottom = 0, top = 0] = isKnown
    ? new Float64Array(memory.HEAPU8.slice(place, place + 32).buffer)
    : []
  memory.wasmExports.free(place)
  if (!isKnown || left === right || top === bottom) return true
  const one = onPicture(pdfium, picture, left, top)
  const other = onPicture(pdfium, picture, right, bottom)
  return differs(picture, one, other, spreadSeenMin)
}

/** Where a point of the page lies on its picture, however the page is turned. */
function onPicture(pdfium, { page, width, height }, x, y) {
  const memory = pdfium.pdfium
  const place = memory.wasmExports.malloc(8)
  pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, place, place + 4)
  const [across = 0, down = 0] = new Int32Array(memory.HEAPU8.slice(place, place + 8).buffer)
  memory.wasmExports.free(place)
  return { x: across, y: down }
}

/** Whether the darkest and the lightest dot between two points are so far apart, of 0 to 1. */
function differs({ data, width, height }, one, other, spreadMin) {
  const within = (value, end) => Math.min(end - 1, Math.max(0, Math.round(value)))
  const [left, right] = [Math.min(one.x, other.x) - 1, Math.max(one.x, other.x) + 1].map((x) => within(x, width))
  const [top, bottom] = [Math.min(one.y, other.y) - 1, Math.max(one.y, other.y) + 1].map((y) => within(y, height))
  let [darkest, lightest] = [255, 0]
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const at = (y * width + x) * 4
      // The weights of Rec. 709; which end is red does not matter to whether there is a difference.
      const light = 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]
      if (light < darkest) darkest = light
      if (light > lightest) lightest = light
      if (lightest - darkest >= spreadMin * 255) return true
    }
  }
  return false
}

async function readCodes(picture, dotsPerInch) {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  const require = createRequire(import.meta.url)
  // Without this it would be fetched from elsewhere.
  prepareZXingModule({
    overrides: { wasmBinary: readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')) },
  })
  const found = await readBarcodes(
    { data: picture.data, width: picture.width, height: picture.height },
    { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: limits.codesMax },
  )
  return found
    .filter(
      ({ isValid, position }) => isValid && differs(picture, position.topLeft, position.bottomRight, spreadScannedMin),
    )
    .map(({ text, position }) => ({ text, sideMm: (sideOf(position) / dotsPerInch) * 25.4 }))
}

function sideOf({ topLeft, topRight, bottomLeft }) {
  const across = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y)
  const down = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y)
  return Math.min(across, down)
}
