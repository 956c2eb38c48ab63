import { fieldsNamed, readHeaderBlock } from '../message/header-block.ts'
import { applySplices } from '../message/splices.ts'

export type SubmittedMail = {
  /** Stays the same when the same mail is tried again, so that its reader sees one message. */
  readonly id: string
  readonly domain: string
  readonly now: number
}

/**
 * Gives a mail the `Date` and the `Message-ID` it came without, which a submission server does (RFC 6409 §8.2 and §8.3)
 * and many receivers ask for. One that is there stays as it is, even where it is wrong: the sender's programs know it.
 * Called before signing, so that both are signed.
 */
export function addMissingFields(message: Buffer, { id, domain, now }: SubmittedMail): Buffer {
  const header = readHeaderBlock(message, 0, message.length)
  if (header.kind === 'malformed') return message
  const lacks = (name: string) => fieldsNamed(header.fields, name).length === 0
  const lines = [
    ...(lacks('date') ? [`Date: ${mailDate(now)}\r\n`] : []),
    ...(lacks('message-id') ? [`Message-ID: <${id}@${domain}>\r\n`] : []),
  ]
  const { end } = header
  return lines.length === 0 ? message : applySplices(message, [{ start: end, end, bytes: Buffer.from(lines.join('')) }])
}

/** RFC 5322 §3.3; UTC, since where the sender sits is not known. */
export function mailDate(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000')
}

/**
 * What tells a mail from the next one with the same words: nothing but its own date or id. Where it has neither, the day
 * does: a reminder sent again next month is another mail, and one tried again within hours is the same.
 */
export function dayWhereNameless(message: Buffer, now: number): string {
  const header = readHeaderBlock(message, 0, message.length)
  const isNamed =
    header.kind === 'header' && ['date', 'message-id'].some((name) => fieldsNamed(header.fields, name).length > 0)
  return isNamed ? '' : new Date(now).toISOString().slice(0, 10)
}
