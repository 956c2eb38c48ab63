import { Parser } from 'htmlparser2'
import { textCharactersMax } from './mail-limits.ts'

const silentTags = new Set(['style', 'script', 'head', 'title', 'template', 'noscript'])
const blockTags = new Set(
  'address article aside blockquote br center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
/** How Gmail, Yahoo, Proton, Zimbra, Thunderbird and Nextcloud wrap the message that is answered. */
const quoteMarks =
  /\b(?:gmail_quote|gmail_attr|yahoo_quoted|protonmail_quote|moz-cite-prefix|zmail_extra|cite-prefix)\b/
/** Outlook puts a line here; all that follows is the message that is answered. */
const originalFollows = /^(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/
/** Only what a reader does not see. */
const hiddenStyle = /display\s*:\s*none|mso-hide\s*:\s*all/i

/** Enough for every link of a newsletter that a reply quotes. */
const linksMax = 200

/** What a reader of the HTML sees, a block a line, a quoted message as lines that begin with `> `; and where links lead. */
export function htmlAsText(html: string): { readonly text: string; readonly links: readonly string[] } {
  const links: string[] = []
  const open: { readonly isQuote: boolean; readonly isSilent: boolean }[] = []
  let quotes = 0
  let silences = 0
  let text = ''
  const breakLine = () => {
    if (silences === 0) text += quotes > 0 ? '\n> ' : '\n'
  }
  const parser = new Parser({
    onopentag(name, attributes) {
      const isQuote = name === 'blockquote' || quoteMarks.test(attributes.class ?? '')
      const isSilent = silentTags.has(name) || hiddenStyle.test(attributes.style ?? '')
      open.push({ isQuote, isSilent })
      if (isQuote) quotes += 1
      if (isSilent) silences += 1
      if (attributes.href !== undefined && links.length < linksMax) links.push(attributes.href.slice(0, 2_000))
      if (originalFollows.test(attributes.id ?? '')) text += '\n-----Original Message-----\n'
      if (blockTags.has(name) || isQuote) breakLine()
    },
    ontext(words) {
      if (silences === 0 && text.length < textCharactersMax) text += words.replace(/[\s\u00a0]+/g, ' ')
    },
    onclosetag(name) {
      const closed = open.pop()
      if (closed?.isQuote) quotes -= 1
      if (closed?.isSilent) silences -= 1
      if (blockTags.has(name) || closed?.isQuote) breakLine()
    },
  })
  parser.write(html)
  parser.end()
  const tidy = text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n(?!> )[ \t]+/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return { text: tidy, links }
}
