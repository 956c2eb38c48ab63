import { assertNever } from '@verzet/core'
import type { MailContent, MailTexts } from '../../services/compose-mail.ts'
import type { ScopeInWords } from '../../services/scope-in-words.ts'
import { checkedAccent } from '../http/pages/accent.ts'
import { dayInWords } from '../http/pages/wording.ts'
import { alertBody, alertSubject } from './alert-texts.ts'
import { leavingBody, reminderBody, reminderSubject } from './leaving-texts.ts'
import { loadMailCatalogues, type MailCatalogues, type MailTranslate } from './mail-catalogue.ts'
import { type MailBlock, mailAsHtml, mailAsText } from './mail-html.ts'

/** The hub's own mails in words, from `locales/mail`. */
export function loadMailTexts(localesDir: string): MailTexts {
  return mailTextsOf(loadMailCatalogues(localesDir))
}

export function mailTextsOf(catalogues: MailCatalogues): MailTexts {
  return {
    render(content) {
      const text = catalogues.for(content.language, content.ownWords)
      const subject = subjectOf(content, text)
      const blocks = [...bodyOf(content, text), footer(content, text)]
      const accent = checkedAccent(content.brand.accent).light
      return {
        subject,
        text: mailAsText(blocks, content.language),
        html: mailAsHtml(blocks, { language: content.language, title: subject, accent }),
      }
    },
  }
}

function subjectOf(content: MailContent, text: MailTranslate): string {
  const brand = content.brand.name
  switch (content.kind) {
    case 'acknowledgement':
      return text('stopped.subject', { brand })
    case 'confirm_contact_point':
      return text('address.subject', { brand })
    case 'confirm_lift':
      return text('lift.subject', { brand })
    case 'confirm_erasure':
      return text('erase.subject', { controller: content.controller.name })
    case 'confirm_sign_up':
      return text('signUp.subject', { brand })
    case 'opt_out_notice':
    case 'leaving':
      return text('stopped.subject', { brand })
    case 'pause_reminder':
      return reminderSubject(content, text)
    case 'privacy_alert':
      return alertSubject(content, text)
    default:
      return assertNever(content)
  }
}

const paragraph = (text: string): MailBlock => ({ kind: 'paragraph', text })

function bodyOf(content: MailContent, text: MailTranslate): readonly MailBlock[] {
  switch (content.kind) {
    case 'acknowledgement':
      return acknowledgement(content, text)
    case 'confirm_contact_point':
      return contactPoint(content, text)
    case 'confirm_lift':
      return lift(content, text)
    case 'confirm_erasure':
      return erasure(content, text)
    case 'confirm_sign_up':
      return signUp(content, text)
    case 'opt_out_notice':
      return optOutNotice(content, text)
    case 'leaving':
      return leavingBody(content, stoppedInWords(content.scope, text), text)
    case 'pause_reminder':
      return reminderBody(content, text)
    case 'privacy_alert':
      return alertBody(content, text)
    default:
      return assertNever(content)
  }
}

function acknowledgement(
  content: Extract<MailContent, { kind: 'acknowledgement' }>,
  text: MailTranslate,
): readonly MailBlock[] {
  const date = dayOf(content, content.saidAt)
  return [
    paragraph(`${text('stopped.when', { date })} ${stoppedInWords(content.scope, text)} ${text('stopped.since')}`),
    paragraph(text('stopped.nothingToDo')),
    paragraph(text('stopped.service')),
    paragraph(text('stopped.notYou')),
    { kind: 'button', label: text('page.button'), url: content.page },
  ]
}

function contactPoint(
  content: Extract<MailContent, { kind: 'confirm_contact_point' }>,
  text: MailTranslate,
): readonly MailBlock[] {
  const date = dayOf(content, content.expiresAt)
  return [
    paragraph(text('address.asked', { controller: content.controller.name, brand: content.brand.name })),
    paragraph(
      content.moves ? text('address.moves', { date, brand: content.brand.name }) : text('address.explained', { date }),
    ),
    { kind: 'button', label: text('address.button'), url: content.confirm },
    paragraph(text('address.ignore')),
  ]
}

function lift(content: Extract<MailContent, { kind: 'confirm_lift' }>, text: MailTranslate): readonly MailBlock[] {
  const date = dayOf(content, content.expiresAt)
  const { refused } = content
  const before: readonly MailBlock[] =
    refused.length === 0
      ? []
      : [paragraph(text('lift.refused')), { kind: 'list', items: refused.map((one) => scopeName(one, text)) }]
  return [
    ...before,
    paragraph(refused.length === 0 ? text('lift.asked') : text('lift.askedAgain')),
    { kind: 'list', items: content.wanted.map((one) => scopeName(one, text)) },
    paragraph(text('lift.explained', { date })),
    { kind: 'button', label: text('lift.button'), url: content.confirm },
    paragraph(text('lift.ignore')),
    { kind: 'link', label: text('page.button'), url: content.page },
  ]
}

function erasure(
  content: Extract<MailContent, { kind: 'confirm_erasure' }>,
  text: MailTranslate,
): readonly MailBlock[] {
  const date = dayOf(content, content.expiresAt)
  return [
    paragraph(text('erase.asked', { controller: content.controller.name })),
    paragraph(text('erase.explained', { date })),
    paragraph(text('erase.kept')),
    { kind: 'button', label: text('erase.button'), url: content.confirm },
    paragraph(text('erase.ignore')),
    { kind: 'link', label: text('page.button'), url: content.page },
  ]
}

function signUp(content: Extract<MailContent, { kind: 'confirm_sign_up' }>, text: MailTranslate): readonly MailBlock[] {
  return [
    paragraph(text('signUp.asked', { brand: content.brand.name })),
    { kind: 'list', items: content.wanted.map((one) => scopeName(one, text)) },
    paragraph(text('lift.explained', { date: dayOf(content, content.expiresAt) })),
    { kind: 'button', label: text('signUp.button'), url: content.confirm },
    paragraph(text('lift.ignore')),
  ]
}

function optOutNotice(
  content: Extract<MailContent, { kind: 'opt_out_notice' }>,
  text: MailTranslate,
): readonly MailBlock[] {
  const date = dayOf(content, content.saidAt)
  return [
    paragraph(`${text('notice.when', { date })} ${stoppedInWords(content.scope, text)} ${text('stopped.since')}`),
    paragraph(text('stopped.nothingToDo')),
    paragraph(text('stopped.service')),
    paragraph(text('notice.wider')),
    { kind: 'button', label: text('page.button'), url: content.page },
    paragraph(text('notice.notYou', { date: dayOf(content, content.undoUntil) })),
    { kind: 'link', label: text('notice.undo'), url: content.undo },
  ]
}

function footer(content: MailContent, text: MailTranslate): MailBlock {
  const { controller } = content
  const lines = [
    text('footer.automatic', { controller: controller.name, brand: content.brand.name }),
    ...(controller.contactEmail === undefined ? [] : [text('footer.question', { email: controller.contactEmail })]),
    ...(controller.postalAddress === undefined ? [] : [controller.postalAddress]),
  ]
  return { kind: 'small', text: lines.join('\n') }
}

function dayOf(content: MailContent, at: number): string {
  return dayInWords(new Date(at), content.language, content.timeZone)
}

/** One full sentence a case: "you will get no more …". */
function stoppedInWords(scope: ScopeInWords, text: MailTranslate): string {
  switch (scope.kind) {
    case 'all':
      return text('stopped.all', { controller: scope.controller })
    case 'brand':
      return text('stopped.brand', { brand: scope.brand })
    case 'channel':
      return text('stopped.channel', { channel: scope.channel, sender: scope.sender })
    case 'topic':
      return text('stopped.topic', { topic: scope.topic })
    case 'topic_channel':
      return text('stopped.topicChannel', { topic: scope.topic, channel: scope.channel })
    default:
      return assertNever(scope)
  }
}

/** The same as an item of a list: "all advertising by …". */
function scopeName(scope: ScopeInWords, text: MailTranslate): string {
  switch (scope.kind) {
    case 'all':
      return text('scope.all', { controller: scope.controller })
    case 'brand':
      return text('scope.brand', { brand: scope.brand })
    case 'channel':
      return text('scope.channel', { channel: scope.channel, sender: scope.sender })
    case 'topic':
      return text('scope.topic', { topic: scope.topic })
    case 'topic_channel':
      return text('scope.topicChannel', { topic: scope.topic, channel: scope.channel })
    default:
      return assertNever(scope)
  }
}
