import { type Queryable, transact } from '../../storage/database.ts'
import {
  type CommentRow,
  type CommentTag,
  deleteCommentTag,
  insertCommentTag,
  listComments,
  listLanguagesOf,
} from '../../storage/insight-people.ts'
import type { Hub } from '../hub.ts'
import { appendStaffAct } from '../staff/staff-evidence.ts'
import { type Period, startOf } from './days.ts'
import { type Keyword, keywordsOf, languagesOfWords, matches, oneLanguage, type Written } from './keywords.ts'
import { mapInTurns } from './map-in-turns.ts'

/** What is read and grouped at once; a year of a large brand has more, and the page says so. */
export const commentsMax = 5_000
const keywordsMax = 40
/** As many as somebody reads in one go. */
const shownMax = 100
/** A word or two. */
export const tagCharactersMax = 40

export type Comment = CommentRow & Written

export type Comments = {
  readonly keywords: readonly Keyword[]
  readonly shown: readonly Comment[]
  readonly found: number
  readonly total: number
  readonly isCut: boolean
  readonly tags: readonly { readonly tag: string; readonly count: number }[]
}

export type CommentSearch = { readonly word?: string; readonly tag?: string }

/** What people wrote in a period: grouped by the words they share, searched, and by tag. */
export async function readComments(
  { insightDb }: Pick<Hub, 'insightDb'>,
  brand: string,
  { from, to }: Period,
  { word, tag }: CommentSearch,
): Promise<Comments> {
  const until = new Date(startOf(to) + 86_400_000)
  const rows = await listComments(insightDb, { brand, from: new Date(startOf(from)), to: until, limit: commentsMax })
  const all = await withLanguages(insightDb, rows)
  const found = all.filter(
    (one) => (word === undefined || matches(one, word)) && (tag === undefined || one.tags.includes(tag)),
  )
  const counts = new Map<string, number>()
  for (const one of all) for (const name of one.tags) counts.set(name, (counts.get(name) ?? 0) + 1)
  return {
    keywords: await keywordsOf(all, keywordsMax),
    shown: found.slice(0, shownMax),
    found: found.length,
    total: all.length,
    isCut: all.length === commentsMax,
    tags: [...counts].map(([name, count]) => ({ tag: name, count })).sort((a, b) => b.count - a.count),
  }
}

/** Who wrote it is looked up only where the words themselves do not tell their language: most do. */
async function withLanguages(db: Queryable, rows: readonly CommentRow[]): Promise<Comment[]> {
  const told = await mapInTurns(rows, ({ comment }) => languagesOfWords(comment))
  const unsure = rows.filter((_, at) => told[at]?.length !== 1).map(({ subjectKey }) => subjectKey)
  const known = await listLanguagesOf(db, unsure)
  return rows.map((row, at) => ({ ...row, language: oneLanguage(told[at] ?? [], known.get(row.subjectKey) ?? null) }))
}

/** A tag as it is kept: in small letters, so that one idea is one tag; undefined where nothing is left of it. */
export function readTag(text: string): string | undefined {
  const tag = text.replace(/\s+/g, ' ').trim().toLowerCase().slice(0, tagCharactersMax)
  return tag === '' ? undefined : tag
}

/** Puts a tag on a comment, or takes it off. The evidence has which comment and who; the words of the tag it has not. */
export async function tagComment(
  { db, clock, random }: Pick<Hub, 'db' | 'clock' | 'random'>,
  tag: CommentTag,
  isOn: boolean,
  actor: string,
): Promise<void> {
  const now = clock()
  await transact(db, async (tx) => {
    const isChanged = await (isOn ? insertCommentTag(tx, tag, actor, now) : deleteCommentTag(tx, tag))
    if (!isChanged) return
    const act = isOn ? 'comment_tagged' : 'comment_untagged'
    await appendStaffAct(tx, random, { staffId: tag.subjectKey, act, actor, object: tag.choiceId }, now)
  })
}
