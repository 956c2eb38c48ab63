import type { MailContent } from '../../services/compose-mail.ts'
import { momentInWords } from '../http/pages/wording.ts'
import type { MailTranslate } from './mail-catalogue.ts'
import type { MailBlock } from './mail-html.ts'

type AlertContent = Extract<MailContent, { kind: 'privacy_alert' }>

const sayings = { never_signed_up: 'alert.never_signed_up', spam: 'alert.spam' } as const

/** To the privacy officer: what people said, and where to see who. It names nobody, since mail is read by many. */
export function alertSubject({ alerts, brand }: AlertContent, text: MailTranslate): string {
  return text('alert.subject', { count: alerts.length, brand: brand.name })
}

export function alertBody(content: AlertContent, text: MailTranslate): readonly MailBlock[] {
  const { alerts, brand, language, timeZone } = content
  const items = alerts.flatMap(({ kinds, raisedAt, topic, campaign }) =>
    kinds.map((kind) =>
      text('alert.line', {
        moment: momentInWords(new Date(raisedAt), language, timeZone),
        said: text(sayings[kind]),
        topic: topic ?? text('alert.none'),
        campaign: campaign ?? text('alert.none'),
      }),
    ),
  )
  return [
    { kind: 'paragraph', text: text('alert.explained', { count: alerts.length, brand: brand.name }) },
    { kind: 'list', items },
    ...(content.isMore ? [{ kind: 'paragraph', text: text('alert.more') } as const] : []),
    { kind: 'paragraph', text: text('alert.todo') },
  ]
}
