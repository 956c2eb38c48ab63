import type { FormChoice, FormQuestion, LeaveForm } from '../../../../services/forms/leave-form.ts'
import { labelCharactersMax, labelIn } from '../../../../services/forms/leave-form.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { faultInWords } from './form-fields.tsx'
import { type DifferingField, Overtaken } from './form-version.tsx'
import { hasTypedWords, LabelFields, PartFault, PlaceId, Remove } from './label-fields.tsx'
import { addedKinds, type Posted } from './question-form.ts'
import { isTicked, postedAt, typedOf, valueIn } from './typed-places.ts'
import { Findings } from './wording-page.tsx'

export const questionsRoute = '/content/:brand/questions'

export type QuestionsOutcome =
  | { readonly kind: 'published' | 'unchanged'; readonly version: number }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  /** `fault` as the texts name it, `part` and `choice` the ids of the question and the answer that it is about. */
  | { readonly kind: 'unusable'; readonly fault: string; readonly part?: string; readonly choice?: string }
  /** Somebody else published meanwhile. */
  | { readonly kind: 'overtaken'; readonly differing: readonly DifferingField[] }

type QuestionsModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  /** As it is published: places in the page are places in it. */
  readonly form: LeaveForm
  /** What was sent and could not be kept. */
  readonly typed?: Posted
  readonly outcome?: QuestionsOutcome
}

export function renderQuestions(model: QuestionsModel): string {
  const { frame, brand, form, outcome } = model
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={`${text('content.questions')} · ${brand.name}`}>
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <h1>{text('content.questions')}</h1>
      <p>{text('content.questions.intro')}</p>
      {outcome === undefined ? null : <Outcome frame={frame} outcome={outcome} />}
      <form class="stack" method="post" action={`/content/${brand.id}/questions${search}`}>
        <FormToken frame={frame} path={questionsRoute} />
        <input type="hidden" name="version" value={form.version} />
        {form.questions.map((question, index) => (
          <Question {...model} question={question} index={index} key={question.id} />
        ))}
        <AddQuestion {...model} />
        <button class="button first" type="submit">
          {text('content.publish')}
        </button>
      </form>
    </StaffPage>,
  )
}

function Outcome({ frame, outcome }: { frame: StaffFrame; outcome: QuestionsOutcome }) {
  const { text } = frame
  switch (outcome.kind) {
    case 'published':
    case 'unchanged':
      return (
        <p class="state" role="status">
          {outcome.kind === 'published'
            ? text('content.published', { version: outcome.version })
            : text('content.unchanged')}
        </p>
      )
    case 'refused':
      return (
        <section class="notice stack" role="alert">
          <p>{text('content.refused')}</p>
          <Findings frame={frame} findings={outcome.findings} />
        </section>
      )
    case 'unusable':
      return (
        <section class="notice stack" role="alert">
          <p>{text('content.unusable')}</p>
          {outcome.part === undefined ? <p>{faultInWords(text, outcome.fault, labelCharactersMax)}</p> : null}
        </section>
      )
    case 'overtaken':
      return <Overtaken frame={frame} differing={outcome.differing} />
  }
}

type QuestionProps = QuestionsModel & { readonly question: FormQuestion; readonly index: number }

function Question({ frame, question, index, typed: posted, outcome }: QuestionProps) {
  const { text, language } = frame
  const place = `q${index}`
  const typed = typedOf(posted, 'q', question.id)
  const fault = outcome?.kind === 'unusable' && outcome.part === question.id ? outcome : undefined
  const words = fault && faultInWords(text, fault.fault, labelCharactersMax)
  const isOwn = fault !== undefined && fault.choice === undefined
  return (
    <section class="card">
      <fieldset class="stack">
        <legend>{`${index + 1}. ${labelIn(question.labels, language).text}`}</legend>
        <p class="hint">{`${text(`content.question.${question.kind}`)} · ${question.id}`}</p>
        <PlaceId place={place} id={question.id} />
        <div class="field digit">
          <label for={`${place}.order`}>{text('content.question.order')}</label>
          <input
            id={`${place}.order`}
            name={`${place}.order`}
            type="number"
            min="1"
            value={valueIn(typed, 'order', String(index + 1))}
          />
        </div>
        {/* Too few or too many answers are no fault of the question's words. */}
        {isOwn && fault.fault !== 'labels' ? <PartFault place={place} fault={words} /> : null}
        <LabelFields
          frame={frame}
          place={place}
          typed={typed}
          labels={question.labels}
          fault={isOwn && fault.fault === 'labels' ? words : undefined}
        />
        {'choices' in question ? (
          <Choices
            frame={frame}
            place={place}
            choices={question.choices}
            typed={typed}
            {...(fault?.choice !== undefined && { faulty: fault.choice })}
            {...(words !== undefined && { words })}
          />
        ) : null}
        <Remove frame={frame} place={place} typed={typed} />
      </fieldset>
    </section>
  )
}

type ChoicesProps = {
  readonly frame: StaffFrame
  readonly place: string
  readonly choices: readonly FormChoice[]
  readonly typed: Posted | undefined
  /** The id of the choice that cannot be kept, and why. */
  readonly faulty?: string
  readonly words?: string
}

function Choices({ frame, place, choices, typed, faulty, words }: ChoicesProps) {
  const { text, language } = frame
  const faultOf = (isFaulty: boolean) => (isFaulty ? words : undefined)
  const isNewFaulty = faulty !== undefined && !choices.some(({ id }) => id === faulty)
  return (
    <>
      {choices.map(({ id, labels }, at) => {
        const own = typedOf(typed, 'c', id)
        const isOpen = faulty === id || hasTypedWords(own, 'label', labels) || isTicked(own, 'remove')
        return (
          <details class="stack" open={isOpen} key={id}>
            <summary>{labelIn(labels, language).text}</summary>
            <PlaceId place={`${place}.c${at}`} id={id} />
            <LabelFields
              frame={frame}
              place={`${place}.c${at}`}
              typed={own}
              labels={labels}
              fault={faultOf(faulty === id)}
            />
            <Remove frame={frame} place={`${place}.c${at}`} typed={own} />
          </details>
        )
      })}
      <details class="stack" open={isNewFaulty || hasTypedWords(typed, 'new', {})}>
        <summary>{text('content.choice.add')}</summary>
        <LabelFields frame={frame} place={place} field="new" typed={typed} labels={{}} fault={faultOf(isNewFaulty)} />
      </details>
    </>
  )
}

function AddQuestion({ frame, form, typed: posted, outcome }: QuestionsModel) {
  const { text } = frame
  const typed = posted && postedAt(posted, 'add')
  const isFaulty =
    outcome?.kind === 'unusable' && outcome.part !== undefined && !form.questions.some(({ id }) => id === outcome.part)
  const words = isFaulty ? faultInWords(text, outcome.fault, labelCharactersMax) : undefined
  const choices = typed?.('choices') ?? ''
  return (
    <details class="card stack" open={isFaulty || choices !== '' || hasTypedWords(typed, 'label', {})}>
      <summary>{text('content.question.add')}</summary>
      <div class="field">
        <label for="add.kind">{text('content.question.kind')}</label>
        <select id="add.kind" name="add.kind">
          {addedKinds.map((kind) => (
            <option value={kind} selected={kind === typed?.('kind')} key={kind}>
              {text(`content.question.${kind}`)}
            </option>
          ))}
        </select>
      </div>
      <LabelFields frame={frame} place="add" typed={typed} labels={{}} fault={words} />
      <div class="field">
        <label for="add.choices">{text('content.question.choices')}</label>
        <textarea id="add.choices" name="add.choices" rows={4} value={choices} />
      </div>
    </details>
  )
}
