import { assertNever } from '@verzet/core'
import type { BrandKit, KitBlock, KitPiece } from '../../services/brand-kit.ts'

export const kitFormats = ['text', 'markdown', 'html'] as const
export type KitFormat = (typeof kitFormats)[number]

/** One piece as it is pasted. */
export function showPiece(piece: KitPiece, format: KitFormat): string {
  const blocks = piece.blocks.map((block) => showBlock(block, format))
  const title = piece.title === undefined ? [] : [showTitle(piece.title, format)]
  return [...title, ...blocks].join(format === 'html' ? '\n' : '\n\n')
}

/** The whole kit for reading: each piece under its name, with what has to be filled in. */
export function showKit(kit: BrandKit, format: KitFormat): string {
  return kit.pieces.map((piece) => `${showHeading(headingOf(piece), format)}\n${showPiece(piece, format)}`).join('\n\n')
}

function headingOf({ id, sms }: KitPiece): string {
  if (sms === undefined) return id
  const left = `${sms.charactersLeft} of one message left`
  return `${id} (${sms.characters} characters, ${sms.segments} segment${sms.segments === 1 ? '' : 's'}; ${left})`
}

function showHeading(heading: string, format: KitFormat): string {
  switch (format) {
    case 'text':
      return `=== ${heading} ===`
    case 'markdown':
      return `## ${heading}\n`
    case 'html':
      return `<!-- ${escapeHtml(heading)} -->`
    default:
      return assertNever(format)
  }
}

function showTitle(title: string, format: KitFormat): string {
  switch (format) {
    case 'text':
      return title
    case 'markdown':
      return `### ${escapeMarkdown(title)}`
    case 'html':
      return `<h2>${escapeHtml(title)}</h2>`
    default:
      return assertNever(format)
  }
}

function showBlock(block: KitBlock, format: KitFormat): string {
  if (block.kind === 'text') {
    switch (format) {
      case 'text':
        return block.text
      case 'markdown':
        return escapeMarkdown(block.text)
      case 'html':
        return `<p>${escapeHtml(block.text)}</p>`
      default:
        return assertNever(format)
    }
  }
  switch (format) {
    case 'text':
      return block.links.map(({ label, url }) => `${label}: ${url}`).join('\n')
    case 'markdown':
      return block.links.map(({ label, url }) => `[${escapeMarkdown(label)}](${url})`).join(' · ')
    case 'html':
      return `<p>${block.links.map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`).join(' · ')}</p>`
    default:
      return assertNever(format)
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Names and addresses come from outside: none of their signs may turn into markup. Placeholders stay whole. */
function escapeMarkdown(text: string): string {
  return text
    .split(/(\{\{\w+\}\})/)
    .map((part) => (/^\{\{\w+\}\}$/.test(part) ? part : part.replace(/[\\`*_[\]<>#|]/g, '\\$&')))
    .join('')
}
