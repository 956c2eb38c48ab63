/** The parts between the boundary lines of RFC 2046 §5.1.1, as slices of the same bytes. */
export type SplitMultipart = {
  readonly parts: readonly Buffer[]
  /** False when the line that closes the whole is missing: the mail was cut off on its way. */
  readonly isClosed: boolean
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const dash = 0x2d

export function splitMultipart(body: Buffer, boundary: string, partsMax: number): SplitMultipart {
  const marker = Buffer.from(`--${boundary}`)
  const parts: Buffer[] = []
  let partAt: number | undefined
  let from = 0
  for (;;) {
    const found = body.indexOf(marker, from)
    if (found === -1) break
    from = found + marker.length
    const line = boundaryLine(body, found, from)
    if (line === undefined) continue
    if (partAt !== undefined) parts.push(body.subarray(partAt, Math.max(partAt, endBefore(body, found))))
    if (line.isClosing) return { parts, isClosed: true }
    if (parts.length >= partsMax) return { parts, isClosed: true }
    partAt = line.next
    from = line.next
  }
  if (partAt !== undefined) parts.push(body.subarray(partAt))
  return { parts, isClosed: false }
}

/** Undefined unless the marker stands alone on its line; white space after it is padding. */
function boundaryLine(body: Buffer, found: number, end: number) {
  if (found > 0 && body[found - 1] !== lineFeed) return undefined
  const isClosing = body[end] === dash && body[end + 1] === dash
  const feed = body.indexOf(lineFeed, end)
  const next = feed === -1 ? body.length : feed + 1
  for (let at = isClosing ? end + 2 : end; at < next; at += 1) {
    const byte = body[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== carriageReturn && byte !== lineFeed) return undefined
  }
  return { isClosing, next }
}

/** The line end before a boundary belongs to the boundary. */
function endBefore(body: Buffer, found: number): number {
  const end = found > 0 && body[found - 1] === lineFeed ? found - 1 : found
  return end > 0 && body[end - 1] === carriageReturn ? end - 1 : end
}
