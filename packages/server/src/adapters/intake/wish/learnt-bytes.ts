/** Signed bytes of `learnt-weights.json`. */
export function decodedBytes(base64: string, length: number): Int8Array {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== length) throw new Error('learnt-weights.json is damaged: run `npm run learn`')
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
