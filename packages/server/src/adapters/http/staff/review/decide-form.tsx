import { reviewNoteCharactersMax } from '../../../../services/review/decide.ts'
import type { BoardItem } from '../../../../services/review/read-board.ts'
import { whatInWords } from '../desk/stands-in-words.ts'
import { FormToken } from '../layout.tsx'
import { narrowScopes, writeScope } from './narrow-scopes.ts'
import type { ReviewModel, ReviewProblem, TypedDecision } from './review-page.tsx'

type FormProps = Pick<ReviewModel, 'frame' | 'catalog'> & {
  readonly item: BoardItem
  readonly fault: ReviewProblem | undefined
  /** What is wrong, in words. */
  readonly words: string | undefined
  /** What had been filled in when it went wrong. */
  readonly typed: TypedDecision | undefined
}

/** The buttons carry the digits that press them; what is narrower or needs a name takes a field first. */
export function DecideForm(props: FormProps) {
  const { frame, item, words, catalog } = props
  const { text, search } = frame
  const { row, masked } = item
  return (
    <form class="stack" method="post" action={`/review/decide${search}`}>
      <FormToken frame={frame} path="/review/decide" />
      <input type="hidden" name="item" value={row.id} />
      {words === undefined ? null : (
        <p class="error" role="alert" id={`error-${row.id}`}>
          {words}
        </p>
      )}
      {masked.length > 0 ? null : <WhoseNo {...props} />}
      <div class="pair">
        <button type="submit" name="decision" value="opt_out" class="button" data-key="1">
          <span>
            <kbd>1</kbd> {text('review.optOut')}
          </span>
          <small>{whatInWords(row.proposedScope ?? {}, catalog, frame)}</small>
        </button>
        <button type="submit" name="decision" value="not_a_no" class="button" data-key="2">
          <span>
            <kbd>2</kbd> {text('review.notANo')}
          </span>
          <small>{text('review.notANo.explained')}</small>
        </button>
      </div>
      <Narrower {...props} />
    </form>
  )
}

function WhoseNo({ frame, item: { row }, fault, typed }: FormProps) {
  const isWrong = fault === 'nobody_named' || fault === 'unreadable'
  const id = `contact-${row.id}`
  return (
    <div class="field">
      <label for={id}>{frame.text('review.contact')}</label>
      <input
        type="text"
        id={id}
        name="contact"
        value={typed?.contact}
        autocomplete="off"
        maxLength={320}
        aria-describedby={isWrong ? `error-${row.id}` : undefined}
        aria-invalid={isWrong ? 'true' : undefined}
      />
    </div>
  )
}

function Narrower({ frame, catalog, item: { row }, fault, typed }: FormProps) {
  const { text } = frame
  const isWrong = fault === 'no_scope'
  const ids = { scope: `scope-${row.id}`, note: `note-${row.id}` }
  return (
    <details open={isWrong || (typed !== undefined && typed.scope + typed.note !== '')}>
      <summary data-key="3">
        <span>
          <kbd>3</kbd> {text('review.narrow')}
        </span>
      </summary>
      <div class="stack">
        <div class="field">
          <label for={ids.scope}>{text('review.scope')}</label>
          <select
            id={ids.scope}
            name="scope"
            aria-describedby={isWrong ? `error-${row.id}` : undefined}
            aria-invalid={isWrong ? 'true' : undefined}
          >
            <option value="">{text('review.scope.choose')}</option>
            {narrowScopes(catalog, row).map((scope) => (
              <option value={writeScope(scope)} selected={writeScope(scope) === typed?.scope} key={writeScope(scope)}>
                {whatInWords(scope, catalog, frame)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={ids.note}>{text('review.note')}</label>
          <input
            type="text"
            id={ids.note}
            name="note"
            value={typed?.note}
            autocomplete="off"
            maxLength={reviewNoteCharactersMax}
          />
        </div>
        <button type="submit" name="decision" value="narrow" class="button fit">
          {text('review.narrow.button')}
        </button>
      </div>
    </details>
  )
}
