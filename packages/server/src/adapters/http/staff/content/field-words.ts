import { languages, type TextKey, type Translate } from '../../pages/text.ts'
import { pledgeField } from './brand-page.tsx'
import { choiceInWords, fieldTexts } from './form-fields.tsx'
import { type DifferingField, differingFields } from './form-version.tsx'

type Values = Readonly<Record<string, string>>

const brandTexts: Readonly<Record<string, TextKey>> = {
  ...fieldTexts,
  postalAddress: 'content.field.postalAddress',
  siteOrigins: 'content.field.siteOrigins',
  oneClick: 'content.field.oneClick',
  policy: 'content.field.policy',
}
const pledgePrefix = pledgeField('')

/** Where the form of a brand says something else than what is stored, each value as the form shows it. */
export function brandDifferences(text: Translate, stored: Values, typed: Values): DifferingField[] {
  const isPledge = (field: string) => field.startsWith(pledgePrefix)
  const isChosen = (field: string) => field === 'oneClick' || field === 'policy'
  const inWords = (field: string, value: string) => {
    if (isPledge(field)) return value === '' ? '' : text('content.ticked')
    return (isChosen(field) ? choiceInWords(text, value) : undefined) ?? value
  }
  const nameOf = (field: string) => {
    if (isPledge(field)) return `${text('content.field.pledgedRegisters')}: ${field.slice(pledgePrefix.length)}`
    const known = brandTexts[field]
    return known === undefined ? field : text(known)
  }
  return differingFields(stored, typed, inWords, (field) => ({ name: nameOf(field) }))
}

/** The same of a topic. */
export function topicDifferences(text: Translate, stored: Values, typed: Values): DifferingField[] {
  const inWords = (field: string, value: string) =>
    field === 'purpose' && (value === 'marketing' || value === 'service') ? text(`content.purpose.${value}`) : value
  const nameOf = (field: string) => {
    const language = languages.find((one) => field === `name.${one}`)
    return language === undefined
      ? text('content.topic.purpose')
      : `${text('content.topic.name')}, ${text(`content.in.${language}`)}`
  }
  return differingFields(stored, typed, inWords, (field) => ({ name: nameOf(field) }))
}
