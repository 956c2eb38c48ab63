import { isOwnMailText, mailWordsPrefix } from '../../../../services/own-mail-words.ts'
import type { BrandPages } from '../../../../services/page-lint/brand-pages.ts'
import type { Language, TextKey, Texts } from '../../pages/text.ts'

export const sampleNames = [
  'preferences',
  'stopped',
  'paused',
  'confirm',
  'signUp',
  'signUpConfirm',
  'optOut',
  'optOutDone',
  'code',
  'problem',
  'mail',
  'text',
] as const
/** A page as a person of the brand would get it, to look at while its sentences are written. */
export type SampleName = (typeof sampleNames)[number]

/** Sentences that are written together, because people read them together, with the page that shows most of them. */
export type TextGroup = {
  readonly id: string
  readonly title: TextKey
  readonly sample: SampleName
  /** The first parts of the names of its sentences; of those of mails and texts, after `mail.`. */
  readonly prefixes: readonly string[]
  readonly isOfMails?: true
}

/** Every sentence a recipient reads is in one of these; what staff reads is in none, and is not the brand's to word. */
export const textGroups: readonly TextGroup[] = [
  {
    id: 'stop',
    title: 'content.group.stop',
    sample: 'preferences',
    prefixes: ['stopAll', 'stillComes', 'stopped', 'narrow', 'stopOnly', 'stopTopic', 'stopChannel', 'brought'],
  },
  { id: 'less', title: 'content.group.less', sample: 'preferences', prefixes: ['less', 'pause', 'grid', 'change'] },
  {
    id: 'page',
    title: 'content.group.page',
    sample: 'preferences',
    prefixes: ['page', 'skip', 'language', 'channel', 'contactPoint', 'notice', 'stands', 'right', 'contact'],
  },
  { id: 'person', title: 'content.group.person', sample: 'preferences', prefixes: ['person', 'points', 'erase'] },
  { id: 'done', title: 'content.group.done', sample: 'stopped', prefixes: ['done', 'undo', 'reminder'] },
  { id: 'leaving', title: 'content.group.leaving', sample: 'stopped', prefixes: ['leaving', 'alternative'] },
  { id: 'reason', title: 'content.group.reason', sample: 'stopped', prefixes: ['reason'] },
  { id: 'confirm', title: 'content.group.confirm', sample: 'confirm', prefixes: ['confirm'] },
  { id: 'sign-up', title: 'content.group.signUp', sample: 'signUp', prefixes: ['signUp'] },
  { id: 'opt-out', title: 'content.group.optOut', sample: 'optOut', prefixes: ['optOut'] },
  { id: 'paper', title: 'content.group.paper', sample: 'code', prefixes: ['code', 'problem', 'ways'] },
  {
    id: 'mail-stop',
    title: 'content.group.mailStop',
    sample: 'mail',
    prefixes: ['stopped', 'page', 'leaving', 'alternative', 'footer', 'scope'],
    isOfMails: true,
  },
  {
    id: 'mail-confirm',
    title: 'content.group.mailConfirm',
    sample: 'mail',
    prefixes: ['address', 'lift', 'erase', 'signUp', 'notice', 'reminder'],
    isOfMails: true,
  },
  { id: 'texts', title: 'content.group.texts', sample: 'text', prefixes: ['sms'], isOfMails: true },
  { id: 'kit', title: 'content.group.kit', sample: 'preferences', prefixes: ['kit'] },
]

export function findGroup(id: string): TextGroup | undefined {
  return textGroups.find((group) => group.id === id)
}

export type Catalogues = { readonly texts: Texts; readonly mails: BrandPages['mails'] }

/** The names of a group's sentences, as a wording has them, in the order of the catalogue. */
export function keysOf({ texts, mails }: Catalogues, { prefixes, isOfMails }: TextGroup): readonly string[] {
  const isOfGroup = (key: string) => prefixes.includes(key.split('.', 1)[0] ?? '')
  if (!isOfMails) return texts.keys.filter(isOfGroup)
  return mails.keys.filter((key) => isOfGroup(key) && isOwnMailText(key)).map((key) => `${mailWordsPrefix}${key}`)
}

/** The product's own sentence. */
export function originalOf({ texts, mails }: Catalogues, language: Language, key: string): string | undefined {
  if (!key.startsWith(mailWordsPrefix)) return texts.message(language, key)
  return mails.message(language, key.slice(mailWordsPrefix.length))
}
