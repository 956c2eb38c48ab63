import { assertNever } from '@verzet/core'
import type { MailContent } from '../../services/compose-mail.ts'
import type { AlternativeLink } from '../../services/leaving/leaving-message.ts'
import { dayInWords } from '../http/pages/wording.ts'
import type { MailTranslate } from './mail-catalogue.ts'
import type { MailBlock } from './mail-html.ts'

const paragraph = (text: string): MailBlock => ({ kind: 'paragraph', text })

/**
 * What was said and that it holds, the one button that says it was meant, and only then the alternatives, as plain links:
 * never before the exit nor larger than it. `stopped` is the sentence for what was refused.
 */
export function leavingBody(
  content: Extract<MailContent, { kind: 'leaving' }>,
  stopped: string,
  text: MailTranslate,
): readonly MailBlock[] {
  const { page, question, alternatives, language, timeZone } = content
  const date = dayInWords(new Date(content.saidAt), language, timeZone)
  const asked: readonly MailBlock[] =
    question === undefined
      ? []
      : [
          paragraph(text('leaving.meant')),
          { kind: 'button', label: text('leaving.confirm'), url: question },
          ...(alternatives.length === 0 ? [] : [paragraph(text('leaving.instead'))]),
          ...alternatives.map((one): MailBlock => ({ kind: 'link', label: labelOf(one, text), url: one.url })),
          { kind: 'link', label: text('leaving.stay'), url: `${question}#stay` },
        ]
  return [
    paragraph(`${text('stopped.when', { date })} ${stopped} ${text('stopped.since')}`),
    paragraph(text('stopped.nothingToDo')),
    ...asked,
    paragraph(text('stopped.service')),
    paragraph(text('stopped.notYou')),
    { kind: question === undefined ? 'button' : 'link', label: text('page.button'), url: page },
  ]
}

export function reminderSubject(
  content: Extract<MailContent, { kind: 'pause_reminder' }>,
  text: MailTranslate,
): string {
  const date = dayInWords(new Date(content.until), content.language, content.timeZone)
  return text('reminder.subject', { brand: content.brand.name, date })
}

/** Asked for by the person, and not a word more than they asked for. */
export function reminderBody(
  content: Extract<MailContent, { kind: 'pause_reminder' }>,
  text: MailTranslate,
): readonly MailBlock[] {
  const date = dayInWords(new Date(content.until), content.language, content.timeZone)
  return [
    paragraph(text('reminder.ends', { brand: content.brand.name, date })),
    paragraph(text('reminder.choose')),
    { kind: 'button', label: text('page.button'), url: content.page },
    paragraph(text('reminder.asked')),
  ]
}

function labelOf({ alternative, label, topic }: AlternativeLink, text: MailTranslate): string {
  if (label !== undefined) return label
  switch (alternative.kind) {
    case 'pause':
      return text('alternative.pause', { days: alternative.days })
    case 'pause_until':
      return text('alternative.pauseUntil')
    case 'less':
      return text('alternative.less', { max: alternative.max, per: alternative.per })
    case 'digest':
      return text('alternative.digest', { topic: topic ?? '' })
    case 'fewer_topics':
      return text('alternative.topics')
    case 'other_channel':
      return text('alternative.channel', { channel: alternative.channel })
    case 'other_address':
      return text('alternative.address')
    default:
      return assertNever(alternative)
  }
}
