// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard (WCAG 2.2, 2.1.1).
// biome-ignore-all lint/a11y/useSemanticElements: a section with a name would be a landmark of its own all the same.
import { may } from '../../../../services/staff/permissions.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { channelName, sentenceCase } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { PersonActs } from './person-acts.tsx'
import type { GridTable, PersonView, TimelineLine } from './person-model.ts'
import { RecordForm, type RecordModel } from './record-form.tsx'

export type PersonModel = {
  readonly frame: StaffFrame
  readonly view: PersonView
  readonly record: RecordModel
  /** What was done just before, with what takes it back. */
  readonly said?: { readonly line: string; readonly undo?: { readonly subjectKey: string; readonly choiceId: string } }
  /** Why the other person was not found or could not be merged. */
  readonly mergeProblem?: string
  /** What had been typed to find them. */
  readonly mergeTyped?: string
}

export function renderPerson(model: PersonModel): string {
  const { frame, view, said } = model
  const mayChange = frame.visit !== undefined && may(frame.visit.session.roles, 'people_change')
  return renderDocument(
    <StaffPage frame={frame} title={view.isMasked ? frame.text('people.title') : view.title}>
      {said === undefined ? null : <Said frame={frame} said={said} personKey={view.key} />}
      <PersonHead frame={frame} view={view} />
      <Points frame={frame} view={view} />
      {view.points.length === 0 ? null : <Grids frame={frame} grids={view.grids} />}
      {view.isMasked ? null : <Timeline frame={frame} view={view} />}
      {!view.isMasked && mayChange && !view.isErased ? <RecordForm model={model.record} frame={frame} /> : null}
      {!view.isMasked && mayChange && !view.isErased ? (
        <PersonActs frame={frame} view={view} mergeProblem={model.mergeProblem} mergeTyped={model.mergeTyped} />
      ) : null}
    </StaffPage>,
  )
}

type SaidProps = { frame: StaffFrame; said: NonNullable<PersonModel['said']>; personKey: string }

function Said({ frame, said: { line, undo }, personKey }: SaidProps) {
  return (
    <div class="state stack" role="status">
      <p>{line}</p>
      {undo === undefined ? null : (
        <form method="post" action={`/people/undo${frame.search}`}>
          <FormToken frame={frame} path="/people/undo" />
          <input type="hidden" name="key" value={personKey} />
          <input type="hidden" name="subject" value={undo.subjectKey} />
          <input type="hidden" name="choice" value={undo.choiceId} />
          <button type="submit" class="button fit">
            {frame.text('undo')}
          </button>
        </form>
      )}
    </div>
  )
}

function PersonHead({ frame, view }: { frame: StaffFrame; view: PersonView }) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="title">
      <h1 id="title">{view.title}</h1>
      {view.about.length === 0 ? null : <p class="quiet-text">{view.about.join(' · ')}</p>}
      {view.isErased ? <p class="notice">{text('people.erased')}</p> : null}
      <div class="state stack">
        <h2>{text('desk.stands')}</h2>
        <ul class="plain ticks">
          {view.stands.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      {view.isMasked ? (
        <form class="stack" method="post" action={`/people/show${search}`}>
          <p class="hint" id="show-hint">
            {text('people.masked')}
          </p>
          <FormToken frame={frame} path="/people/show" />
          <input type="hidden" name="key" value={view.key} />
          <button type="submit" class="button first fit" aria-describedby="show-hint">
            {text('people.show')}
          </button>
        </form>
      ) : null}
    </section>
  )
}

function Points({ frame: { text }, view }: { frame: StaffFrame; view: PersonView }) {
  return (
    <section class="card stack" aria-labelledby="points">
      <h2 id="points">{text('people.points')}</h2>
      {view.points.length === 0 ? <p>{text('people.points.none')}</p> : null}
      <ul class="plain">
        {view.points.map((point) => (
          <li class="row" key={point.key}>
            <div>
              <p>
                <strong>{point.value}</strong>
              </p>
              <p class="hint">
                {point.confirmed === undefined
                  ? point.type
                  : `${point.type}, ${text('people.point.confirmed', { date: point.confirmed })}`}
              </p>
              {point.stands.length === 0 ? null : (
                <ul class="plain ticks">
                  {point.stands.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Grids({ frame, grids }: { frame: StaffFrame; grids: readonly GridTable[] }) {
  const { text, language } = frame
  return (
    <section class="card stack" aria-labelledby="grid">
      <h2 id="grid">{text('people.grid')}</h2>
      {grids
        .filter(({ rows }) => rows.length > 0)
        .map(({ brand, rows }, index) => (
          <div class="wide-table" role="region" tabIndex={0} aria-labelledby={`grid-${index}`} key={brand}>
            <table>
              <caption id={`grid-${index}`}>{text('people.grid.of', { brand })}</caption>
              <thead>
                <tr>
                  <th scope="col">{text('grid.topic')}</th>
                  {rows[0]?.cells.map(({ channel }) => (
                    <th scope="col" key={channel}>
                      {sentenceCase(channelName(channel, text), language)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ topic, name, cells }) => (
                  <tr key={topic}>
                    <th scope="row">{name}</th>
                    {cells.map(({ channel, decision, reason }) => (
                      <td key={channel}>
                        <strong>{text('people.cell', { decision })}</strong>{' '}
                        <small>{text('people.cell.why', { reason })}</small>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
    </section>
  )
}

/** A list and no table: five columns with a hash in them would be read by scrolling sideways. */
function Timeline({ frame: { text }, view }: { frame: StaffFrame; view: PersonView }) {
  const { timeline, eventsCount } = view
  if (timeline.length === 0) return null
  const part = { shown: timeline.length, all: eventsCount }
  return (
    <section class="card stack" aria-labelledby="timeline">
      <h2 id="timeline">{text('people.timeline')}</h2>
      {timeline.length < eventsCount ? <p class="hint">{text('people.timeline.part', part)}</p> : null}
      <ol class="plain">
        {timeline.map((line) => (
          <TimelineItem text={text} line={line} key={line.id} />
        ))}
      </ol>
    </section>
  )
}

function TimelineItem({ text, line }: { text: StaffFrame['text']; line: TimelineLine }) {
  const [first, ...more] = line.what
  const about = [line.when, line.where, line.by].filter((words) => words !== '')
  return (
    <li class="row">
      <div>
        <p>
          <strong>{first}</strong>
          {more.map((words) => ` · ${words}`).join('')}
        </p>
        <p class="hint">{about.join(' · ')}</p>
        {line.evidence === undefined ? null : <p class="proof">{text('people.proof', line.evidence)}</p>}
      </div>
    </li>
  )
}
