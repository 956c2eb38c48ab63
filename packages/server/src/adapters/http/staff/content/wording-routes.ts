import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../../services/brand-settings.ts'
import type { Hub } from '../../../../services/hub.ts'
import { lintCandidate, publishWording } from '../../../../services/page-lint/publish-wording.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow, PublishedWording } from '../../../../storage/catalog.ts'
import { styleHash } from '../../pages/style.ts'
import type { Language } from '../../pages/text.ts'
import { postedField } from '../access.ts'
import { type StaffParts, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import {
  brandInPath,
  contentFormBytesMax,
  languageInPath,
  pathPart,
  sendFramedPage,
  sendFramingPage,
  sendNotThere,
} from './content-parts.ts'
import { differingFields, isOvertaken } from './form-version.tsx'
import { inTurn } from './in-turn.ts'
import { renderSample } from './page-samples.tsx'
import {
  type Catalogues,
  findGroup,
  keysOf,
  originalOf,
  type SampleName,
  sampleNames,
  type TextGroup,
} from './text-groups.ts'
import { renderFindings, renderWording, type WordingModel, wordingPath, wordingRoute } from './wording-page.tsx'

/** What a brand says in its own words, a group of sentences at a time. */
export const wordingRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: wordingRoute, access: 'content', handle: showWording },
  {
    method: 'POST',
    url: wordingRoute,
    access: 'content',
    bodyBytesMax: contentFormBytesMax,
    // What is only tried stores nothing and waits for nobody.
    handle: (parts, request, reply) => {
      const take = () => takeWording(parts, request, reply)
      return isTried(request) ? take() : inTurn(parts.hub, take)
    },
  },
  { method: 'GET', url: `${wordingRoute}/preview`, access: 'content', handle: showPreview },
  { method: 'GET', url: `${wordingRoute}/findings`, access: 'content', handle: showFindings },
]

type Place = { readonly brand: BrandRow; readonly language: Language; readonly group: TextGroup }
type Own = PublishedWording['texts']

function placeOf(parts: StaffParts, request: FastifyRequest): Place | undefined {
  const brand = brandInPath(parts, request)
  const language = languageInPath(request)
  const group = findGroup(pathPart(request, 'group'))
  return brand && language && group && { brand, language, group }
}

function showWording(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const place = placeOf(parts, request)
  if (place === undefined) return sendNotThere(parts, request, reply)
  return send(parts, request, reply, 200, place, { own: wordingOf(place.brand), sample: place.group.sample })
}

async function showPreview(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const place = placeOf(parts, request)
  if (place === undefined) return sendNotThere(parts, request, reply)
  return sendPreview(parts, reply, place, wordingOf(place.brand), place.group.sample)
}

async function showFindings(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const place = placeOf(parts, request)
  if (place === undefined) return sendNotThere(parts, request, reply)
  return sendFindings(parts, request, reply, place, wordingOf(place.brand))
}

function isTried(request: FastifyRequest): boolean {
  return ['preview', 'check'].includes(postedField(request, 'act') ?? '')
}

/** Shows, judges or publishes what was written; only the last stores anything. */
async function takeWording(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const place = placeOf(parts, request)
  if (place === undefined) return sendNotThere(parts, request, reply)
  const own = withWritten(cataloguesOf(parts), request, place)
  const sample = sampleNames.find((name) => name === postedField(request, 'sample')) ?? place.group.sample
  switch (postedField(request, 'act')) {
    case 'preview':
      return sendPreview(parts, reply, place, own, sample)
    case 'check':
      return sendFindings(parts, request, reply, place, own)
    default:
      return publish(parts, request, reply, place, { own, sample })
  }
}

async function publish(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
  shown: { own: Own; sample: SampleName },
): Promise<FastifyReply> {
  const stored = storedIn(parts, place)
  if (isOvertaken(request, stored)) {
    const { language, group } = place
    const catalogues = cataloguesOf(parts)
    const differing = differingFields(
      stored,
      textsOfGroup(catalogues, group, shown.own[language]),
      (_, words) => words,
      (key) => ({ name: originalOf(catalogues, language, key) ?? key, lang: language, nameLang: language }),
    )
    return send(parts, request, reply, 422, place, { ...shown, outcome: { kind: 'overtaken', differing } })
  }
  const actor = staffActor(request.staff?.session.staffId ?? '')
  const outcome = await publishWording(parts.hub, place.brand, shown.own, actor)
  switch (outcome.kind) {
    case 'unusable':
    case 'refused':
      return send(parts, request, reply, 422, place, { ...shown, outcome })
    case 'published':
      return send(parts, request, reply, 200, place, {
        ...shown,
        outcome: { kind: 'published', version: outcome.wording.version },
      })
    case 'unchanged':
      return send(parts, request, reply, 200, place, { ...shown, outcome: { kind: 'unchanged' } })
  }
}

function cataloguesOf({ hub, texts }: StaffParts): Catalogues {
  return { texts, mails: hub.pages.mails }
}

function wordingOf(brand: BrandRow): Own {
  return brand.wording?.texts ?? {}
}

/** What the brand says in this group now, whatever a form was made from. */
function storedIn(parts: StaffParts, { brand, language, group }: Place): Record<string, string> {
  const own = wordingOf(parts.hub.catalog.brand(brand.id) ?? brand)[language]
  return textsOfGroup(cataloguesOf(parts), group, own)
}

function textsOfGroup(catalogues: Catalogues, group: TextGroup, own: Own[string] = {}): Record<string, string> {
  const keys = keysOf(catalogues, group)
  return Object.fromEntries(Object.entries(own).filter(([key]) => keys.some((one) => one === key)))
}

/** The brand's whole wording with this group as it was written; an empty field, or the product's own words, are the product's. */
function withWritten(catalogues: Catalogues, request: FastifyRequest, { brand, language, group }: Place): Own {
  const before = wordingOf(brand)
  const keys = keysOf(catalogues, group)
  const kept = Object.entries(before[language] ?? {}).filter(([key]) => !keys.some((one) => one === key))
  const written = keys.flatMap((key): [string, string][] => {
    const own = (postedField(request, `text ${key}`) ?? '').trim().replaceAll('\r\n', '\n')
    return own === '' || own === originalOf(catalogues, language, key) ? [] : [[key, own]]
  })
  const { [language]: _, ...others } = before
  const all = [...kept, ...written]
  return all.length === 0 ? others : { ...others, [language]: Object.fromEntries(all) }
}

/** A wording that is being tried has no version. */
function tried(brand: BrandRow, texts: Own): BrandRow {
  return { ...brand, wording: { version: 0, texts } }
}

async function sendPreview(
  { hub, texts }: StaffParts,
  reply: FastifyReply,
  { brand, language }: Place,
  own: Own,
  name: SampleName,
): Promise<FastifyReply> {
  const usable = hub.pages.wordingFaults(own).length === 0
  const html = await renderSample(hub, texts, { brand: usable ? tried(brand, own) : brand, language, name })
  // A mail carries its look in every element; in the frame nothing else can come of that.
  const isOwnStyle = name === 'mail'
  const hash = styleHash(name === 'text' ? undefined : brandSettings(brand).accent)
  return sendFramedPage(reply, 200, html, isOwnStyle ? "'unsafe-inline'" : `'${hash}'`)
}

async function sendFindings(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
  own: Own,
): Promise<FastifyReply> {
  const faults = parts.hub.pages.wordingFaults(own)
  const findings = faults.length > 0 ? [] : await findingsOf(parts.hub, place, own)
  const html = renderFindings(staffFrame(parts, request, '/content'), { faults, findings })
  return sendFramedPage(reply, 200, html, `'${styleHash()}'`)
}

function findingsOf(hub: Hub, { brand }: Place, own: Own) {
  return lintCandidate(hub, tried(brand, own))
}

function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { brand, language, group }: Place,
  { own, ...shown }: Pick<WordingModel, 'sample' | 'outcome'> & { own: Own },
): FastifyReply {
  const catalogues = cataloguesOf(parts)
  const lines = keysOf(catalogues, group).map((key) => ({
    key,
    original: originalOf(catalogues, language, key) ?? '',
    own: own[language]?.[key] ?? '',
  }))
  const stored = storedIn(parts, { brand, language, group })
  const frame = staffFrame(parts, request, wordingPath(brand.id, language, group.id))
  return sendFramingPage(reply, status, renderWording({ frame, brand, language, group, lines, stored, ...shown }))
}
