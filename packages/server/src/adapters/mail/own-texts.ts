import { assertNever } from '@verzet/core'
import type { ScopeInWords } from '../../services/scope-in-words.ts'
import type { OwnTexts, TextContent } from '../../services/texts/compose-text.ts'
import { loadMailCatalogues, type MailCatalogues, type MailTranslate } from './mail-catalogue.ts'

/** The hub's own text messages in words. Their sentences keep to GSM 03.38, so that none is sent as UCS-2 of 70 signs. */
export function loadOwnTexts(localesDir: string): OwnTexts {
  return ownTextsOf(loadMailCatalogues(localesDir))
}

export function ownTextsOf(catalogues: MailCatalogues): OwnTexts {
  return { render: (content) => wordsOf(content, catalogues.for(content.language, content.ownWords)) }
}

function wordsOf(content: TextContent, text: MailTranslate): string {
  const { brand, controller, url } = content
  switch (content.kind) {
    case 'stopped':
      return stopped(content.scope, { brand, url }, text)
    case 'leaving':
      return text('sms.leaving', { brand, url })
    case 'start':
      return text('sms.start', { brand, url })
    case 'help':
      return text('sms.help', { brand, controller, url })
    case 'confirm_start':
      return text('sms.confirmStart', { brand, url })
    case 'help_stranger':
      return text('sms.helpStranger', { brand, controller, url })
    case 'start_stranger':
      return text('sms.startStranger', { brand, url })
    case 'start_stranger_no_sign_up':
      return text('sms.startStrangerNoSignUp', { brand, url })
    case 'confirm_sign_up':
      return text('sms.signUp', { brand, url })
    default:
      return assertNever(content)
  }
}

function stopped(scope: ScopeInWords, values: { brand: string; url: string }, text: MailTranslate): string {
  switch (scope.kind) {
    case 'all':
    case 'brand':
      return text('sms.stoppedAll', values)
    case 'topic':
    case 'topic_channel':
      return text('sms.stoppedTopic', { ...values, topic: scope.topic })
    case 'channel':
      return text('sms.stoppedChannel', values)
    default:
      return assertNever(scope)
  }
}
