const dot = 0x2e
const lineFeed = 0x0a
const lineAndDot = Buffer.from('\r\n.')
const stuffing = Buffer.from('.')

/** A message as DATA carries it (RFC 5321 §4.5.2): a dot more before each line that begins with one, and the last line ended. */
export function stuffDots(message: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = message[0] === dot ? [stuffing] : []
  let start = 0
  for (let found = message.indexOf(lineAndDot); found !== -1; found = message.indexOf(lineAndDot, start)) {
    pieces.push(message.subarray(start, found + 2), stuffing)
    // The dot itself begins the next piece; what follows it is looked at from there.
    start = found + 2
  }
  pieces.push(message.subarray(start))
  if (message.at(-1) !== lineFeed) pieces.push(Buffer.from('\r\n'))
  return pieces
}
