/** Text of one character a byte: what a mail is, and what strings can be cut from. */
export type Bytes = string

export type Dice = {
  /** A whole number below the limit. */
  below(limit: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  chance(probability: number): boolean
}

/** mulberry32: lets a failing mutant be made again from its seed and number. */
export function diceFrom(seed: number): Dice {
  let state = seed | 0
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(random() * limit)
  return {
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    chance: (probability) => random() < probability,
  }
}

export type Mutation = (mail: Bytes, dice: Dice, other: Bytes) => Bytes

const fieldLine = /^[!-9;-~]+[ \t]*:.*\r\n(?:[ \t].*\r\n)*/gm
const boundaryLine = /^--[^\r\n]+\r\n/gm

/** Every way a mail gets broken on its road, or is broken by whoever means ill. */
export const mutations: Readonly<Record<string, Mutation>> = {
  flipBits(mail, dice) {
    const bytes = Buffer.from(mail, 'latin1')
    for (let count = 1 + dice.below(20); count > 0 && bytes.length > 0; count--) {
      const at = dice.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
    }
    return bytes.toString('latin1')
  },
  cutEnd: (mail, dice) => mail.slice(0, dice.below(mail.length + 1)),
  cutMiddle(mail, dice) {
    const at = dice.below(mail.length + 1)
    return mail.slice(0, at) + mail.slice(at + dice.below(dice.chance(0.5) ? 40 : mail.length))
  },
  repeatPiece(mail, dice) {
    const at = dice.below(mail.length + 1)
    const piece = mail.slice(at, at + dice.below(dice.chance(0.7) ? 60 : mail.length))
    return mail.slice(0, at) + piece + mail.slice(at)
  },
  spliceOther: (mail, dice, other) =>
    mail.slice(0, dice.below(mail.length + 1)) + other.slice(dice.below(other.length + 1)),
  putOtherInside(mail, dice, other) {
    const at = lineStart(mail, dice)
    return mail.slice(0, at) + other + mail.slice(at)
  },
  repeatField(mail, dice) {
    const field = anyMatch(mail, fieldLine, dice)?.text ?? 'Subject: a\r\n'
    const target = anyMatch(mail, fieldLine, dice)?.at ?? 0
    const spelled = dice.chance(0.3) ? field.toUpperCase() : dice.chance(0.2) ? field.replace(':', ' \t:') : field
    return mail.slice(0, target) + spelled + mail.slice(target)
  },
  dropField(mail, dice) {
    const field = anyMatch(mail, fieldLine, dice)
    return field === undefined ? mail : mail.slice(0, field.at) + mail.slice(field.at + field.text.length)
  },
  foldField(mail, dice) {
    const field = anyMatch(mail, fieldLine, dice)
    if (field === undefined) return mail
    const at = field.at + field.text.indexOf(':') + 1 + dice.below(field.text.length)
    return mail.slice(0, at) + dice.pick(['\r\n ', '\r\n\t', '\r\n \r\n ', '\r\n']) + mail.slice(at)
  },
  swapBoundaries(mail, dice) {
    const [first, second] = [anyMatch(mail, boundaryLine, dice), anyMatch(mail, boundaryLine, dice)]
    if (first === undefined || second === undefined) return mail
    return mail.replaceAll(/^--[^\r\n]+\r\n/gm, (line) => {
      if (line === first.text) return second.text
      return line === second.text ? first.text : line
    })
  },
  changeBoundary(mail, dice) {
    const line = anyMatch(mail, boundaryLine, dice)
    if (line === undefined) return mail
    const name = line.text.trimEnd()
    const changed = dice.pick([
      `${name}--`,
      `${name} \t`,
      `${name}x`,
      name.slice(0, -1),
      `-${name}`,
      ` ${name}`,
      `${name}\0`,
    ])
    return `${mail.slice(0, line.at)}${changed}${dice.chance(0.9) ? '\r\n' : ''}${mail.slice(line.at + line.text.length)}`
  },
  shareBoundary: (mail, dice) =>
    mail.replaceAll(/boundary="?[^"\r\n;]+"?/gi, `boundary="${dice.pick(['b', 'alt', 'mix', 'a b'])}"`),
  nest(mail, dice) {
    let [body, header] = [mail, '']
    const share = dice.chance(0.2)
    for (let depth = 1 + dice.below(dice.chance(0.9) ? 4 : 40); depth > 0; depth--) {
      const boundary = share ? 'same' : `nest${depth}`
      const type = dice.pick(['mixed', 'alternative', 'related', 'digest', 'signed', 'report', 'parallel'])
      header = `From: a@b.example\r\nContent-Type: multipart/${type}; boundary="${boundary}"\r\n\r\n`
      const before = dice.chance(0.3) ? 'Content-Type: message/rfc822\r\n\r\n' : ''
      const end = dice.chance(0.9) ? `\r\n--${boundary}--\r\n` : ''
      body = `${header}--${boundary}\r\n${before}${body}${end}`
    }
    return body
  },
  lieAboutCharset: (mail, dice) =>
    replaceOne(mail, /charset\*?="?[^"\r\n;]+"?/gi, `charset=${dice.pick(charsets)}`, dice),
  lieAboutEncoding: (mail, dice) =>
    replaceOne(
      mail,
      /^Content-Transfer-Encoding:.*\r\n/gim,
      `Content-Transfer-Encoding: ${dice.pick(encodings)}\r\n`,
      dice,
    ),
  lieAboutType: (mail, dice) =>
    replaceOne(mail, /^Content-Type: *[^;\r\n]+/gim, `Content-Type: ${dice.pick(types)}`, dice),
  addDisposition(mail, dice) {
    const disposition = dice.pick([
      'attachment',
      'inline',
      'inline; filename=a.txt',
      'attachment; filename="',
      ';',
      'a/b',
    ])
    return replaceOne(mail, /^Content-Type:/gim, `Content-Disposition: ${disposition}\r\nContent-Type:`, dice)
  },
  putWord(mail, dice) {
    const at = dice.chance(0.5) ? lineStart(mail, dice) : dice.below(mail.length + 1)
    return mail.slice(0, at) + dice.pick(words) + mail.slice(at)
  },
  putBytes(mail, dice) {
    const at = dice.below(mail.length + 1)
    const bytes = Array.from({ length: 1 + dice.below(30) }, () => String.fromCharCode(dice.below(256)))
    return mail.slice(0, at) + bytes.join('') + mail.slice(at)
  },
  longLine(mail, dice) {
    const at = dice.below(mail.length + 1)
    const piece = dice.pick(['x', 'é', ' ', '=', '<', '&', '=3D', 'a b ', '\0', '((', '"\\'])
    return mail.slice(0, at) + piece.repeat(hugeCount(dice, 500_000)) + mail.slice(at)
  },
  longHeader(mail, dice) {
    const piece = dice.pick([' x\r\n', '\tb=c;\r\n', ' <a@b.example>,\r\n', ' =?utf-8?q?=C3=A9?=\r\n'])
    return `${dice.pick(['Subject:', 'To:', 'References:', 'Content-Type: text/plain;', 'X:'])}${piece.repeat(1 + hugeCount(dice, 20_000))}${mail}`
  },
  manyFields: (mail, dice) =>
    dice.pick(['X-A: b\r\n', 'Received: a\r\n', 'To: a@b.example\r\n']).repeat(hugeCount(dice, 5_000)) + mail,
  manyParts(mail, dice) {
    const line = anyMatch(mail, boundaryLine, dice)
    if (line === undefined) return mail
    const part =
      line.text + dice.pick(['', '\r\n', '\r\nstop\r\n', 'Content-Type: text/html\r\n\r\n<p>a\r\n', 'X: y\r\n\r\n'])
    return mail.slice(0, line.at) + part.repeat(hugeCount(dice, 3_000)) + mail.slice(line.at)
  },
  bareLineEnds(mail, dice) {
    const end = dice.pick(['\n', '\r', '\r\r\n', '\n\r'])
    return dice.chance(0.5) ? mail.replaceAll('\r\n', end) : replaceOne(mail, /\r\n/g, end, dice)
  },
}

const charsets = [
  'utf-8',
  'us-ascii',
  'iso-8859-1',
  'windows-1252',
  'iso-2022-jp',
  'shift_jis',
  'gb18030',
  'big5',
  'koi8-r',
  'utf-7',
  'utf-16',
  'utf-16le',
  'x-unknown',
  '""',
  '"utf-8',
  "utf-8''nl",
] as const
const encodings = [
  '7bit',
  '8bit',
  'binary',
  'base64',
  'quoted-printable',
  'BASE64 (so)',
  'x-uuencode',
  '',
  'gzip',
] as const
const types = [
  'text/plain',
  'text/html',
  'text/calendar',
  'text/rfc822-headers',
  'multipart/mixed',
  'multipart/alternative',
  'multipart/report',
  'multipart/signed',
  'multipart/digest',
  'message/rfc822',
  'message/delivery-status',
  'message/feedback-report',
  'message/disposition-notification',
  'application/pkcs7-mime',
  'text',
  '/',
  '',
] as const
const words = [
  '\r\n',
  '\r\n\r\n',
  '<body>',
  '</body>',
  '<!--',
  '-->',
  '<!--[if mso]>',
  '<style>',
  '</style>',
  '<script>',
  '<template>',
  '<a href="',
  '<plaintext>',
  '{{verzet_stop}}',
  '{{verzet_preferences}}',
  '{{optout_url}}',
  '%7B%7Boptout_url%7D%7D',
  '=\r\n',
  '=3D',
  '=',
  ' \r\n',
  '\u001b$B',
  '\u00ff\u00fe',
  '\u00ef\u00bb\u00bf',
  '-----BEGIN PGP MESSAGE-----\r\n',
  'begin 644 a\r\n',
  'From \r\n',
  '.\r\n',
  'STOP\r\n',
  'Auto-Submitted: auto-replied\r\n',
  'Content-Type: text/html; charset=utf-8\r\n',
  'Content-Type: multipart/alternative; boundary=alt\r\n',
  'MIME-Version: 1.0\r\n',
  'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\n',
  'List-Unsubscribe: <https://evil.example>\r\n',
] as const

/** Mostly few: what is huge costs the time of hundreds of others. */
function hugeCount(dice: Dice, limit: number): number {
  return dice.chance(0.02) ? dice.below(limit) : dice.below(Math.min(limit, 1_200))
}

function lineStart(mail: Bytes, dice: Dice): number {
  const found = mail.indexOf('\r\n', dice.below(mail.length + 1))
  return found === -1 ? mail.length : found + 2
}

function anyMatch(
  mail: Bytes,
  pattern: RegExp,
  dice: Dice,
): { readonly text: string; readonly at: number } | undefined {
  const found = [...mail.matchAll(pattern)]
  const match = found[dice.below(found.length)]
  return match && { text: match[0], at: match.index }
}

function replaceOne(mail: Bytes, pattern: RegExp, by: string, dice: Dice): Bytes {
  const match = anyMatch(mail, pattern, dice)
  return match === undefined ? mail : mail.slice(0, match.at) + by + mail.slice(match.at + match.text.length)
}
