import { createHmac } from 'node:crypto'
import { type ContactPointType, type HashSecrets, type Offer, uuidV7 } from '@verzet/core'
import { findContactPoints } from '../../storage/contact-points.ts'
import { findPrintedCode } from '../../storage/printed-codes.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../../storage/ties.ts'
import type { StandingSubject } from '../amend-standings.ts'
import type { Hub } from '../hub.ts'
import { type OpenedLink, openSealedLink } from '../open-link.ts'
import type { KeyedContactPoint } from '../ports.ts'
import { isDropLink } from './drop.ts'
import type { ReturnMark } from './return-scope.ts'

/** One piece of post that came back, as somebody scanned or typed it. */
export type ReturnedPiece = {
  /** Canonical. */
  readonly code?: string
  /** The address it was sent to, or a customer number. */
  readonly points: readonly KeyedContactPoint[]
  readonly mark: ReturnMark
  /** What stood in the column of marks, or was written on it. */
  readonly words: string
  /** Null when nobody knows: it then counts from its arrival (rule 2). */
  readonly cameBackAt: number | null
}

export type ResolvedReturn = {
  readonly piece: ReturnedPiece
  readonly id: string
  readonly link?: OpenedLink
  /** Whom or what it is about; nobody when the code is none of this hub and there is no address. */
  readonly subjects: readonly StandingSubject[]
  /** What the print offered, by its code or by what the command says of the whole pile. */
  readonly offered: readonly Offer[]
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'linkRing' | 'secrets'>

/** Finds out whose each piece is. `file` tells two undated piles apart: the same file read again is the same pile. */
export async function resolveReturns(
  hub: Parts,
  pieces: readonly ReturnedPiece[],
  known: { readonly offered: readonly Offer[]; readonly file: string },
): Promise<ResolvedReturn[]> {
  const resolved: ResolvedReturn[] = []
  for (const piece of pieces) {
    const sealed = piece.code === undefined ? undefined : await findPrintedCode(hub.db, piece.code)
    const link = sealed && openSealedLink(hub.linkRing, hub.catalog, sealed)
    const subjects = await subjectsOf(hub, piece, link)
    const offered = [...new Set([...known.offered, ...(link?.claims.offered ?? [])])]
    const about = piece.code ?? subjects.map(({ key }) => key).join(' ')
    const id = returnId(hub.secrets, [about, piece.mark, piece.words, piece.cameBackAt ?? known.file], piece.cameBackAt)
    resolved.push({ piece, id, subjects, offered, ...(link && { link }) })
  }
  return resolved
}

/** Made from what it says, so that the same line twice is one piece. */
export function returnId(secrets: HashSecrets, says: readonly unknown[], at: number | null): string {
  const text = JSON.stringify(['returned post', ...says])
  return uuidV7(Math.max(0, at ?? 0), createHmac('sha256', secrets.pepper).update(text).digest())
}

/** What is said of an address is about that address, found through the person where the scan has only a code. */
async function subjectsOf(hub: Parts, piece: ReturnedPiece, link: OpenedLink | undefined): Promise<StandingSubject[]> {
  const given = piece.points.map(asSubject)
  const isOfAddress = piece.mark === 'household' || piece.mark === 'address' || piece.mark === 'sticker'
  const addresses = given.filter(({ type }) => type === 'post')
  if (isOfAddress && addresses.length > 0) return addresses
  const own = link === undefined || isDropLink(link) ? given : [await subjectOfKey(hub, link.claims.contactPointKey)]
  if (!isOfAddress) return own
  const found = await Promise.all(own.map((subject) => homesOf(hub, subject)))
  return [...new Map(found.flat().map((subject) => [subject.key, subject])).values()]
}

async function subjectOfKey({ db }: Parts, key: string): Promise<StandingSubject> {
  const row = (await findContactPoints(db, [key])).get(key)
  return { key, type: row?.type ?? 'post', fingerprint: 0n }
}

/** The addresses of a person; the person where none is known, so that nothing said is lost. */
async function homesOf({ db }: Parts, subject: StandingSubject): Promise<StandingSubject[]> {
  if (subject.type === 'post') return [subject]
  const ties = (await tiesOfContactPoints(db, [subject.key])).filter((tie) => tie.endedAt === null)
  const members = await tiesOfRelations(db, [subject.key, ...ties.map((tie) => tie.relationKey)])
  const keys = members.filter((tie) => tie.endedAt === null).map((tie) => tie.contactKey)
  const points = await findContactPoints(db, [...new Set(keys)])
  const homes = [...points.values()].filter(({ type }) => type === 'post')
  return homes.length === 0 ? [subject] : homes.map(({ key }) => ({ key, type: homeType, fingerprint: 0n }))
}

const homeType: ContactPointType = 'post'

function asSubject({ key, fingerprint, contactPoint }: KeyedContactPoint): StandingSubject {
  return { key, type: contactPoint.type, value: contactPoint.normalised, fingerprint }
}
