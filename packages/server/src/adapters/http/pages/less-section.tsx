import type { Cadence } from '@verzet/core'
import { ActForm, Button, type PersonalLink } from './acts.tsx'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'
import { dayForInput, dayInWords } from './wording.ts'

export type LessModel = {
  readonly options: readonly Cadence[]
  readonly current?: Cadence
}

export type PauseModel = {
  /** How long, and the day each would end. */
  readonly options: readonly { readonly days: number; readonly until: Date }[]
  /** The first and last day that may be asked for. */
  readonly earliest: Date
  readonly latest: Date
  readonly current?: { readonly until: Date }
}

/** One press for each choice; `end` lifts the limit that holds now. */
export function LessSection({ model, link, text }: { model: LessModel; link: PersonalLink; text: Translate }) {
  const { current } = model
  return (
    <section class="stack" aria-labelledby="less">
      <h2 id="less">{text('less.title')}</h2>
      {current === undefined ? null : <p class="state">{text('less.current', { ...current })}</p>}
      <ActForm link={link} act="less" class="pair">
        {model.options.map((option) => (
          <Button name="cadence" value={`${option.max}/${option.per}`} key={`${option.max}/${option.per}`}>
            {text('less.option', { ...option })}
          </Button>
        ))}
        {current === undefined ? null : (
          <Button name="cadence" value="end">
            {text('less.end')}
          </Button>
        )}
      </ActForm>
    </section>
  )
}

type PauseProps = {
  model: PauseModel
  frame: PageFrame
  link: PersonalLink
  refused: boolean
  ruled: boolean
  text: Translate
}

/** The date has a form of its own, so that Enter in its field can never press the button for thirty days. */
export function PauseSection({ model, frame, link, refused, ruled, text }: PauseProps) {
  const day = (at: Date) => dayInWords(at, frame.language, frame.timeZone)
  return (
    <section class={ruled ? 'stack rule' : 'stack'} aria-labelledby="pause">
      <h2 id="pause">{text('pause.title')}</h2>
      {model.current === undefined ? null : (
        <p class="state">{text('pause.until', { date: day(model.current.until) })}</p>
      )}
      <ActForm link={link} act="pause" class="pair">
        {model.options.map(({ days, until }) => (
          <Button name="days" value={String(days)} small={text('pause.until', { date: day(until) })} key={days}>
            {text('pause.days', { days })}
          </Button>
        ))}
        {model.current === undefined ? null : (
          <Button name="days" value="end">
            {text('pause.end')}
          </Button>
        )}
      </ActForm>
      <ActForm link={link} act="pause">
        <div class="field">
          <label for="until">{text('pause.date')}</label>
          {refused ? (
            <p id="until-error" class="error">
              {text('notice.dateRefused')}
            </p>
          ) : null}
          <p id="until-hint" class="hint">
            {text('pause.date.hint', { from: day(model.earliest), to: day(model.latest) })}
          </p>
          <input
            type="date"
            id="until"
            name="until"
            required
            min={dayForInput(model.earliest, frame.timeZone)}
            max={dayForInput(model.latest, frame.timeZone)}
            aria-describedby={refused ? 'until-error until-hint' : 'until-hint'}
            aria-invalid={refused ? 'true' : undefined}
          />
        </div>
        <Button fit>{text('pause.date.button')}</Button>
      </ActForm>
    </section>
  )
}
