import { readPrintedCode } from '@verzet/core'
import { noValues } from '../../../services/finding-text.ts'
import { pagesMax } from '../check-limits.ts'
import { type Finding, finding, type Place } from '../finding.ts'
import { checkLinks, type FoundWayOut } from '../link-rules.ts'
import { checkSender } from '../sender-rules.ts'
import { hasUnfilledPlaceholder } from '../unfilled-placeholder.ts'
import { type CheckContext, codesIn, readTarget } from '../way-out-target.ts'
import { says, stopWords } from '../words.ts'
import type { PrintedPage } from './read-pages.ts'

/**
 * An x-height of 1.2 mm, which Regulation (EU) 1169/2011 art. 13(2) asks of labels, is that of common fonts at 7 points.
 */
const pointsMin = 7
/** A link of this hub makes a code of 41 modules and a border; at 15 mm one is 0.37 mm, four dots of a 300 dpi printer. */
const codeSideMmMin = 15
/** Twenty full pages of a letter; what stands behind is no way out that anybody finds. */
const textCharactersMax = 200_000

/** All rules about a page that is printed. `isAdvertising` false: only what it carries has to work. */
export function checkPrint(
  context: CheckContext,
  read: { readonly pageCount: number; readonly pages: readonly PrintedPage[] },
  isAdvertising: boolean,
): Finding[] {
  const { pages, pageCount } = read
  const text = textOf(pages)
  const codes = pages.flatMap((page, index) => page.codes.map((code) => ({ ...code, page: index + 1 })))
  const wayOuts = codes.flatMap(({ text: url, page }) => wayOutOf(context, url, { kind: 'page', page, isCode: true }))
  const common = [
    ...checkLinks(context, wayOuts, 'post').filter(({ rule }) => rule !== 'link-of-this-hub'),
    ...(hasUnfilledPlaceholder(text) ? [finding('placeholder-filled.print', noValues)] : []),
    ...(pageCount > pages.length ? [finding('print-pages.some', { looked: pagesMax, pages: pageCount })] : []),
  ]
  if (!isAdvertising) return common
  return [
    ...checkCodes(codes, wayOuts),
    ...checkText(context, text, pages),
    ...checkSender(context, text),
    ...checkPostfilter(context, text),
    ...common,
  ]
}

export function textOf(pages: readonly PrintedPage[]): string {
  return pages.map(({ words }) => words.map((word) => word.text).join('')).join('\n')
}

function wayOutOf(context: CheckContext, url: string, where: Place): readonly FoundWayOut[] {
  const target = readTarget(context, url, '')
  return target === undefined ? [] : [{ url, label: '', target, where }]
}

type SeenCode = { readonly text: string; readonly sideMm: number; readonly page: number }

function checkCodes(codes: readonly SeenCode[], wayOuts: readonly FoundWayOut[]): Finding[] {
  const isOurs = ({ target }: FoundWayOut) => target.kind === 'own' || target.kind === 'own_page'
  if (!wayOuts.some(isOurs)) {
    const count = codes.length
    return [count === 0 ? finding('print-qr.none', noValues) : finding('print-qr.other', { count })]
  }
  const ours = new Set(wayOuts.filter(isOurs).map(({ url }) => url))
  return codes
    .filter(({ text, sideMm }) => ours.has(text) && sideMm < codeSideMmMin)
    .map(({ sideMm, page }) =>
      finding(
        'print-qr-size.small',
        { mm: Math.round(sideMm), least: codeSideMmMin },
        { kind: 'page', page, isCode: false },
      ),
    )
}

function checkText(context: CheckContext, text: string, pages: readonly PrintedPage[]): Finding[] {
  const found: Finding[] = []
  if (!says(stopWords, context.languages, text)) {
    found.push(finding('print-way-out.none', noValues))
  }
  const host = new URL(context.hubUrl).host
  if (!containsHost(text.slice(0, textCharactersMax), host)) {
    found.push(finding('print-link.none', { host }))
  }
  const printed = codesIn([text])
  if (!printed.some((code) => context.codes.has(code))) {
    found.push(finding(printed.length === 0 ? 'print-code.none' : 'print-code.other', noValues))
  }
  const small = smallWayOut(context, pages, host)
  if (small !== undefined) found.push(finding('print-size.small', { points: small, least: pointsMin }))
  return found
}

/** An address broken over two lines comes back with a space or a soft hyphen in it. */
function containsHost(text: string, host: string): boolean {
  return text
    .replace(/[\s\u00ad]+/g, '')
    .toLowerCase()
    .includes(host)
}

/** The size of the smallest piece of text that names the address or one of our codes, when it is too small. */
function smallWayOut(context: CheckContext, pages: readonly PrintedPage[], host: string): number | undefined {
  const sizes = pages
    .flatMap(({ words }) => words)
    .filter(({ text }) => containsHost(text, host) || codesIn([text]).some((code) => context.codes.has(code)))
    .map(({ points }) => points)
  const smallest = Math.min(...sizes)
  return sizes.length > 0 && smallest < pointsMin - 0.05 ? smallest : undefined
}

function checkPostfilter({ brand }: CheckContext, text: string): Finding[] {
  if (brand?.country !== 'NL' || /postfilter\.nl/i.test(text)) return []
  return [finding('print-postfilter.unnamed', noValues)]
}

/** What of a page may name a code of ours: its text and where its QR codes lead. */
export function codeTextsOf(pages: readonly PrintedPage[]): readonly string[] {
  const urls = pages.flatMap(({ codes }) => codes.map(({ text }) => text.split('/').at(-1) ?? ''))
  return [textOf(pages), ...urls.filter((text) => readPrintedCode(text) !== undefined)]
}
