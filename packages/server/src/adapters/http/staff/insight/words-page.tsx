import {
  type Comment as CommentOf,
  type CommentSearch,
  type Comments,
  commentsMax,
  tagCharactersMax,
} from '../../../../services/insight/comments.ts'
import { withoutContacts } from '../../../../services/insight/keywords.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { BrandField, InsightDoors, KeptFields, PeriodFields } from './insight-form.tsx'
import type { Numbers } from './insight-numbers.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'
import type { NameOfValue } from './insight-words.ts'

export type WordsModel = {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly brands: readonly BrandRow[]
  readonly search: CommentSearch
  readonly comments: Comments
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
  /** Whether this reader may see who wrote it. */
  readonly seesPeople: boolean
}

/** What people wrote: the words they share, a search, and the comments themselves, each with its tags. */
export function renderWords(model: WordsModel): string {
  const { frame, query, comments } = model
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('insight.words')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('insight.words')}</h1>
        <InsightDoors frame={frame} query={query} isOn="/insight/words" />
        <p>{text('insight.words.text')}</p>
        <SearchForm {...model} />
        <Keywords {...model} />
        <Tags {...model} />
      </section>
      <section class="card stack" aria-labelledby="found">
        <h2 id="found">{text('insight.words.found', { found: comments.found, total: comments.total })}</h2>
        {comments.isCut ? <p class="hint">{text('insight.words.cut', { max: commentsMax })}</p> : null}
        {comments.found > comments.shown.length ? (
          <p class="hint">{text('insight.words.first', { shown: comments.shown.length })}</p>
        ) : null}
        <ul class="plain">
          {comments.shown.map((comment) => (
            <Comment {...model} comment={comment} key={comment.choiceId} />
          ))}
        </ul>
      </section>
    </StaffPage>,
  )
}

function SearchForm({ frame, query, brands, search }: WordsModel) {
  const { text } = frame
  return (
    <form class="asking" method="get" action="/insight/words">
      <KeptFields query={query} asks={['brand', 'from', 'to']} />
      {brands.length === 1 ? null : <BrandField frame={frame} brands={brands} chosen={query.brand} />}
      <div class="field">
        <label for="word">{text('insight.words.search')}</label>
        <input id="word" name="word" type="search" value={search.word} maxLength={100} />
      </div>
      <PeriodFields frame={frame} query={query} />
      <button class="button first" type="submit">
        {text('insight.words.find')}
      </button>
    </form>
  )
}

function Keywords({ frame, query, comments, numbers }: WordsModel) {
  const { text } = frame
  if (comments.keywords.length === 0) return <p>{text('insight.words.none')}</p>
  return (
    <>
      <h2>{text('insight.words.shared')}</h2>
      <ul class="row-links">
        {comments.keywords.map(({ word, language, comments: places }) => (
          <li key={`${language} ${word}`}>
            <a href={insightHref('/insight/words', query, { word })}>
              <span>
                <span lang={language}>{word}</span> ({numbers.count(places.length)})
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

function Tags({ frame, query, comments, numbers }: WordsModel) {
  if (comments.tags.length === 0) return null
  return (
    <>
      <h2>{frame.text('insight.tags')}</h2>
      <ul class="row-links">
        {comments.tags.map(({ tag, count }) => (
          <li key={tag}>
            <a href={insightHref('/insight/words', query, { tag })}>
              <span>
                {tag} ({numbers.count(count)})
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

function Comment({ frame, query, search, comment, numbers, nameOf, seesPeople }: WordsModel & { comment: CommentOf }) {
  const { text } = frame
  const field = `tag-${comment.choiceId}`
  return (
    <li class="comment stack">
      <blockquote lang={comment.language}>{withoutContacts(comment.comment)}</blockquote>
      <p class="hint">
        {numbers.day(comment.recordedAt.toISOString().slice(0, 10))}
        {comment.reason === null ? '' : ` · ${nameOf('reason', comment.reason)}`}
        {comment.topic === null ? '' : ` · ${nameOf('topic', comment.topic)}`}
        {seesPeople ? (
          <>
            {' · '}
            <a href={`/people/${comment.subjectKey}${frame.search}`}>{text('insight.words.person')}</a>
          </>
        ) : null}
      </p>
      <form class="tagging" method="post" action={insightHref('/insight/words', query, { ...search })}>
        <FormToken frame={frame} path="/insight/words" />
        <input type="hidden" name="subject" value={comment.subjectKey} />
        <input type="hidden" name="choice" value={comment.choiceId} />
        {comment.tags.map((tag) => (
          <button type="submit" name="off" value={tag} class="tag" key={tag}>
            {tag} <span aria-hidden="true">×</span>
            <span class="out-of-sight">{text('insight.tag.off')}</span>
          </button>
        ))}
        <label for={field}>{text('insight.tag')}</label>
        <input id={field} name="tag" maxLength={tagCharactersMax} autocomplete="off" />
        <button type="submit" class="small-button">
          {text('insight.tag.on')}
        </button>
      </form>
    </li>
  )
}
