import { typedCharactersMax } from '../../../../services/desk/find-caller.ts'
import type { ListedPerson } from '../../../../services/people/find-people.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'

export type SearchProblem = 'unreadable' | 'country_unclear' | 'unknown_code' | 'nobody'

export type SearchModel = {
  readonly frame: StaffFrame
  readonly typed?: string
  readonly problem?: SearchProblem
  /** What was done just before to somebody whose page is no more. */
  readonly said?: string
  readonly found?: { readonly people: readonly ListedPerson[]; readonly hasMore: boolean }
}

const problems = {
  unreadable: 'desk.search.unreadable',
  country_unclear: 'desk.search.country',
  unknown_code: 'desk.search.code',
  nobody: 'people.nobody',
} as const satisfies Record<SearchProblem, TextKey>

export function renderPeopleSearch(model: SearchModel): string {
  const { frame, said, found } = model
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('people.title')}>
      {said === undefined ? null : (
        <p class="state" role="status">
          {said}
        </p>
      )}
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('people.title')}</h1>
        <SearchForm model={model} />
      </section>
      {found === undefined ? null : <FoundList frame={frame} found={found} />}
    </StaffPage>,
  )
}

function SearchForm({ model: { frame, typed, problem } }: { model: SearchModel }) {
  const { text, search } = frame
  return (
    <search>
      <form class="search" method="post" action={`/people/search${search}`}>
        <FormToken frame={frame} path="/people/search" />
        <label for="who">{text('people.search')}</label>
        <p class="hint" id="who-hint">
          {text('people.search.hint')}
        </p>
        {problem === undefined ? null : (
          <p class="error" role="alert" id="who-error">
            {text(problems[problem])}
          </p>
        )}
        <input
          type="text"
          id="who"
          name="who"
          value={typed}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={typedCharactersMax}
          aria-describedby={problem === undefined ? 'who-hint' : 'who-error who-hint'}
          aria-invalid={problem === undefined ? undefined : 'true'}
          autofocus
        />
        <button type="submit" class="button first">
          {text('desk.search.button')}
        </button>
      </form>
    </search>
  )
}

type FoundProps = { frame: StaffFrame; found: NonNullable<SearchModel['found']> }

/** Names with their numbers and nothing else: enough to choose, and only who is opened is shown. */
function FoundList({ frame, found: { people, hasMore } }: FoundProps) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="found">
      <h2 id="found">{text('people.found')}</h2>
      <ul class="plain">
        {people.map(({ key, name, externalId }) => (
          <li class="row" key={key}>
            <div>
              <p>
                <strong id={`name-${key}`}>{name ?? text('people.unnamed')}</strong>
              </p>
              {externalId === null ? null : <p class="hint">{text('people.number', { number: externalId })}</p>}
            </div>
            <form method="post" action={`/people/show${search}`}>
              <FormToken frame={frame} path="/people/show" />
              <input type="hidden" name="key" value={key} />
              <button type="submit" class="button" aria-describedby={`name-${key}`}>
                {text('people.open')}
              </button>
            </form>
          </li>
        ))}
      </ul>
      {hasMore ? <p class="hint">{text('people.found.more')}</p> : null}
    </section>
  )
}
