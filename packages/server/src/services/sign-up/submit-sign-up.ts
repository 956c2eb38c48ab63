import { type Channel, type ContactPointType, channelsServedBy } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import { countryFor } from '../country-for.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import { chooseMailLanguage } from '../mail-language.ts'
import type { RandomBytes } from '../ports.ts'
import type { SubmissionFault } from '../submit-choice.ts'
import { type AskedSignUp, askSignUp } from './ask-sign-up.ts'
import { type ConsentWords, currentConsentWords, readConsentTexts } from './consent-texts.ts'

/** A sign-up as a form or another system reports it. */
export type SubmittedSignUp = {
  readonly contactPoint: { readonly type: ContactPointType; readonly value: string }
  readonly brand: string
  readonly topics: readonly string[]
  /** The first one that the contact point serves, when absent. */
  readonly channel?: Channel
  /** What the words were read in; the first language of the brand's country, when absent. */
  readonly language?: string
  /** Where the person signed up. */
  readonly source?: string
  /** What the person read; the brand's present words in that language, when absent. */
  readonly textShown?: string
}

export type SignUpOutcome = AskedSignUp | { readonly kind: 'refused'; readonly faults: readonly SubmissionFault[] }

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets'>

/** Checks a sign-up and asks its address to confirm it. The same answer whether the address is known or not. */
export async function submitSignUp(
  { db, catalog, secrets }: Parts,
  signUp: SubmittedSignUp,
  given: { readonly now: number; readonly random: RandomBytes },
): Promise<SignUpOutcome> {
  const { type } = signUp.contactPoint
  const named = keyContactPoint(secrets, signUp.contactPoint, countryFor(catalog, signUp.brand))
  const channel = signUp.channel ?? channelsServedBy(type)[0] ?? 'email'
  const language = signUp.language ?? chooseMailLanguage([], catalog.brand(signUp.brand)?.country ?? '')
  const words = await wordsOf(db, signUp, language)
  const faults = [
    ...(named.kind === 'ok' ? [] : [{ path: ['contactPoint', 'value'], code: named.reason, hint: named.hint }]),
    ...contactFaults(type, channel),
    ...topicFaults(catalog, signUp),
    ...(words === undefined ? [noWords] : []),
  ]
  if (faults.length > 0 || named.kind !== 'ok' || words === undefined) return { kind: 'refused', faults }
  const { brand, source } = signUp
  const topics = [...new Set(signUp.topics)]
  const asked = { contactPoint: named.keyed, brand, topics, channel, language, words, ...(source && { source }) }
  return transact(db, (tx) => askSignUp(tx, given.random, asked, given.now))
}

async function wordsOf(db: Parts['db'], signUp: SubmittedSignUp, language: string): Promise<ConsentWords | undefined> {
  const { brand, textShown } = signUp
  if (textShown === undefined) return currentConsentWords(db, brand, language)
  // A form that was open while the words changed names the version it showed.
  const version = (await readConsentTexts(db, brand)).findLast((one) => one.texts[language] === textShown)
  if (version === undefined) return { shown: textShown }
  const { privacyUrl } = version
  return { shown: textShown, version: version.version, ...(privacyUrl !== undefined && { privacyUrl }) }
}

/** What is confirmed by a message has to be sent one. */
function contactFaults(type: ContactPointType, channel: Channel): SubmissionFault[] {
  if (type !== 'email' && type !== 'phone') {
    const hint = 'Give an e-mail address or a phone number: a sign-up is confirmed by a message to it.'
    return [{ path: ['contactPoint', 'type'], code: 'cannot_confirm', hint }]
  }
  if (channelsServedBy(type).includes(channel)) return []
  const hint = `Nobody is reached on this channel at such a contact point; leave it out, or use ${channelsServedBy(type).join(', ')}.`
  return [{ path: ['channel'], code: 'channel_mismatch', hint }]
}

function topicFaults(catalog: Parts['catalog'], { brand, topics }: SubmittedSignUp): SubmissionFault[] {
  if (catalog.brand(brand) === undefined) {
    const hint = 'There is no such brand; GET /v1/brands lists them.'
    return [{ path: ['brand'], code: 'unknown_brand', hint }]
  }
  const isAskable = (id: string) => catalog.topic(brand, id)?.purpose === 'marketing'
  if (topics.length > 0 && topics.every(isAskable)) return []
  const hint = 'Name marketing topics of the brand, one at least: a consent says what it is for (GDPR art. 4(11)).'
  return [{ path: ['topics'], code: 'unknown_topic', hint }]
}

const noWords: SubmissionFault = {
  path: ['textShown'],
  code: 'no_consent_text',
  hint: 'Send the words the person read as textShown, or give the brand words of its own in that language first.',
}
