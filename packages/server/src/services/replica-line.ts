import type { Standing } from '@verzet/core'

/** A fingerprint is read as two words of 32 bits: shifting a bigint makes others, which costs more than the index. */
const fingerprintBits = new BigInt64Array(1)
const fingerprintWords = new Uint32Array(fingerprintBits.buffer)

/** A stored change, as a replica of this process takes it. */
export function replicaLine(key: string, fingerprint: bigint, standing: Standing | null) {
  fingerprintBits[0] = fingerprint
  const [low = 0, high = 0] = fingerprintWords
  return { low, high, key, standing, cursor: '' }
}
