import { renderDocument } from '../../pages/layout.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import type { PersonView } from './person-model.ts'

/** Both side by side, and what it means, before anything is done. */
export function renderMerge(frame: StaffFrame, kept: PersonView, joined: PersonView): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('people.merge.title')}>
      <h1>{text('people.merge.title')}</h1>
      <div class="pair">
        <Side view={kept} id="kept" />
        <Side view={joined} id="joined" />
      </div>
      <section class="card stack">
        <p class="notice">{text('people.merge.effect')}</p>
        <div class="pair">
          <form method="post" action={`/people/merge${search}`}>
            <FormToken frame={frame} path="/people/merge" />
            <input type="hidden" name="key" value={kept.key} />
            <input type="hidden" name="other" value={joined.key} />
            <button type="submit" class="button first">
              {text('people.merge.do')}
            </button>
          </form>
          <Back frame={frame} personKey={kept.key} />
        </div>
      </section>
    </StaffPage>,
  )
}

function Side({ view, id }: { view: PersonView; id: string }) {
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>{view.title}</h2>
      <p class="quiet-text">{view.about.join(' · ')}</p>
      <ul class="plain">
        {view.points.map(({ key, value, type }) => (
          <li key={key}>
            <p>{value}</p>
            <p class="hint">{type}</p>
          </li>
        ))}
      </ul>
      <ul class="plain ticks">
        {view.stands.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

/** What goes, what stays, and a box to tick: an erasure has no way back. */
export function renderErase(frame: StaffFrame, view: PersonView, isUnsure: boolean): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('people.erase.title')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('people.erase.title')}</h1>
        <p class="who">
          <strong>{view.title}</strong>
        </p>
        <p>{text('people.erase.goes', { points: view.points.length })}</p>
        <p>{text('people.erase.stays')}</p>
        <form class="stack" method="post" action={`/people/erase${search}`}>
          <FormToken frame={frame} path="/people/erase" />
          <input type="hidden" name="key" value={view.key} />
          {isUnsure ? (
            <p class="error" role="alert" id="sure-error">
              {text('people.erase.unsure')}
            </p>
          ) : null}
          <label class="choice">
            <input
              type="checkbox"
              name="sure"
              value="yes"
              aria-describedby={isUnsure ? 'sure-error' : undefined}
              aria-invalid={isUnsure ? 'true' : undefined}
            />
            <span>{text('people.erase.sure')}</span>
          </label>
          <button type="submit" class="button first fit">
            {text('people.erase')}
          </button>
        </form>
        <Back frame={frame} personKey={view.key} />
      </section>
    </StaffPage>,
  )
}

function Back({ frame, personKey }: { frame: StaffFrame; personKey: string }) {
  return (
    <form method="post" action={`/people/show${frame.search}`}>
      <FormToken frame={frame} path="/people/show" />
      <input type="hidden" name="key" value={personKey} />
      <button type="submit" class="button fit">
        {frame.text('people.merge.not')}
      </button>
    </form>
  )
}
