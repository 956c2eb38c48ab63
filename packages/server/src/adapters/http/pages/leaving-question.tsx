import { ActForm, Button, type PersonalLink, pagePath } from './acts.tsx'
import { type AlternativeOption, Alternatives } from './alternatives-section.tsx'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'

/** What comes after a no that holds already: whether it was meant, and what may be taken instead. */
export type LeavingModel = {
  readonly leaveId: string
  /** The brand asks whether the no was meant, and nobody has answered yet. */
  readonly isAsked: boolean
  /** What is chosen here holds at once; otherwise a mail has to be confirmed first. */
  readonly holdsAtOnce: boolean
  readonly options: readonly AlternativeOption[]
}

type Props = { model: LeavingModel; frame: PageFrame; link: PersonalLink; text: Translate }

/**
 * The one question of a leave, below what was done and never before it. Confirming is the first and the largest act;
 * leaving all of it alone leaves the no as it is (EDPB 03/2022: no second step that the no would depend on).
 */
export function LeavingQuestion({ model, frame, link, text }: Props) {
  const { leaveId, options } = model
  return (
    <section class="card stack wide" aria-labelledby="leaving">
      <div class="stack">
        <h2 id="leaving">{text('leaving.title')}</h2>
        <p>{text('leaving.holds')}</p>
        <ActForm link={link} act="confirm" hidden={{ leave: leaveId }}>
          <Button first>{text('leaving.confirm')}</Button>
        </ActForm>
      </div>
      <div class="stack rule">
        <h3>{text('leaving.instead.title')}</h3>
        <p class="quiet-text">{text(model.holdsAtOnce ? 'leaving.instead' : 'leaving.instead.later')}</p>
        <Alternatives options={options} leaveId={leaveId} frame={frame} link={link} text={text} />
        <ActForm id="stay" link={link} act="stay" hidden={{ leave: leaveId }}>
          <Button>{text('leaving.stay')}</Button>
        </ActForm>
      </div>
    </section>
  )
}

/** The alternatives alone, where nothing is asked. */
export function InsteadSection({ model, frame, link, text, saysNarrow }: Props & { saysNarrow: boolean }) {
  const hasTopics = model.options.some(({ how }) => how.kind === 'choose_topics')
  return (
    <section class="card stack" aria-labelledby="instead">
      <h2 id="instead">{text('leaving.instead.title')}</h2>
      {/* "Do nothing and you get nothing" is true of a no to everything alone. */}
      <p>{text(saysNarrow ? 'narrow' : model.holdsAtOnce ? 'leaving.instead' : 'leaving.instead.later')}</p>
      <Alternatives options={model.options} leaveId={model.leaveId} frame={frame} link={link} text={text} />
      {hasTopics ? null : (
        <p>
          <a class="button" href={pagePath(link)}>
            {text('grid.title')}
          </a>
        </p>
      )}
    </section>
  )
}
