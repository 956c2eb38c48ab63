import type { FormQuestion, Labels, LeaveForm } from '../../../../services/forms/leave-form.ts'
import { labelCharactersMax, labelIn } from '../../../../services/forms/leave-form.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { languages } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { faultInWords } from './form-fields.tsx'
import { addedKinds } from './question-form.ts'
import { Findings } from './wording-page.tsx'

export const questionsRoute = '/content/:brand/questions'

export type QuestionsOutcome =
  | { readonly kind: 'published' | 'unchanged'; readonly version: number }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  /** `fault` as the texts name it. */
  | { readonly kind: 'unusable'; readonly fault: string }
  /** Somebody else published meanwhile. */
  | { readonly kind: 'overtaken' }

type QuestionsModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  readonly form: LeaveForm
  readonly outcome?: QuestionsOutcome
}

export function renderQuestions({ frame, brand, form, outcome }: QuestionsModel): string {
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
          <Question frame={frame} question={question} index={index} key={question.id} />
        ))}
        <AddQuestion frame={frame} />
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
          <p>{faultInWords(text, outcome.fault, labelCharactersMax)}</p>
        </section>
      )
    case 'overtaken':
      return (
        <p class="notice" role="alert">
          {text('content.overtaken')}
        </p>
      )
  }
}

function Question({ frame, question, index }: { frame: StaffFrame; question: FormQuestion; index: number }) {
  const { text, language } = frame
  const name = `q${index}`
  return (
    <section class="card">
      <fieldset class="stack">
        <legend>{`${index + 1}. ${labelIn(question.labels, language).text}`}</legend>
        <p class="hint">{`${text(`content.question.${question.kind}`)} · ${question.id}`}</p>
        <div class="field digit">
          <label for={`${name}.order`}>{text('content.question.order')}</label>
          <input id={`${name}.order`} name={`${name}.order`} type="number" min="1" value={index + 1} />
        </div>
        <LabelFields frame={frame} name={`${name}.label`} labels={question.labels} />
        {'choices' in question ? (
          <>
            {question.choices.map((choice, at) => (
              <details class="stack" key={choice.id}>
                <summary>{labelIn(choice.labels, language).text}</summary>
                <LabelFields frame={frame} name={`${name}.c${at}.label`} labels={choice.labels} />
                <Remove frame={frame} name={`${name}.c${at}.remove`} />
              </details>
            ))}
            <details class="stack">
              <summary>{text('content.choice.add')}</summary>
              <LabelFields frame={frame} name={`${name}.new`} labels={{}} />
            </details>
          </>
        ) : null}
        <Remove frame={frame} name={`${name}.remove`} />
      </fieldset>
    </section>
  )
}

export function LabelFields({ frame, name, labels }: { frame: StaffFrame; name: string; labels: Labels }) {
  const { text } = frame
  return (
    <>
      {languages.map((one) => (
        <div class="field" key={one}>
          <label for={`${name}.${one}`}>{text(`content.in.${one}`)}</label>
          <input id={`${name}.${one}`} name={`${name}.${one}`} type="text" lang={one} value={labels[one]} />
        </div>
      ))}
    </>
  )
}

export function Remove({ frame, name }: { frame: StaffFrame; name: string }) {
  return (
    <p>
      <label>
        <input type="checkbox" name={name} value="yes" /> {frame.text('content.remove')}
      </label>
    </p>
  )
}

function AddQuestion({ frame }: { frame: StaffFrame }) {
  const { text } = frame
  return (
    <details class="card stack">
      <summary>{text('content.question.add')}</summary>
      <div class="field">
        <label for="add.kind">{text('content.question.kind')}</label>
        <select id="add.kind" name="add.kind">
          {addedKinds.map((kind) => (
            <option value={kind} key={kind}>
              {text(`content.question.${kind}`)}
            </option>
          ))}
        </select>
      </div>
      <LabelFields frame={frame} name="add.label" labels={{}} />
      <div class="field">
        <label for="add.choices">{text('content.question.choices')}</label>
        <textarea id="add.choices" name="add.choices" rows={4} />
      </div>
    </details>
  )
}
