import { type MailPart, ownParts, type ReadMail } from './read-mail.ts'
import { ownWords } from './reply-text.ts'

/** What programs write or put beside a mail by themselves, the reports of servers too: no words of its writer. */
const companionTypes: ReadonlySet<string> = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
  'application/pgp-keys',
  'application/ics',
  'application/zip',
  'application/gzip',
  'application/x-gzip',
  'text/calendar',
  'text/vcard',
  'text/x-vcard',
  'text/x-amp-html',
])

/**
 * Whether the writer of a reply may have said something where nobody here reads it: the body is encrypted, or there is
 * none and the words are in a scan, a recording or an attached letter. Pictures that a page shows are none of these.
 */
export function hidesWords(mail: ReadMail): boolean {
  const words = ownWords(mail.text)
  if (/^-----BEGIN PGP MESSAGE-----/m.test(words)) return true
  return words === '' && ownParts(mail.root).some(mayHoldWords)
}

function mayHoldWords(part: MailPart): boolean {
  if (part.kind === 'multipart' || part.kind === 'fields') return false
  if (part.kind === 'text') return part.isAttachment && part.text.trim() !== ''
  return !companionTypes.has(part.mediaType) && !part.headers.some(({ name }) => name === 'content-id')
}
