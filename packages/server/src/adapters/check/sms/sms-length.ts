/** The basic table of 3GPP TS 23.038 §6.2.1, without the escape. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** The extension table (§6.2.1.1): each takes two places. */
const extended = new Set('\f^{}\\[~]|€')

/** Places in one message, and in each part of a longer one, where a header takes the rest (TS 23.040 §9.2.3.24.1). */
const gsmPlaces = { one: 160, part: 153 }
const ucs2Places = { one: 70, part: 67 }

export type SmsLength = {
  readonly alphabet: 'gsm' | 'ucs2'
  readonly segments: number
  /** The signs that made it UCS-2, each once. */
  readonly beyondGsm: readonly string[]
}

/** How many messages a text is sent and billed as. A sign of two places is never cut in half. */
export function smsLength(text: string): SmsLength {
  const signs = [...text]
  const beyondGsm = [...new Set(signs.filter((sign) => !basic.has(sign) && !extended.has(sign)))]
  const alphabet = beyondGsm.length === 0 ? 'gsm' : 'ucs2'
  const places = alphabet === 'gsm' ? gsmPlaces : ucs2Places
  const widths = signs.map((sign) => (alphabet === 'gsm' ? (extended.has(sign) ? 2 : 1) : sign.length))
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (total <= places.one) return { alphabet, segments: 1, beyondGsm }
  let segments = 1
  let used = 0
  for (const width of widths) {
    if (used + width > places.part) {
      segments++
      used = 0
    }
    used += width
  }
  return { alphabet, segments, beyondGsm }
}
