import { assertNever } from '@verzet/core'
import { ActForm, Button, type PersonalLink, pagePath } from './acts.tsx'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'
import { dayForInput, dayInWords } from './wording.ts'

/** One thing that may be taken instead of a no, in the words the brand chose or the product's. */
export type AlternativeOption = {
  /** As the form posts it. */
  readonly id: string
  /** Where a mail's link leads on the page. */
  readonly anchor: string
  readonly label: string
  readonly how:
    | { readonly kind: 'press'; readonly until?: Date }
    /** Choosing topics happens on the preference page. */
    | { readonly kind: 'choose_topics' }
    | { readonly kind: 'pick_day'; readonly earliest: Date; readonly latest: Date }
    | { readonly kind: 'give_address' }
}

type Props = {
  options: readonly AlternativeOption[]
  leaveId: string
  frame: PageFrame
  link: PersonalLink
  text: Translate
}

/** In the brand's order; every one a button like any other, and none larger than the act that ends everything. */
export function Alternatives(props: Props) {
  return (
    <>
      {runsOf(props.options).map((run) =>
        run.every(({ how }) => how.kind === 'press') ? (
          <ActForm
            link={props.link}
            act="alternative"
            class="pair"
            hidden={{ leave: props.leaveId }}
            key={run.map(({ id }) => id).join(' ')}
          >
            {run.map((option) => (
              <Press option={option} frame={props.frame} text={props.text} key={option.id} />
            ))}
          </ActForm>
        ) : (
          run.map((option) => <Alone option={option} {...props} key={option.id} />)
        ),
      )}
    </>
  )
}

/** Buttons that follow each other share one form; a field has a form of its own, so that Enter presses no other button. */
function runsOf(options: readonly AlternativeOption[]): AlternativeOption[][] {
  const runs: AlternativeOption[][] = []
  for (const option of options) {
    const last = runs.at(-1)
    if (last !== undefined && option.how.kind === 'press' && last[0]?.how.kind === 'press') last.push(option)
    else runs.push([option])
  }
  return runs
}

function Press({ option, frame, text }: { option: AlternativeOption; frame: PageFrame; text: Translate }) {
  const until = option.how.kind === 'press' ? option.how.until : undefined
  const small =
    until === undefined ? undefined : text('pause.until', { date: dayInWords(until, frame.language, frame.timeZone) })
  return (
    <Button id={option.anchor} name="alternative" value={option.id} small={small}>
      {option.label}
    </Button>
  )
}

function Alone({ option, leaveId, frame, link, text }: Props & { option: AlternativeOption }) {
  const hidden = { leave: leaveId, alternative: option.id }
  switch (option.how.kind) {
    case 'press':
      return null
    case 'choose_topics':
      return (
        <p>
          <a class="button" href={`${pagePath(link)}#preferences`}>
            {option.label}
          </a>
        </p>
      )
    case 'pick_day': {
      const { earliest, latest } = option.how
      const day = (at: Date) => dayInWords(at, frame.language, frame.timeZone)
      return (
        <ActForm link={link} act="alternative" hidden={hidden}>
          <div class="field">
            <label for={option.anchor}>{option.label}</label>
            <p id={`${option.anchor}-hint`} class="hint">
              {text('pause.date.hint', { from: day(earliest), to: day(latest) })}
            </p>
            <input
              type="date"
              id={option.anchor}
              name="until"
              required
              min={dayForInput(earliest, frame.timeZone)}
              max={dayForInput(latest, frame.timeZone)}
              aria-describedby={`${option.anchor}-hint`}
            />
          </div>
          <Button fit>{text('pause.date.button')}</Button>
        </ActForm>
      )
    }
    case 'give_address':
      return (
        <ActForm link={link} act="alternative" hidden={hidden}>
          <div class="field">
            <label for={option.anchor}>{option.label}</label>
            <p id={`${option.anchor}-hint`} class="hint">
              {text('alternative.address.hint')}
            </p>
            <input
              type="email"
              id={option.anchor}
              name="email"
              required
              autocomplete="email"
              maxLength={254}
              aria-describedby={`${option.anchor}-hint`}
            />
          </div>
          <Button fit>{text('alternative.address.button')}</Button>
        </ActForm>
      )
    default:
      return assertNever(option.how)
  }
}
