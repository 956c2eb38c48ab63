import type { EvidenceEntry } from '@verzet/core'
import { z } from 'zod'
import type { PersonEvent, PersonFile } from '../../../../services/people/person-file.ts'
import { readConsents } from '../../../../services/sign-up/read-consents.ts'
import type { StoredChoice } from '../../../../storage/choices.ts'
import { consentsAsJsonLd } from '../../api/consent-json-ld.ts'
import type { StaffParts } from '../staff-reading.ts'

/** Raised when a member changes its meaning; new members come without. */
export const copyVersion = 1

const isoTime = (at: number | Date) => new Date(at).toISOString()

/**
 * Everything the hub holds about a person in a form a program reads (GDPR art. 15(3) and 20(1)), the consents as records
 * of ISO/IEC TS 27560. Evidence stands by id and hash. Who of staff did something is left out: they have rights as well.
 */
export async function personCopy({ hub }: StaffParts, file: PersonFile) {
  const now = hub.clock()
  const consents = await readConsents(hub.db, file.subjects, now)
  return {
    format: 'verzet-person',
    version: copyVersion,
    madeAt: isoTime(now),
    controllers: [...new Set(hub.catalog.brands().map(({ controller }) => controller))],
    numbers: file.relations.map((relation) => ({
      customerNumber: relation.externalId,
      name: relation.name,
      language: relation.language,
      country: relation.country,
      customerSince: relation.customerSince,
      knownSince: isoTime(relation.createdAt),
    })),
    contactPoints: file.person.contactPoints.map(({ key, type, value, confirmedAt }) => ({
      key,
      type,
      value,
      confirmedAt: confirmedAt === null ? null : isoTime(confirmedAt),
    })),
    history: file.events.toReversed().map(showEvent),
    consents: consentsAsJsonLd(consents, hub.catalog, hub.place.url),
  }
}

function showEvent(event: PersonEvent) {
  const base = { at: isoTime(event.at), subject: event.subjectKey }
  switch (event.kind) {
    case 'entry': {
      const { kind, choice, evidence, mail, leaving } = event.entry
      return {
        ...base,
        kind,
        ...(choice && { choice: showChoice(choice) }),
        ...(leaving && { leaving }),
        ...(mail && { mail: { kind: mail.kind, sent: mail.sentAt !== undefined } }),
        ...(kind === 'staff_act' && evidence && { act: actIn(evidence) }),
        ...(evidence && { evidence: { id: evidence.id, sha256: evidence.hash } }),
      }
    }
    case 'call': {
      const { outcome, answer, rightOffered, brand, topic } = event.call
      return { ...base, kind: 'call', outcome, answer, rightOffered, brand, topic }
    }
    case 'send': {
      const { brand, channel, topic } = event.send
      return { ...base, kind: 'message', brand, channel, topic }
    }
    case 'text':
      return { ...base, kind: 'text', text: { kind: event.text.kind, sent: event.text.sentAt !== null } }
    case 'sign_up': {
      const { brand, topics, channel, textShown, confirmedAt } = event.signUp
      return { ...base, kind: 'sign_up', brand, topics, channel, textShown, isConfirmed: confirmedAt !== null }
    }
  }
}

const actBody = z.object({ details: z.object({ act: z.string() }) })

/** What a member of staff did: looked, exported, merged. Not who, nor whom else it was about. */
function actIn({ body }: EvidenceEntry): string | undefined {
  return actBody.safeParse(JSON.parse(body)).data?.details.act
}

function showChoice(choice: StoredChoice) {
  const { signal, source, reason, comment, origin } = choice.context
  return {
    kind: choice.kind,
    scope: choice.scope,
    author: choice.author,
    saidAt: choice.saidAt === null ? null : isoTime(choice.saidAt),
    ...(choice.kind === 'pause' && { until: isoTime(choice.until) }),
    ...(choice.kind === 'cadence' && { cadence: choice.cadence }),
    ...(choice.withdrawnAt !== null && { withdrawnAt: isoTime(choice.withdrawnAt) }),
    signal,
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    ...(comment !== undefined && { comment }),
    ...(origin !== undefined && { origin }),
  }
}
