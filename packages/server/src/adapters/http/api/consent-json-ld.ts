import { type Channel, maskContactPoint, type Scope } from '@verzet/core'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { Catalog } from '../../../services/catalog.ts'
import { brandOf } from '../../../services/personal-page.ts'
import { nameOfTopic } from '../../../services/scope-in-words.ts'
import type { ConsentEvent, ConsentRecord, ConsentState } from '../../../services/sign-up/read-consents.ts'
import type { BrandRow } from '../../../storage/catalog.ts'

type JsonLd = { readonly [name: string]: string | boolean | JsonLd | readonly (string | JsonLd)[] }

/** The vocabularies by the prefixes their publisher gives them (W3C DPV 2). */
const context = {
  dpv: 'https://w3id.org/dpv#',
  pd: 'https://w3id.org/dpv/pd#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  loc: 'https://w3id.org/dpv/loc#',
  dct: 'http://purl.org/dc/terms/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

/** The schema version of ISO/IEC TS 27560 §6.3.2: the consent record profile of W3C's guide to it (§2). */
const conformsTo = 'https://w3id.org/dpv/schema/dpv-27560#record'

const storedUntil = 'Until it is withdrawn or the person is erased; the evidence of it by key alone remains.'

const stateNames: Record<ConsentState, string> = {
  requested: 'dpv:ConsentRequested',
  given: 'dpv:ConsentGiven',
  withdrawn: 'dpv:ConsentWithdrawn',
  revoked: 'dpv:ConsentRevoked',
  lapsed: 'dpv:ConsentRequestDeferred',
}

const dataOfChannel: Record<Channel, string> = {
  email: 'pd:EmailAddress',
  sms: 'pd:TelephoneNumber',
  whatsapp: 'pd:TelephoneNumber',
  phone: 'pd:TelephoneNumber',
  post: 'pd:PhysicalAddress',
  push: 'pd:UID',
}

/** Consent records as JSON-LD: the header, processing, party and event fields of ISO/IEC TS 27560 §6.3, in DPV's words. */
export function consentsAsJsonLd(records: readonly ConsentRecord[], catalog: Catalog, hubUrl: string) {
  return { '@context': context, '@graph': records.map((record) => recordAsJsonLd(record, catalog, hubUrl)) }
}

function recordAsJsonLd(record: ConsentRecord, catalog: Catalog, hubUrl: string): JsonLd & { readonly '@id': string } {
  const brand = brandOf(catalog, ...record.scopes.map((scope) => scope.brand))
  const notice = noticeOf(record, brand)
  return {
    '@id': `urn:uuid:${record.id}`,
    '@type': 'dpv:ConsentRecord',
    'dct:conformsTo': { '@id': conformsTo },
    'dct:identifier': record.id,
    'dpv:hasDataSubject': { '@type': 'dpv:DataSubject', 'dct:identifier': record.subjectKey, ...contactOf(record) },
    'dpv:hasConsentStatus': { '@id': stateNames[record.state] },
    ...(notice && { 'dpv:hasNotice': notice }),
    'dpv:hasProcess': record.scopes.map((scope) => processOf(record, scope, brand, catalog, hubUrl)),
    // In order, as an audit reads them.
    'dpv:hasStatus': record.events.map((event) => eventAsJsonLd(record, event, brand)),
  }
}

/** Masked: the record says which address it is about to who knows it, and gives it to nobody else. */
function contactOf({ contactPoint }: ConsentRecord): JsonLd {
  if (contactPoint === undefined || contactPoint.value === null) return {}
  const { type, value } = contactPoint
  return { 'dpv:hasContact': maskContactPoint({ type, normalised: value }) }
}

function noticeOf({ words }: ConsentRecord, brand: BrandRow | undefined): JsonLd | undefined {
  const privacyUrl = words?.privacyUrl ?? (brand && brandSettings(brand).privacyUrl)
  if (words === undefined && privacyUrl === undefined) return undefined
  return {
    '@type': words === undefined ? 'dpv:PrivacyNotice' : 'dpv:ConsentNotice',
    ...(words && { 'dct:language': words.language, 'dct:description': words.shown }),
    ...(words?.version !== undefined && { 'dct:hasVersion': String(words.version) }),
    ...(privacyUrl && { 'dct:source': { '@id': privacyUrl } }),
  }
}

/** An absent part of a scope means all; the purpose then says no more than direct marketing. */
function processOf(
  record: ConsentRecord,
  scope: Scope,
  brand: BrandRow | undefined,
  catalog: Catalog,
  hubUrl: string,
): JsonLd {
  const topic = brand && scope.topic ? catalog.topic(brand.id, scope.topic) : undefined
  const language = record.words?.language ?? 'en'
  const channels = scope.channel === undefined ? [] : [scope.channel]
  return {
    '@type': 'dpv:Process',
    'dpv:hasPurpose': {
      '@type': 'dpv:Purpose',
      'skos:broader': { '@id': 'dpv:DirectMarketing' },
      ...(scope.topic && { 'dct:identifier': scope.topic }),
      ...(topic && { 'dct:title': nameOfTopic(topic, language) }),
    },
    'dpv:hasLegalBasis': { '@id': 'eu-gdpr:A6-1-a' },
    'dpv:hasPersonalData': [...new Set(channels.map((channel) => dataOfChannel[channel]))].map((id) => ({ '@id': id })),
    ...(scope.channel && { 'dpv:hasService': scope.channel }),
    ...(brand && {
      'dpv:hasDataController': controllerOf(brand),
      'dpv:hasJurisdiction': { '@id': `loc:${brand.country}` },
    }),
    ...(record.source && { 'dpv:hasDataSource': record.source }),
    'dpv:hasRecipient': [],
    'dpv:hasStorageCondition': { '@type': 'dpv:StorageDuration', 'dct:description': storedUntil },
    // GDPR art. 7(3): as easy to withdraw as to give. Every message carries a link besides.
    'dpv:hasConsentControl': { '@type': 'dpv:WithdrawConsent', 'dct:source': { '@id': `${hubUrl}/opt-out` } },
    'dpv:hasRight': [{ '@id': 'eu-gdpr:A7-3' }, { '@id': 'eu-gdpr:A21' }],
  }
}

function controllerOf(brand: BrandRow): JsonLd {
  const { postalAddress, contactEmail } = brandSettings(brand)
  return {
    '@type': 'dpv:DataController',
    'dct:identifier': brand.id,
    'dpv:hasName': brand.controller,
    ...(postalAddress && { 'dpv:hasAddress': postalAddress }),
    ...(contactEmail && { 'dpv:hasContact': `mailto:${contactEmail}` }),
  }
}

function eventAsJsonLd(record: ConsentRecord, event: ConsentEvent, brand: BrandRow | undefined): JsonLd {
  const ended = event.scopes?.flatMap(({ topic }) => topic ?? [])
  return {
    '@type': stateNames[event.state],
    ...(event.at !== null && {
      'dct:date': { '@type': 'xsd:dateTime', '@value': new Date(event.at).toISOString() },
    }),
    'dpv:hasLegalBasis': { '@id': 'dpv:ExpressedConsent' },
    'dpv:isIndicatedBy': event.by === 'controller' ? (brand?.controller ?? 'controller') : nameOfParty(record, event),
    ...(event.state === 'given' && { 'dpv:hasIndicationMethod': record.signal, 'dct:valid': 'until withdrawn' }),
    ...(ended && ended.length > 0 && { 'dct:subject': ended }),
  }
}

function nameOfParty(record: ConsentRecord, { by }: ConsentEvent): string {
  return by === 'person' ? record.subjectKey : by
}
