import { replyBytesMax } from '../relay-limits.ts'

export type SmtpReply = {
  readonly code: number
  /** Without the code and the sign behind it. */
  readonly lines: readonly string[]
}

/** Cuts what a server says into replies (RFC 5321 §4.2.1): lines `250-…` until one `250 …`. Undefined: it speaks no SMTP. */
export class ReplyReader {
  #text = ''
  #lines: string[] = []

  /** The replies that are whole with these bytes. */
  read(bytes: Buffer): readonly SmtpReply[] | undefined {
    this.#text += bytes.toString('latin1')
    if (this.#text.length > replyBytesMax) return undefined
    const replies: SmtpReply[] = []
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end === -1) return replies
      const line = this.#text.slice(0, end).replace(/\r$/, '')
      this.#text = this.#text.slice(end + 1)
      const [, code, separator, text] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? []
      if (code === undefined || this.#lines.length > replyBytesMax / 4) return undefined
      this.#lines.push(text ?? '')
      if (separator === '-') continue
      replies.push({ code: Number(code), lines: this.#lines })
      this.#lines = []
    }
  }
}

/** The enhanced status at its head (RFC 2034 §4), and the words behind it on one line. */
export function splitStatus({ code, lines }: SmtpReply): { readonly status: string; readonly text: string } {
  const [, status] = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/.exec(lines[0] ?? '') ?? []
  const isOfCode = status?.[0] === String(code)[0]
  const words = lines.map((line) => (isOfCode ? line.replace(/^[245]\.\d{1,3}\.\d{1,3} ?/, '') : line))
  return { status: isOfCode && status !== undefined ? status : `${Math.floor(code / 100)}.0.0`, text: words.join(' ') }
}
