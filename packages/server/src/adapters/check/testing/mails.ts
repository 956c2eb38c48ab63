import { mailbox, page } from './context.ts'

export type MailPieces = {
  readonly from?: string
  readonly to?: string
  /** Header fields in place of the list fields of a mail that is right. */
  readonly fields?: readonly string[]
  readonly html?: string
  readonly text?: string
}

export const listFields = [
  `List-Unsubscribe: <${page}>,\r\n <mailto:${mailbox}@weg.acme.example>`,
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'List-Id: <nieuws.acme.weg.acme.example>',
]

const link = (url: string, words: string, style = 'color:#0b5d3b') => `<a href="${url}" style="${style}">${words}</a>`

export const waysOut = `<p style="background:#ffffff">${link(`${page}#stop`, 'Geen reclame meer')} · ${link(`${page}#preferences`, 'Mijn voorkeuren aanpassen')}</p>`
export const imprint = '<p>Acme NV, Kerkstraat 1, 9000 Gent · info@acme.example</p>'

/** A body with what is given between its two ways out. */
export function htmlWith(middle: string, head = ''): string {
  const words = '<p>Beste klant, deze week is er van alles te doen in onze winkels.</p>'.repeat(30)
  return `<!doctype html><html lang="nl"><head><style>${head}</style></head><body>${middle}${words}${middle}${imprint}</body></html>`
}

const textWaysOut = `Geen reclame meer:\n${page}#stop\nMijn voorkeuren aanpassen:\n${page}#preferences\n`
export const rightText = `${textWaysOut}\n${'Beste klant, deze week is er van alles te doen.\n'.repeat(30)}\n${textWaysOut}\nAcme NV, Kerkstraat 1, 9000 Gent\n`

/** A mail that is right in every respect but for what is given. */
export function mailWith(pieces: MailPieces = {}): Buffer {
  const { from = 'Acme <nieuws@acme.example>', to = 'jan@voorbeeld.be', fields = listFields } = pieces
  const { html = htmlWith(waysOut), text = rightText } = pieces
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Nieuws',
    'MIME-Version: 1.0',
    ...fields,
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--b--',
    '',
  ]
  return Buffer.from(lines.join('\n').replace(/\r?\n/g, '\r\n'), 'utf8')
}
