import { renderDocument } from '../pages/layout.tsx'
import { type StaffFrame, StaffPage } from './layout.tsx'

/** Nothing was done, because nobody had lately proven who they are; says so and leads to where they can. */
export function renderStale(frame: StaffFrame, to: string): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.confirm')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.confirm')}</h1>
        <p role="status">{text('staff.confirm.stale')}</p>
        <p>
          <a class="button fit" href={to}>
            {text('staff.confirm.goOn')}
          </a>
        </p>
      </section>
    </StaffPage>,
  )
}
