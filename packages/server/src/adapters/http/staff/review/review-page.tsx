import type { Catalog } from '../../../../services/catalog.ts'
import type { Board, BoardItem } from '../../../../services/review/read-board.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { whatInWords } from '../desk/stands-in-words.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { DecideForm } from './decide-form.tsx'

export type ReviewProblem = 'already_decided' | 'nobody_named' | 'unreadable' | 'no_scope' | 'too_late' | 'failed'

export type ReviewModel = {
  readonly frame: StaffFrame
  readonly board: Board
  readonly catalog: Pick<Catalog, 'brand' | 'brands' | 'topic' | 'topics'>
  readonly now: number
  /** What was done just before. */
  readonly done?: { readonly item: string; readonly decision: 'opt_out' | 'narrow' | 'not_a_no' | 'undone' }
  /** What went wrong, and with which item, and what had been filled in. */
  readonly problem?: { readonly item: string; readonly kind: ReviewProblem; readonly typed?: TypedDecision }
}

export type TypedDecision = { readonly contact: string; readonly scope: string; readonly note: string }

const problems = {
  already_decided: 'review.problem.alreadyDecided',
  nobody_named: 'review.problem.nobodyNamed',
  unreadable: 'review.problem.unreadable',
  no_scope: 'review.problem.noScope',
  too_late: 'review.problem.tooLate',
  failed: 'review.problem.failed',
} as const satisfies Record<ReviewProblem, TextKey>

/** The item somebody just failed with comes first for the eyes and the keys, else the most urgent one. */
export function renderReview(model: ReviewModel): string {
  const { frame, board, problem } = model
  const { text } = frame
  const focused = board.open.find(({ row }) => row.id === problem?.item) ?? board.open[0]
  const isElsewhere = problem !== undefined && focused?.row.id !== problem.item
  return renderDocument(
    <StaffPage frame={frame} title={text('review.title')} script="/review/keys.js">
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('review.title')}</h1>
        <Done {...model} />
        {isElsewhere ? (
          <div class="error" role="alert">
            <p>{text(problems[problem.kind])}</p>
            {/* The form is gone with the item; what was written for it is not. */}
            {problem.typed === undefined || problem.typed.note === '' ? null : (
              <p>
                {text('review.note')}: {problem.typed.note}
              </p>
            )}
          </div>
        ) : null}
        <p>{text('review.count', { open: board.openCount, overdue: board.overdueCount })}</p>
        {board.openCount === 0 ? null : <p class="hint keys-hint">{text('review.keys')}</p>}
      </section>
      {board.open.map((item) => (
        <Item {...model} item={item} hasFocus={item === focused} key={item.row.id} />
      ))}
      {board.openCount > board.open.length ? (
        <p class="hint">{text('review.more', { count: board.openCount - board.open.length })}</p>
      ) : null}
      <Decided {...model} />
      <PassedOver {...model} />
    </StaffPage>,
  )
}

function Done({ frame, done, board }: ReviewModel) {
  if (done === undefined) return null
  const { text } = frame
  const mayUndo = board.decided.some((item) => item.row.id === done.item && item.mayUndo)
  return (
    <div class="state row" role="status">
      <p>{text('review.done', { decision: done.decision })}</p>
      {mayUndo ? <UndoForm frame={frame} item={done.item} id="undo" /> : null}
    </div>
  )
}

type UndoFormProps = { frame: StaffFrame; item: string; id?: string; label?: 'review.undo' | 'review.takeUp' }

function UndoForm({ frame, item, id, label = 'review.undo' }: UndoFormProps) {
  const { text, search } = frame
  return (
    <form method="post" action={`/review/undo${search}`}>
      <FormToken frame={frame} path="/review/undo" />
      <input type="hidden" name="item" value={item} />
      <button type="submit" class="button" id={id}>
        {id === undefined ? null : <kbd>U</kbd>} {text(label)}
      </button>
    </form>
  )
}

function Item(props: ReviewModel & { item: BoardItem; hasFocus: boolean }) {
  const { frame, item, now, problem, hasFocus } = props
  const { text, language, timeZone } = frame
  const { row, masked } = item
  const title = `item-${row.id}`
  const fault = problem?.item === row.id ? problem.kind : undefined
  const moment = (at: Date) => momentInWords(at, language, timeZone)
  return (
    <article class="card stack" aria-labelledby={title} data-item={row.id} tabIndex={-1} autofocus={hasFocus}>
      <h2 id={title}>
        {masked.length === 0 ? text('review.nobody') : masked.join(', ')}{' '}
        {row.dueAt.getTime() <= now ? <Overdue frame={frame} /> : null}
      </h2>
      <p class="hint">
        {text('review.heard', { source: row.source, moment: moment(row.arrivedAt) })}{' '}
        {text('review.reason', { reason: row.reason })}{' '}
        <strong>
          {text('review.due', { left: timeLeft(row.dueAt.getTime() - now, frame), moment: moment(row.dueAt) })}
        </strong>
      </p>
      {row.excerpt === null ? (
        <p class="quiet-text">{text('review.forgotten')}</p>
      ) : (
        <blockquote class="words" lang={row.language ?? undefined}>
          {row.excerpt}
        </blockquote>
      )}
      {item.maskedSender === undefined || masked.includes(item.maskedSender) ? null : (
        <p class="hint">{text('review.sender', { sender: item.maskedSender })}</p>
      )}
      <p>
        {row.proposedScope === null
          ? text('review.silence.none')
          : text('review.silence', { what: whatInWords(row.proposedScope, props.catalog, frame) })}
      </p>
      <DecideForm
        {...props}
        fault={fault}
        words={fault && text(problems[fault])}
        typed={fault === undefined ? undefined : problem?.typed}
      />
    </article>
  )
}

/** Nothing here waits. Who finds a no among them takes it up, and then it does. */
function PassedOver({ frame, board }: ReviewModel) {
  const { text, language, timeZone } = frame
  if (board.passedOver.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="passed-over">
      <h2 id="passed-over">{text('review.passedOver')}</h2>
      <p class="hint">{text('review.passedOver.hint')}</p>
      <ul class="plain">
        {board.passedOver.map(({ row, masked }) => (
          <li class="row" key={row.id}>
            <div>
              <p>
                <strong>{masked.length === 0 ? text('review.nobody') : masked.join(', ')}</strong>
                {' · '}
                {text('review.heard', { source: row.source, moment: momentInWords(row.arrivedAt, language, timeZone) })}
              </p>
              <blockquote class="words" lang={row.language ?? undefined}>
                {row.excerpt}
              </blockquote>
            </div>
            <UndoForm frame={frame} item={row.id} label="review.takeUp" />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Overdue({ frame }: { frame: StaffFrame }) {
  return <span class="tag">{frame.text('review.overdue')}</span>
}

/** The largest unit that says enough: days, else hours, else minutes. */
function timeLeft(leftMs: number, { language }: StaffFrame): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  const minutes = Math.round(leftMs / 60_000)
  if (Math.abs(minutes) < 90) return format.format(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 49 ? format.format(hours, 'hour') : format.format(Math.round(hours / 24), 'day')
}

function Decided({ frame, board, catalog }: ReviewModel) {
  const { text, language, timeZone } = frame
  if (board.decided.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="decided">
      <h2 id="decided">{text('review.decided')}</h2>
      <ul class="plain">
        {board.decided.map(({ row, masked, mayUndo }) => (
          <li class="row" key={row.id}>
            <div>
              <p>
                <strong>{masked.length === 0 ? text('review.nobody') : masked.join(', ')}</strong>
                {' · '}
                {text('review.done', { decision: row.decision ?? 'undone' })}
              </p>
              <p class="hint">
                {row.decidedAt === null ? '' : dayInWords(row.decidedAt, language, timeZone)}
                {row.decisionScope === null ? '' : ` · ${whatInWords(row.decisionScope, catalog, frame)}`}
              </p>
            </div>
            {mayUndo ? <UndoForm frame={frame} item={row.id} /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
