import { readFixture } from '../../src/adapters/smtp/message/testing/fixtures.ts'

function changed(name: string, change: (text: string) => string): Buffer {
  return Buffer.from(change(readFixture(name).toString('latin1')), 'latin1')
}

/** UTF-8 as latin1 text, to put into a message that is held as such. */
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

/** Messages of every kind that campaigns and shops send, by what is special about them. */
export const messages: readonly (readonly [string, Buffer])[] = [
  ['plain text', readFixture('text-us-ascii-7bit')],
  ['plain text without MIME', readFixture('text-no-mime')],
  ['HTML', readFixture('html-7bit')],
  ['an alternative of both', readFixture('alternative')],
  ['an alternative with related pictures', readFixture('alternative-with-related')],
  ['quoted-printable', readFixture('text-utf8-quoted')],
  ['base64', readFixture('text-utf8-base64')],
  ['8bit UTF-8', readFixture('html-utf8-8bit')],
  ['iso-8859-1', readFixture('text-iso-8859-1')],
  ['windows-1252', readFixture('html-windows-1252')],
  ['iso-2022-jp', readFixture('text-iso-2022-jp')],
  ['format=flowed', readFixture('text-flowed')],
  ['an attachment', readFixture('mixed-text-attachment-first')],
  ['an attached message', readFixture('mixed-attached-message')],
  ['a PGP signature', readFixture('signed-pgp')],
  ['an S/MIME signature', readFixture('signed-smime-opaque')],
  ['an invitation', readFixture('alternative-with-calendar')],
  // mailauth takes the second byte of "à" for white space; the other two read it (dkimpy.test.ts has the fixture itself).
  ['addresses in UTF-8', changed('headers-utf8', (text) => text.replaceAll(utf8('à'), utf8('é')))],
  ['an empty body', readFixture('text-empty')],
  ['lines of over 998 characters', readFixture('text-long-line')],
  ['a page on one line', readFixture('html-one-huge-line')],
  ['white space at the end of lines', changed('text-us-ascii-7bit', (text) => `${text}spaces \t \r\n \t\r\n\r\n\r\n`)],
  ['folded and odd header fields', readFixture('headers-folded-and-odd')],
]
