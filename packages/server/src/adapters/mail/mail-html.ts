import { assertNever } from '@verzet/core'
import type { MailLanguage } from '../../services/mail-language.ts'
import { beforeAddress } from './way-out-labels.ts'

/** One piece of a mail, the same in its text and its HTML part. */
export type MailBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'button'; readonly label: string; readonly url: string }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** Who sent it and why, below everything else. */
  | { readonly kind: 'small'; readonly text: string }

export function mailAsText(blocks: readonly MailBlock[], language: MailLanguage): string {
  const parts = blocks.map((block) => {
    switch (block.kind) {
      case 'paragraph':
        return block.text
      case 'list':
        return block.items.map((item) => `- ${item}`).join('\n')
      case 'button':
      case 'link':
        return `${beforeAddress(block.label, language)}\n${block.url}`
      case 'small':
        return `--\n${block.text}`
      default:
        return assertNever(block)
    }
  })
  return `${parts.join('\n\n')}\n`
}

const fontStack = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

/**
 * A mail that needs no image, no style sheet and nothing fetched: it reads the same in a client that drops half of it.
 * Colours hold 4.5:1 on white (WCAG 2.2, 1.4.3); the button is 48 px high (2.5.8).
 */
export function mailAsHtml(
  blocks: readonly MailBlock[],
  page: { readonly language: string; readonly title: string; readonly accent: string },
): string {
  const title = escapeHtml(page.title)
  const body = blocks.map((block) => blockAsHtml(block, page.accent)).join('\n')
  return `<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff">
<div role="article" lang="${page.language}" aria-label="${title}" style="max-width:36rem;margin:0 auto;padding:24px 16px;font:16px/1.5 ${fontStack};color:#1d2226">
${body}
</div>
</body>
</html>
`
}

function blockAsHtml(block: MailBlock, accent: string): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="margin:0 0 16px">${escapeHtml(block.text)}</p>`
    case 'list':
      return `<ul style="margin:0 0 16px;padding-left:24px">${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
    case 'button':
      return `<p style="margin:24px 0"><a href="${escapeHtml(block.url)}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:${accent};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(block.label)}</a></p>`
    case 'link':
      return `<p style="margin:0 0 16px"><a href="${escapeHtml(block.url)}" style="color:${accent}">${escapeHtml(block.label)}</a></p>`
    case 'small':
      return `<p style="margin:32px 0 0;padding-top:16px;border-top:1px solid #d5d5d5;font-size:14px;color:#4a5258">${escapeHtml(block.text).replaceAll('\n', '<br>')}</p>`
    default:
      return assertNever(block)
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
