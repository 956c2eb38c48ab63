import type { Channel, ContactPointType } from '@verzet/core'
import type { Language, Translate } from './text.ts'

/** Belgian habits where a language has them: the product's first readers live in Brussels' time zone. */
const locales: Record<Language, string> = { nl: 'nl-BE', fr: 'fr-BE', de: 'de-BE', en: 'en-GB' }

const formats = new Map<string, Intl.DateTimeFormat>()

/** `3 december 2026`, in the reader's language and time zone. */
export function dayInWords(at: Date, language: Language, timeZone: string): string {
  return frenchFirst(formatFor(language, timeZone, false).format(at), language)
}

/** `3 december 2026 om 14:05`, in the reader's language and time zone. */
export function momentInWords(at: Date, language: Language, timeZone: string): string {
  return frenchFirst(formatFor(language, timeZone, true).format(at), language)
}

/** `2026-12-03`, the value of a date input, as the day is in the reader's time zone. */
export function dayForInput(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(at)
    .reduce((found, part) => found.set(part.type, part.value), new Map<string, string>())
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}

/** The name of a channel inside a sentence. */
export function channelName(channel: Channel, text: Translate): string {
  return text('channel', { channel })
}

/** `e-mail, sms, telefoon en post`. */
export function channelList(channels: readonly Channel[], text: Translate, language: Language): string {
  return new Intl.ListFormat(locales[language], { type: 'conjunction' }).format(
    channels.map((channel) => channelName(channel, text)),
  )
}

export function contactPointName(type: ContactPointType, text: Translate): string {
  return text('contactPoint', { type })
}

export function sentenceCase(words: string, language: Language): string {
  const first = words.slice(0, 1)
  return first.toLocaleUpperCase(locales[language]) + words.slice(1)
}

function formatFor(language: Language, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  const name = `${language} ${timeZone} ${withTime}`
  const known = formats.get(name)
  if (known !== undefined) return known
  const style = withTime ? ({ dateStyle: 'long', timeStyle: 'short' } as const) : ({ dateStyle: 'long' } as const)
  const made = new Intl.DateTimeFormat(locales[language], { ...style, timeZone })
  formats.set(name, made)
  return made
}

/** French writes the first of a month as an ordinal, which Intl does not. */
function frenchFirst(words: string, language: Language): string {
  return language === 'fr' ? words.replace(/^1 /, '1er ') : words
}
