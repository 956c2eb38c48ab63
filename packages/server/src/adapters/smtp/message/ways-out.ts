import type { MailLanguage } from '../../../services/mail-language.ts'
import type { MintedLinks } from '../../../services/mint-links.ts'
import { checkedAccent } from '../../http/pages/accent.ts'
import { beforeAddress } from '../../mail/way-out-labels.ts'
import { findHtmlPlaces, type HtmlPlaceholder } from './html-places.ts'
import { findPlaceholders, offerBoth, type PlaceholderName } from './placeholders.ts'
import type { TextSplice } from './splices.ts'
import { frameStyle, linkStyle } from './ways-out-style.ts'

/** The two ways out of one message for one recipient, and how they are said. */
export type WaysOut = {
  readonly links: Pick<MintedLinks, 'page' | 'stopAll' | 'preferences'>
  /** "No more advertising" and "Change my preferences" in that language. */
  readonly labels: { readonly stop: string; readonly preferences: string }
  readonly language: MailLanguage
  /** `#rrggbb`; the product's own where it is missing or too pale to read on white. */
  readonly accent?: string
}

export type PlacedWaysOut =
  | { readonly kind: 'added' | 'placeholders'; readonly splices: readonly TextSplice[] }
  | { readonly kind: 'no_place' }

const lineEnd = '\r\n'

/**
 * The ways out as HTML of ASCII characters alone, so that they stand in any charset. On a white ground of their own, so
 * that the contrast holds on whatever the mail is painted (WCAG 2.2, 1.4.3); each link is 40 px high (2.5.8). What the
 * template's own sheet says of links, of first children or of everything does not reach them (ways-out-style.ts).
 */
export function waysOutHtml(ways: WaysOut): string {
  const accent = checkedAccent(ways.accent).light
  const link = (url: string, label: string) =>
    `<a href="${escapeHtml(url)}"${lineEnd}style="${linkStyle(accent)}">${escapeHtml(label)}</a>`
  return [
    // Hardly a template speaks of this element in its sheet, and every program lays it out as a block.
    `<center lang="${ways.language}" dir="ltr" style="${frameStyle}">`,
    link(ways.links.stopAll, ways.labels.stop),
    '<span aria-hidden="true">&#183;</span>',
    link(ways.links.preferences, ways.labels.preferences),
    '</center>',
  ].join(lineEnd)
}

/**
 * Where the ways out go in an HTML body: at the placeholders where the template offers both choices with them, else at
 * the top and the bottom of what the reader sees.
 */
export function placeInHtml(html: string, ways: WaysOut): PlacedWaysOut {
  const { edges, placeholders } = findHtmlPlaces(html)
  const filled = placeholders.flatMap((one) => {
    const text = htmlFor(one, ways)
    return text === undefined ? [] : [{ start: one.start, end: one.end, text }]
  })
  const offered = placeholders.filter(({ context }) => context === 'link_address' || context === 'text')
  if (offerBoth(offered.map(({ name }) => name))) return { kind: 'placeholders', splices: filled }
  if (edges === undefined) return { kind: 'no_place' }
  const block = waysOutHtml(ways)
  const top = { start: edges.top, end: edges.top, text: `${edges.top === 0 ? '' : lineEnd}${block}${lineEnd}` }
  const bottom = { start: edges.bottom, end: edges.bottom, text: `${lineEnd}${block}${lineEnd}` }
  return { kind: 'added', splices: [top, ...filled, bottom] }
}

function htmlFor(placeholder: HtmlPlaceholder, ways: WaysOut): string | undefined {
  const { name, context } = placeholder
  const url = escapeHtml(urlOf(name, ways))
  if (context === 'unseen') return undefined
  if (context === 'link_text') return name === 'optout_url' ? url : escapeHtml(labelOf(name, ways))
  if (context !== 'text' || name === 'optout_url') return url
  return `<a href="${url}">${escapeHtml(labelOf(name, ways))}</a>`
}

function urlOf(name: PlaceholderName, ways: WaysOut): string {
  if (name === 'optout_url') return ways.links.page
  return name === 'verzet_stop' ? ways.links.stopAll : ways.links.preferences
}

function labelOf(name: PlaceholderName, ways: WaysOut): string {
  return name === 'verzet_stop' ? ways.labels.stop : ways.labels.preferences
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\u0080-\u{10ffff}]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
}

/** The ways out as lines of text; the address stands on a line of its own, where every reader finds its end. */
export function waysOutText(ways: WaysOut): string {
  const { labels, links, language } = ways
  const above = (label: string) => beforeAddress(label, language)
  return [above(labels.stop), links.stopAll, above(labels.preferences), links.preferences].join(lineEnd)
}

/**
 * The same for a text body. In `format=flowed` (RFC 3676) our lines stay as they are: none ends in a space, begins with
 * one, quotes, or says `From `. A last line that flows on is closed by an empty one first, or it would swallow ours.
 */
export function placeInText(text: string, ways: WaysOut, isFlowed: boolean): PlacedWaysOut {
  const placeholders = findPlaceholders(text)
  const filled = placeholders.map(({ name, start, end }) => ({ start, end, text: urlOf(name, ways) }))
  if (offerBoth(placeholders.map(({ name }) => name))) return { kind: 'placeholders', splices: filled }
  const block = waysOutText(ways)
  const start = text.startsWith('\ufeff') ? 1 : text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  const top = { start, end: start, text: `${block}${lineEnd}${lineEnd}` }
  const isClosed = text === '' || text.endsWith('\n')
  const flowsOn = isFlowed && / \r?\n?$/.test(text.slice(-3))
  const gap = `${isClosed ? '' : lineEnd}${flowsOn ? lineEnd : ''}${lineEnd}`
  const bottom = { start: text.length, end: text.length, text: `${gap}${block}${isClosed ? lineEnd : ''}` }
  return { kind: 'added', splices: [top, ...filled, bottom] }
}
