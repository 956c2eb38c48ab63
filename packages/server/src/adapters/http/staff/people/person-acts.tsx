import { typedCharactersMax } from '../../../../services/desk/find-caller.ts'
import { FormToken, type StaffFrame } from '../layout.tsx'
import type { PersonView } from './person-model.ts'

type ActsProps = {
  frame: StaffFrame
  view: PersonView
  mergeProblem: string | undefined
  /** Who was looked for when it went wrong. */
  mergeTyped: string | undefined
}

/** What is done less often, and harms when done wrongly: each leads to a page that says what it means, or to a file. */
export function PersonActs(props: ActsProps) {
  const { frame, view } = props
  return (
    <>
      {view.isRelation ? <MergeCard {...props} /> : null}
      <div class="pair">
        <ExportCard frame={frame} view={view} />
        <EraseCard frame={frame} view={view} />
      </div>
    </>
  )
}

function MergeCard({ frame, view, mergeProblem, mergeTyped }: ActsProps) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="merge">
      <h2 id="merge">{text('people.merge')}</h2>
      {view.merges.map(({ id, line }) => (
        <form class="row" method="post" action={`/people/unmerge${search}`} key={id}>
          <div>
            <p id={`merge-${id}`}>{line}</p>
          </div>
          <FormToken frame={frame} path="/people/unmerge" />
          <input type="hidden" name="key" value={view.key} />
          <input type="hidden" name="merge" value={id} />
          <button type="submit" class="button" aria-describedby={`merge-${id}`}>
            {text('people.unmerge')}
          </button>
        </form>
      ))}
      <form class="search" method="post" action={`/people/merge/compare${search}`}>
        <FormToken frame={frame} path="/people/merge/compare" />
        <input type="hidden" name="key" value={view.key} />
        <label for="other">{text('people.merge.other')}</label>
        <p class="hint" id="other-hint">
          {text('people.merge.explained')}
        </p>
        {mergeProblem === undefined ? null : (
          <p class="error" role="alert" id="other-error">
            {mergeProblem}
          </p>
        )}
        <input
          type="text"
          id="other"
          name="other"
          value={mergeTyped}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={typedCharactersMax}
          aria-describedby={mergeProblem === undefined ? 'other-hint' : 'other-error other-hint'}
          aria-invalid={mergeProblem === undefined ? undefined : 'true'}
        />
        <button type="submit" class="button">
          {text('people.merge.compare')}
        </button>
      </form>
    </section>
  )
}

function ExportCard({ frame, view }: { frame: StaffFrame; view: PersonView }) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="export">
      <h2 id="export">{text('people.export')}</h2>
      <p>{text('people.export.explained')}</p>
      {(['read', 'file'] as const).map((form) => (
        <form method="post" action={`/people/export/${form}${search}`} key={form}>
          <FormToken frame={frame} path={`/people/export/${form}`} />
          <input type="hidden" name="key" value={view.key} />
          <button type="submit" class="button">
            {text(form === 'read' ? 'people.export.read' : 'people.export.file')}
          </button>
        </form>
      ))}
    </section>
  )
}

function EraseCard({ frame, view }: { frame: StaffFrame; view: PersonView }) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="erase">
      <h2 id="erase">{text('people.erase')}</h2>
      <p>{text('people.erase.explained')}</p>
      <form method="post" action={`/people/erase/ask${search}`}>
        <FormToken frame={frame} path="/people/erase/ask" />
        <input type="hidden" name="key" value={view.key} />
        <button type="submit" class="button">
          {text('people.erase.ask')}
        </button>
      </form>
    </section>
  )
}
