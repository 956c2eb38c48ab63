import { assertNever } from '@verzet/core'
import { noValues } from '../../services/finding-text.ts'
import type { Hub } from '../../services/hub.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import { type OpenedLink, openMailLink, openPathLink, openSealedLink } from '../../services/open-link.ts'
import type { BrandRow, TopicRow } from '../../storage/catalog.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { listEvidence } from '../../storage/evidence-log.ts'
import { findPrintedCode } from '../../storage/printed-codes.ts'
import { mailBytesMax, pdfBytesMax, scriptCharactersMax, smsCharactersMax } from './check-limits.ts'
import { type CheckKind, type Severity, severities } from './check-rules.ts'
import { checkEmail } from './email/check-email.ts'
import { verifySignatures } from './email/dkim-rules.ts'
import { headerWayOuts, recipientsOf } from './email/header-rules.ts'
import { type ReadEmail, readEmail, valuesOf } from './email/read-email.ts'
import { wayOutsOf } from './email/way-out-rules.ts'
import { type Finding, finding } from './finding.ts'
import type { FetchPage } from './follow/fetch-page.ts'
import { followWayOuts } from './follow/follow-way-outs.ts'
import { type FoundWayOut, withoutRepeats } from './link-rules.ts'
import { checkPhone } from './phone/check-phone.ts'
import { checkPrint, codeTextsOf } from './print/check-print.ts'
import { readPages } from './print/read-pages.ts'
import { checkSms } from './sms/check-sms.ts'
import { type CheckContext, codesIn } from './way-out-target.ts'
import { languagesFor } from './words.ts'

export type MessageToCheck = {
  readonly kind: CheckKind
  readonly message: Buffer
  /** Without it the only brand there is. */
  readonly brand?: string
  /** Whether it is advertising is the topic's to say; without a topic it is. */
  readonly topic?: string
  /** Words are then accepted in this language alone. */
  readonly language?: string
  /** The sender of an SMS. */
  readonly sender?: string
  /** A DKIM record or a public key in PEM, to verify a mail's signature with. */
  readonly dkimKey?: string
}

export type CheckReport = {
  readonly kind: CheckKind
  /** False when a finding is an error. */
  readonly mayLeave: boolean
  readonly errors: number
  readonly warnings: number
  /** The errors first, then the warnings, then the notes. */
  readonly findings: readonly Finding[]
}

export type CheckOutcome =
  | { readonly kind: 'checked'; readonly report: CheckReport }
  | { readonly kind: 'unknown_brand' | 'unknown_topic' }
  | { readonly kind: 'too_large'; readonly bytesMax: number }

export type CheckParts = Pick<Hub, 'db' | 'catalog' | 'linkRing' | 'secrets' | 'place'>

const bytesMax: Readonly<Record<CheckKind, number>> = {
  email: mailBytesMax,
  print: pdfBytesMax,
  // UTF-8 takes up to four bytes a character.
  sms: smsCharactersMax * 4,
  phone: scriptCharactersMax * 4,
}

/**
 * Whether a message is fit to leave. Reads what the hub knows and writes nothing. It asks no network unless `fetchPage`
 * is given: then the ways out of a mail are followed, which is for whoever runs the check and not for callers of the API.
 */
export async function checkMessage(
  parts: CheckParts,
  wanted: MessageToCheck,
  fetchPage?: FetchPage,
): Promise<CheckOutcome> {
  if (wanted.message.length > bytesMax[wanted.kind]) return { kind: 'too_large', bytesMax: bytesMax[wanted.kind] }
  const brand = brandOf(parts, wanted.brand)
  if (wanted.brand !== undefined && brand === undefined) return { kind: 'unknown_brand' }
  const topic = topicOf(parts, brand, wanted.topic)
  if (wanted.topic !== undefined && topic === undefined) return { kind: 'unknown_topic' }
  const context: CheckContext = {
    hubUrl: parts.place.url,
    mailDomain: parts.place.mailDomain,
    openPath: (token) => openPathLink(parts.linkRing, parts.catalog, token),
    openMail: (localPart) => openMailLink(parts.linkRing, parts.catalog, localPart),
    codes: new Map(),
    brand,
    languages: languagesFor(wanted.language),
  }
  const found = await findingsOf({ ...parts, fetchPage }, context, wanted, topic?.purpose !== 'service')
  const unknown = brand === undefined ? [finding('brand-known.unnamed', noValues)] : []
  return { kind: 'checked', report: reportOf(wanted.kind, [...found, ...unknown]) }
}

function brandOf({ catalog }: CheckParts, id: string | undefined): BrandRow | undefined {
  if (id !== undefined) return catalog.brand(id)
  const brands = catalog.brands()
  return brands.length === 1 ? brands[0] : undefined
}

function topicOf({ catalog }: CheckParts, brand: BrandRow | undefined, id: string | undefined): TopicRow | undefined {
  return id === undefined || brand === undefined ? undefined : catalog.topic(brand.id, id)
}

type AskedParts = CheckParts & { readonly fetchPage: FetchPage | undefined }

async function findingsOf(
  parts: AskedParts,
  context: CheckContext,
  { kind, message, sender, dkimKey }: MessageToCheck,
  isAdvertising: boolean,
): Promise<readonly Finding[]> {
  switch (kind) {
    case 'email':
      return checkMail(parts, context, message, isAdvertising, dkimKey)
    case 'print':
      return checkPdf(parts, context, message, isAdvertising)
    case 'sms':
    case 'phone': {
      const text = readUtf8(message)
      if (text === undefined) return [finding('message-readable.text', noValues)]
      if (kind === 'phone') return isAdvertising ? checkPhone(context, text) : []
      const codes = await openCodes(parts, codesIn(text.split('/')))
      return checkSms({ ...context, codes }, text, { sender, isAdvertising })
    }
    default:
      return assertNever(kind)
  }
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

async function checkMail(
  parts: AskedParts,
  context: CheckContext,
  bytes: Buffer,
  isAdvertising: boolean,
  dkimKey: string | undefined,
): Promise<readonly Finding[]> {
  const email = readEmail(bytes)
  if (email.kind === 'unreadable') return [finding('message-readable.mail', { reason: email.reason })]
  const urls = email.parts.flatMap(({ light }) => light.links.map(({ url }) => url))
  const codes = await openCodes(
    parts,
    codesIn([...urls, ...valuesOf(email, 'list-unsubscribe')].flatMap((url) => url.split(/[/#?<>]/))),
  )
  const known = { ...context, codes }
  const isForRecipient = await recipientTest(parts, known, email)
  const found = checkEmail(known, email, { isAdvertising, isForRecipient })
  const signatures = dkimKey === undefined ? [] : await verifySignatures(email, dkimKey)
  const wayOuts = [...headerWayOuts(known, email), ...wayOutsOf(known, email)]
  const followed = parts.fetchPage === undefined ? [] : await followWatched(parts.db, parts.fetchPage, wayOuts)
  return [...found, ...signatures, ...followed]
}

/** Every word and act leaves an entry in the evidence, so a link that changed nothing left none. */
async function followWatched(
  db: CheckParts['db'],
  fetchPage: FetchPage,
  wayOuts: readonly FoundWayOut[],
): Promise<readonly Finding[]> {
  const own = wayOuts.flatMap(({ target }) => (target.kind === 'own' ? [target.link.claims.contactPointKey] : []))
  const entries = async () => (await listEvidence(db, [...new Set(own)])).length
  const before = await entries()
  const found = await followWayOuts(fetchPage, wayOuts)
  const isHarmless = (await entries()) === before
  return isHarmless ? found : [...found, finding('link-harmless.recorded', noValues)]
}

/** A link made for a customer number, say, cannot be held against an address, and is not. */
async function recipientTest(
  { db, secrets }: CheckParts,
  context: CheckContext,
  email: ReadEmail,
): Promise<(wayOut: FoundWayOut) => boolean | undefined> {
  const recipients = new Set(
    recipientsOf(email).flatMap((value) => {
      const named = keyContactPoint(secrets, { type: 'email', value })
      return named.kind === 'ok' ? [named.keyed.key] : []
    }),
  )
  const links = [...headerWayOuts(context, email), ...wayOutsOf(context, email)]
  const keys = new Set(
    links.flatMap(({ target }) => (target.kind === 'own' ? [target.link.claims.contactPointKey] : [])),
  )
  const points = await findContactPoints(db, [...keys])
  return ({ target }) => {
    if (target.kind !== 'own' || recipients.size === 0) return undefined
    const { contactPointKey } = target.link.claims
    if (recipients.has(contactPointKey)) return true
    return points.get(contactPointKey)?.type === 'email' ? false : undefined
  }
}

async function checkPdf(
  parts: CheckParts,
  context: CheckContext,
  bytes: Buffer,
  isAdvertising: boolean,
): Promise<readonly Finding[]> {
  const read = await readPages(bytes)
  if (read.kind === 'unreadable') {
    const key = read.reason === 'too_long' ? 'message-readable.slow' : 'message-readable.pdf'
    return [finding(key, noValues)]
  }
  const codes = await openCodes(parts, codesIn(codeTextsOf(read.pages)))
  return checkPrint({ ...context, codes }, read, isAdvertising)
}

async function openCodes(parts: CheckParts, codes: readonly string[]): Promise<ReadonlyMap<string, OpenedLink>> {
  const opened = new Map<string, OpenedLink>()
  for (const code of codes) {
    const sealed = await findPrintedCode(parts.db, code)
    const link = sealed && openSealedLink(parts.linkRing, parts.catalog, sealed)
    if (link !== undefined) opened.set(code, link)
  }
  return opened
}

function reportOf(kind: CheckKind, found: readonly Finding[]): CheckReport {
  const findings = withoutRepeats(found).toSorted(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
  )
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length
  return { kind, mayLeave: count('error') === 0, errors: count('error'), warnings: count('warning'), findings }
}
