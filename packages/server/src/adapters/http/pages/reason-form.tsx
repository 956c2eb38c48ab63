import { assertNever } from '@verzet/core'
import {
  builtInVersion,
  type FormQuestion,
  type LeaveForm,
  labelIn,
  wordsCharactersMax,
} from '../../../services/forms/leave-form.ts'
import { ActForm, Button, type PersonalLink, pagePath } from './acts.tsx'
import { type BroughtBy, broughtInWords } from './brought-by.ts'
import type { PageFrame } from './layout.tsx'
import type { TextKey, Translate } from './text.ts'

export type Reason = { readonly id: string; readonly label: string }

export type ReasonModel = {
  /** `less`: asked after a pause or a limit, where nobody is leaving. */
  readonly about?: 'leaving' | 'less'
  /** The choice that the reason is about. */
  readonly choiceId: string
  /** The brand's list in the reader's language, or `defaultReasons`; asked where there is no `form`. */
  readonly options: readonly Reason[]
  readonly commentCharsMax: number
  readonly broughtBy?: BroughtBy
  /** The questions the brand asks, as published. */
  readonly form?: LeaveForm
}

export const ownReasons: readonly { id: string; key: TextKey }[] = [
  { id: 'too_many', key: 'reason.tooMany' },
  { id: 'not_relevant', key: 'reason.notRelevant' },
  { id: 'never_asked', key: 'reason.neverAsked' },
  { id: 'spam', key: 'reason.spam' },
  { id: 'privacy', key: 'reason.privacy' },
  { id: 'other_channel', key: 'reason.otherChannel' },
  { id: 'temporary', key: 'reason.temporary' },
  { id: 'other', key: 'reason.other' },
]

/** The reasons offered where the brand has no list of its own. */
export function defaultReasons(text: Translate): readonly Reason[] {
  return ownReasons.map(({ id, key }) => ({ id, label: text(key) }))
}

type ReasonProps = { model: ReasonModel; frame: PageFrame; link: PersonalLink; text: Translate }

/**
 * Asked once the no is stored, on the same page, and free to leave alone (EDPB 03/2022): nothing is ticked, nothing is
 * required. The form carries the version of its questions, so that an answer is read as the question was put.
 */
export function ReasonForm({ model, frame, link, text }: ReasonProps) {
  const title = model.about === 'less' ? text('reason.title.less') : text('reason.title')
  const form = model.form ?? formOfOptions(model, frame, text)
  if (form.questions.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="reason">
      <h2 id="reason">{title}</h2>
      {model.broughtBy === undefined ? null : <p class="quiet-text">{broughtInWords(model.broughtBy, frame, text)}</p>}
      <ActForm link={link} act="reason" hidden={{ choice: model.choiceId, ...versionOf(form) }}>
        {form.questions.map((question) => (
          <Question question={question} title={title} frame={frame} text={text} key={question.id} />
        ))}
        <Button fit>{text('reason.send')}</Button>
      </ActForm>
      <p class="hint">
        {text('reason.details')} <a href={`${pagePath(link)}#person`}>{text('reason.details.link')}</a>
      </p>
    </section>
  )
}

/** The built-in questions have no version to tell. */
function versionOf({ version }: LeaveForm): Record<string, string> {
  return version === builtInVersion ? {} : { form: String(version) }
}

/** The question that has the section's heading as its own is not put twice. */
function isHeading(question: FormQuestion, frame: PageFrame, text: Translate): boolean {
  return labelIn(question.labels, frame.language).text === text('reason.title')
}

type QuestionProps = { question: FormQuestion; title: string; frame: PageFrame; text: Translate }

function Question({ question, title, frame, text }: QuestionProps) {
  const label = labelIn(question.labels, frame.language)
  const legend = isHeading(question, frame, text) ? (
    <legend class="out-of-sight">{title}</legend>
  ) : (
    <legend lang={foreign(label, frame)}>{label.text}</legend>
  )
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return (
        <fieldset>
          {legend}
          {question.choices.map(({ id, labels }) => {
            const choice = labelIn(labels, frame.language)
            return (
              <label class="choice" key={id}>
                <input type={question.kind === 'single' ? 'radio' : 'checkbox'} name={question.id} value={id} />
                <span lang={foreign(choice, frame)}>{choice.text}</span>
              </label>
            )
          })}
        </fieldset>
      )
    case 'scale':
      return (
        <fieldset>
          {legend}
          <ScaleEnds question={question} frame={frame} />
          <div class="marks">
            {marksOf(question).map((mark) => (
              <label class="choice" key={mark}>
                <input type="radio" name={question.id} value={String(mark)} />
                <span>{mark}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )
    case 'text':
      return (
        <div class="field">
          <label for={`answer-${question.id}`} lang={foreign(label, frame)}>
            {label.text}
          </label>
          <textarea id={`answer-${question.id}`} name={question.id} rows={4} maxLength={wordsCharactersMax} />
        </div>
      )
    default:
      return assertNever(question)
  }
}

type Scale = Extract<FormQuestion, { kind: 'scale' }>

function ScaleEnds({ question, frame }: { question: Scale; frame: PageFrame }) {
  const ends = [
    { mark: question.from, labels: question.lowest },
    { mark: question.to, labels: question.highest },
  ]
  const named = ends.flatMap(({ mark, labels }) =>
    labels === undefined ? [] : [{ mark, label: labelIn(labels, frame.language) }],
  )
  if (named.length === 0) return null
  return (
    <p class="hint">
      {named.map(({ mark, label }, index) => (
        <span lang={foreign(label, frame)} key={mark}>
          {index > 0 ? ' · ' : ''}
          {mark} = {label.text}
        </span>
      ))}
    </p>
  )
}

export function marksOf({ from, to }: Pick<Scale, 'from' | 'to'>): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** WCAG 2.2, 3.1.2: words in another language than the page's say which. */
function foreign(label: { readonly language: string }, frame: PageFrame): string | undefined {
  return label.language === frame.language ? undefined : label.language
}

/** The one question of the list and the free text, as a form. */
function formOfOptions({ options }: ReasonModel, { language }: PageFrame, text: Translate): LeaveForm {
  const choices = options.map(({ id, label }) => ({ id, labels: { [language]: label } }))
  return {
    version: builtInVersion,
    questions: [
      { kind: 'single', id: 'reason', labels: { [language]: text('reason.title') }, choices },
      { kind: 'text', id: 'comment', labels: { [language]: text('reason.comment') } },
    ],
  }
}
