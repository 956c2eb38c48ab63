import { linksMax } from '../check-limits.ts'
import type { BodyView, ViewedLink } from './body-view.ts'

/** A plain text as it is read: an address is the link, and its line with the one above it is what calls it. */
export function viewText(text: string): BodyView {
  const links: ViewedLink[] = []
  const seen = text.replace(/\r\n/g, '\n').trim()
  for (const match of seen.matchAll(/\b(?:https?:\/\/|mailto:)[^\s<>"']{1,2000}/gi)) {
    if (links.length >= linksMax) break
    const url = match[0].replace(/[.,;:!?)\]]+$/, '')
    const label = wordsBefore(seen, match.index)
    const end = match.index + url.length
    links.push({
      url,
      label,
      context: `${label} ${restOfLine(seen, end)}`.trim(),
      // What calls the link belongs to it.
      before: Math.max(0, match.index - label.length - 1),
      after: seen.length - end,
      styles: [],
      isWordless: false,
    })
  }
  return { kind: 'text', links, text: seen }
}

function wordsBefore(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  const sameLine = text.slice(lineStart, at).trim()
  if (sameLine !== '' || lineStart < 2) return sameLine
  const aboveStart = text.lastIndexOf('\n', lineStart - 2) + 1
  return text.slice(aboveStart, lineStart - 1).trim()
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end === -1 ? text.length : end).trim()
}
