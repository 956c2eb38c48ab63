import { readPrintedCode } from '@verzet/core'
import type { MailLanguage } from '../../services/mail-language.ts'
import type { OpenedLink } from '../../services/open-link.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import { preferenceWords, says, stopWords } from './words.ts'

/** What is known of this hub while a message is checked. */
export type CheckContext = {
  /** Origin of the hub, without a slash at its end. */
  readonly hubUrl: string
  readonly mailDomain: string
  readonly openPath: (token: string) => OpenedLink | undefined
  readonly openMail: (localPart: string) => OpenedLink | undefined
  /** The links behind the printed codes that the message names. */
  readonly codes: ReadonlyMap<string, OpenedLink>
  readonly brand: BrandRow | undefined
  readonly languages: readonly MailLanguage[]
}

export type WayOutChoice = 'stop' | 'preferences'

/** Where a way out leads. */
export type WayOutTarget =
  | {
      readonly kind: 'own'
      readonly link: OpenedLink
      readonly offers: readonly WayOutChoice[]
      readonly isHubHost: boolean
    }
  /** A page of this hub that asks who somebody is. */
  | { readonly kind: 'own_page'; readonly offers: readonly WayOutChoice[] }
  /** It looks like a link of this hub and does not open. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'foreign'; readonly host: string; readonly offers: readonly WayOutChoice[] }

const both: readonly WayOutChoice[] = ['stop', 'preferences']

/** What a link is as a way out; undefined for the others. A foreign one is told by its words. */
export function readTarget(context: CheckContext, address: string, label: string): WayOutTarget | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.protocol === 'mailto:') return mailTarget(context, url, label)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  const isHubHost = url.host === new URL(context.hubUrl).host
  const [, door = '', name = ''] = url.pathname.split('/')
  const isDoor = door === 'u' || door === 'c'
  const link = isDoor ? openDoor(context, door, name) : undefined
  if (link !== undefined) return { kind: 'own', link, offers: offersOf(url.hash), isHubHost }
  if (isHubHost && door === 'c' && name === '') return { kind: 'own_page', offers: both }
  if (isHubHost && door === 'opt-out') return { kind: 'own_page', offers: both }
  if (isHubHost && isDoor) return { kind: 'broken' }
  return foreignTarget(context, url.host, `${label} ${url.pathname}`)
}

/** The page behind a link offers both; its two fragments name one each. */
function offersOf(fragment: string): readonly WayOutChoice[] {
  if (fragment === '#stop') return ['stop']
  return fragment === '#preferences' ? ['preferences'] : both
}

function openDoor(context: CheckContext, door: 'u' | 'c', name: string): OpenedLink | undefined {
  if (door === 'u') return context.openPath(name)
  const code = readPrintedCode(name)
  return code === undefined ? undefined : context.codes.get(code)
}

function mailTarget(context: CheckContext, url: URL, label: string): WayOutTarget | undefined {
  const [localPart = '', host = ''] = url.pathname.split('@')
  // Nothing can be sent to an address without a domain: it is no way out (RFC 6068 §2).
  if (host === '') return undefined
  const link = context.openMail(localPart)
  const isHubHost = host.toLowerCase() === context.mailDomain.toLowerCase()
  if (link !== undefined) return { kind: 'own', link, offers: ['stop'], isHubHost }
  if (isHubHost) return { kind: 'broken' }
  return foreignTarget(context, host, `${label} ${url.search}`)
}

function foreignTarget(context: CheckContext, host: string, words: string): WayOutTarget | undefined {
  const isStop = says(stopWords, context.languages, words)
  const isPreferences = says(preferenceWords, context.languages, words)
  if (!isStop && !isPreferences) return undefined
  return { kind: 'foreign', host, offers: both.filter((one) => (one === 'stop' ? isStop : isPreferences)) }
}

/** The codes of this hub that a text may name, for looking them up before the rules are asked. */
export function codesIn(texts: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const text of texts) {
    for (const match of text.matchAll(/(?<![\w-])[\dA-Za-z]{5}[- ]?[\dA-Za-z]{5}(?![\w-])/g)) {
      const code = readPrintedCode(match[0])
      if (code !== undefined && found.size < codesLookedUpMax) found.add(code)
    }
  }
  return [...found]
}

/** Words of ten letters pass for a code one time in 29; a letter of some pages has a few dozen such words. */
const codesLookedUpMax = 200
