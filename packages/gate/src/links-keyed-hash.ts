/** SHA-256 works on blocks of 64 bytes and sixteen words (FIPS 180-4 §5.2.1). */
const blockBytes = 64
const blockWords = 16
/** The length of the message, in bits, closes its last block. */
const lengthBytes = 8
/** Room for the longest normalised contact point with its type, in UTF-8; a link's own claims take 28 bytes. */
export const hashedBytesMax = 4_096

/** FIPS 180-4 §5.3.3. */
const firstState = wordsOf('6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19')

/** FIPS 180-4 §4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
const roundConstants = wordsOf(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`)

/** The words of the block at hand and what is scheduled from them; nothing of it outlives a block. */
const schedule = new Int32Array(64)

/**
 * HMAC-SHA-256 (RFC 2104) many times under one key: the two blocks the key is padded to are taken in once, and no object
 * is made for a message. Several times as fast as `createHmac` for messages of a line.
 */
export class KeyedHash {
  /** Where the message is written, from the start. */
  readonly message = Buffer.alloc(hashedBytesMax + blockBytes + lengthBytes)
  readonly #view = new DataView(this.message.buffer, this.message.byteOffset, this.message.length)
  readonly #inner: Int32Array
  readonly #outer: Int32Array
  readonly #state = new Int32Array(8)

  /** @param inner, outer What the hash holds after each of the key's padded blocks, 32 bytes: enough to go on, not to go back. */
  constructor(inner: Uint8Array, outer: Uint8Array) {
    this.#inner = readState(inner)
    this.#outer = readState(outer)
  }

  /** @param key Of 64 bytes at most. */
  static ofKey(key: Uint8Array): KeyedHash {
    return new KeyedHash(hashStateAfter(padded(key, 0x36)), hashStateAfter(padded(key, 0x5c)))
  }

  /** The eight words of the hash of the first `length` bytes of `message`; they are the same array the next time. */
  digest(length: number): Int32Array {
    if (length > hashedBytesMax) throw new RangeError('the message is longer than a keyed hash takes')
    const { message } = this
    const paddedBytes = Math.ceil((length + 1 + lengthBytes) / blockBytes) * blockBytes
    message[length] = 0x80
    for (let index = length + 1; index < paddedBytes - 4; index += 1) message[index] = 0
    this.#view.setUint32(paddedBytes - 4, (blockBytes + length) * 8)
    const state = this.#state
    state.set(this.#inner)
    for (let offset = 0; offset < paddedBytes; offset += blockBytes) {
      for (let word = 0; word < blockWords; word += 1) schedule[word] = this.#view.getInt32(offset + 4 * word)
      compress(state)
    }
    for (let word = 0; word < 8; word += 1) schedule[word] = state[word] ?? 0
    schedule[8] = 0x80000000
    for (let word = 9; word < 15; word += 1) schedule[word] = 0
    schedule[15] = (blockBytes + 32) * 8
    state.set(this.#outer)
    compress(state)
    return state
  }
}

/** What SHA-256 holds after one block of 64 bytes, as 32 bytes. */
export function hashStateAfter(block: Uint8Array): Uint8Array {
  if (block.length !== blockBytes) throw new RangeError('a block has 64 bytes')
  const view = new DataView(block.buffer, block.byteOffset, blockBytes)
  for (let word = 0; word < blockWords; word += 1) schedule[word] = view.getInt32(4 * word)
  const state = firstState.slice()
  compress(state)
  const bytes = Buffer.alloc(32)
  for (const [index, word] of state.entries()) bytes.writeInt32BE(word, 4 * index)
  return bytes
}

function wordsOf(hex: string): Int32Array {
  return Int32Array.from(hex.trim().split(/\s+/), (word) => Number.parseInt(word, 16))
}

function readState(bytes: Uint8Array): Int32Array {
  if (bytes.length !== 32) throw new RangeError('a hash state has 32 bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
  return Int32Array.from({ length: 8 }, (_, word) => view.getInt32(4 * word))
}

function padded(key: Uint8Array, padding: number): Uint8Array {
  if (key.length > blockBytes) throw new RangeError('a key of a keyed hash has 64 bytes at most')
  const block = new Uint8Array(blockBytes).fill(padding)
  for (const [index, byte] of key.entries()) block[index] = byte ^ padding
  return block
}

/**
 * FIPS 180-4 §6.2.2, of the sixteen words at the head of the schedule. Each sum is cut to 32 bits at once: it then stays an
 * integer for the machine, which is two and a half times as fast as letting it grow.
 */
function compress(state: Int32Array): void {
  const words = schedule
  for (let place = blockWords; place < 64; place += 1) {
    const early = words[place - 15] ?? 0
    const late = words[place - 2] ?? 0
    const first = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3)
    const second = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10)
    const older = ((words[place - 16] ?? 0) + (words[place - 7] ?? 0)) | 0
    words[place] = (((older + first) | 0) + second) | 0
  }
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  let f = state[5] ?? 0
  let g = state[6] ?? 0
  let h = state[7] ?? 0
  for (let round = 0; round < 64; round += 1) {
    const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const chosen = g ^ (e & (f ^ g))
    const given = ((roundConstants[round] ?? 0) + (words[round] ?? 0)) | 0
    const one = (((((h + turned) | 0) + chosen) | 0) + given) | 0
    const spun = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const two = (spun + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  state[0] = ((state[0] ?? 0) + a) | 0
  state[1] = ((state[1] ?? 0) + b) | 0
  state[2] = ((state[2] ?? 0) + c) | 0
  state[3] = ((state[3] ?? 0) + d) | 0
  state[4] = ((state[4] ?? 0) + e) | 0
  state[5] = ((state[5] ?? 0) + f) | 0
  state[6] = ((state[6] ?? 0) + g) | 0
  state[7] = ((state[7] ?? 0) + h) | 0
}
