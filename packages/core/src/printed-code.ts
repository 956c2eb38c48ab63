/**
 * Codes for paper and short links: nine random characters and a check character.
 * The alphabet has one sign of each pair that looks alike; the other is read as it (O as 0, I and L as 1, Z as 2, S as 5,
 * B as 8, U as V). 29 signs: a prime, so that the weighted check finds every wrong sign and every two signs swapped.
 */
const alphabet = '0123456789ACDEFGHJKMNPQRTVWXY'
const readAs: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', Z: '2', S: '5', B: '8', U: 'V' }
const payloadCharacters = 9
export const printedCodeCharacters = payloadCharacters + 1

/** Random bytes one code needs: 64 bits spread over 29^9 values leave no visible bias. */
export const printedCodeRandomBytes = 8

export function makePrintedCode(random: Uint8Array): string {
  let value = Buffer.from(random).readBigUInt64BE(0) % BigInt(alphabet.length) ** BigInt(payloadCharacters)
  let payload = ''
  for (let index = 0; index < payloadCharacters; index += 1) {
    payload += alphabet[Number(value % 29n)]
    value /= 29n
  }
  return payload + checkCharacter(payload)
}

/** The canonical code of what a person typed, forgiving case, spaces, dashes and look-alikes; undefined when it cannot be one. */
export function readPrintedCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined
  const signs = [...typed.toUpperCase().replace(/[\s.\-–—_/]/g, '')].map((sign) => readAs[sign] ?? sign)
  const code = signs.join('')
  if (code.length !== printedCodeCharacters || signs.some((sign) => !alphabet.includes(sign))) return undefined
  return checkCharacter(code.slice(0, payloadCharacters)) === code[payloadCharacters] ? code : undefined
}

/** As printed: two groups of five. */
export function showPrintedCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`
}

function checkCharacter(payload: string): string {
  const sum = [...payload].reduce((total, sign, index) => total + alphabet.indexOf(sign) * (index + 1), 0)
  // The check sign weighs ten: (sum + 10 × check) has to be divisible by 29, and 3 is the inverse of 10.
  return alphabet[(((29 - (sum % 29)) % 29) * 3) % 29] ?? ''
}
