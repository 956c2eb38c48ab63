import type { Catalog } from '../../../../services/catalog.ts'
import { nameOfTopic } from '../../../../services/scope-in-words.ts'
import type { CheckReport } from '../../../check/check-message.ts'
import { type CheckKind, checkKinds } from '../../../check/check-rules.ts'
import { reportInWords, type ToldFinding } from '../../../check/findings-in-words.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { languages } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import type { CheckAnswer } from './check-routes.ts'

export type CheckModel = {
  readonly frame: StaffFrame
  readonly catalog: Pick<Catalog, 'brands' | 'topics'>
  readonly kind?: CheckKind
  /** The brand, or the brand and the topic: `acme`, `acme news`. */
  readonly about?: string
  readonly language?: string
  readonly sender?: string
  readonly message?: string
  readonly answer?: CheckAnswer
}

const kindTexts = {
  email: 'check.kind.email',
  sms: 'check.kind.sms',
  phone: 'check.kind.phone',
  print: 'check.kind.print',
} as const
/** As long as a number or a name can be that a text comes from. */
export const senderCharactersMax = 100
const severityTexts = { error: 'check.error', warning: 'check.warning', note: 'check.note' } as const
const problemTexts = {
  nothing_given: 'check.problem.nothing_given',
  too_large: 'check.problem.too_large',
} as const

/** What was found first, then the form with what was asked. */
export function renderCheck(model: CheckModel): string {
  const { frame, answer } = model
  const { text } = frame
  const isReport = typeof answer === 'object'
  return renderDocument(
    <StaffPage frame={frame} title={text('check.title')}>
      {isReport ? <Report frame={frame} report={answer} /> : null}
      <section class="card stack" aria-labelledby="title">
        {isReport ? <h2 id="title">{text('check.again')}</h2> : <h1 id="title">{text('check.title')}</h1>}
        <p>{text('check.intro')}</p>
        <CheckForm {...model} />
      </section>
    </StaffPage>,
  )
}

function Report({ frame, report }: { frame: StaffFrame; report: CheckReport }) {
  const { text } = frame
  return (
    <section class="card stack" aria-labelledby="verdict">
      <div role="status" class={report.mayLeave ? 'state' : 'notice'}>
        <h1 id="verdict">{text(report.mayLeave ? 'check.mayLeave' : 'check.mustNotLeave')}</h1>
        <p>{text('check.counts', { errors: report.errors, warnings: report.warnings })}</p>
      </div>
      {report.findings.length === 0 ? null : (
        <ul class="plain">
          {reportInWords(text, report).findings.map((one) => (
            <FindingLine frame={frame} finding={one} key={`${one.key} ${one.where ?? ''} ${one.message}`} />
          ))}
        </ul>
      )}
    </section>
  )
}

function FindingLine({ frame, finding }: { frame: StaffFrame; finding: ToldFinding }) {
  const { text } = frame
  return (
    <li class="row">
      <div>
        <p>
          <strong>{text(severityTexts[finding.severity])}</strong> {finding.message}
        </p>
        <p class="hint">
          {finding.where === undefined ? '' : `${finding.where} · `}
          {finding.rule} · {finding.source}
        </p>
      </div>
    </li>
  )
}

/** Who sends it and about what, in which language, and from which number: what the message itself does not say. */
function About({ frame, catalog, about, language, sender }: CheckModel) {
  const { text } = frame
  const abouts = catalog
    .brands()
    .flatMap(({ id, name }) => [
      [id, name] as const,
      ...catalog
        .topics(id)
        .map((topic) => [`${id} ${topic.id}`, `${name}: ${nameOfTopic(topic, frame.language)}`] as const),
    ])
  return (
    <>
      <div class="field">
        <label for="brand">{text('check.brand')}</label>
        <select id="brand" name="brand">
          {abouts.map(([value, name]) => (
            <option value={value} selected={value === about} key={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="language">{text('check.language')}</label>
        <select id="language" name="language">
          <option value="">{text('check.language.any')}</option>
          {languages.map((one) => (
            <option value={one} selected={one === language} key={one}>
              {text(`content.in.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="sender">{text('check.sender')}</label>
        <input id="sender" name="sender" type="text" maxLength={senderCharactersMax} value={sender} />
      </div>
    </>
  )
}

function CheckForm(model: CheckModel) {
  const { frame, kind, message, answer } = model
  const { text } = frame
  const problem = typeof answer === 'string' ? text(problemTexts[answer]) : undefined
  return (
    <form class="stack" method="post" action={`/check${frame.search}`} encType="multipart/form-data">
      <FormToken frame={frame} path="/check" />
      <div class="field">
        <label for="kind">{text('check.kind')}</label>
        <select id="kind" name="kind">
          {checkKinds.map((one) => (
            <option value={one} selected={one === kind} key={one}>
              {text(kindTexts[one])}
            </option>
          ))}
        </select>
      </div>
      <About {...model} />
      <div class="field">
        <label for="message">{text('check.message')}</label>
        <p class="hint" id="message-hint">
          {text('check.message.hint')}
        </p>
        {problem === undefined ? null : (
          <p class="error" id="message-error">
            {problem}
          </p>
        )}
        <textarea
          id="message"
          name="message"
          rows={8}
          spellcheck={false}
          aria-describedby={problem === undefined ? 'message-hint' : 'message-error message-hint'}
          aria-invalid={problem === undefined ? undefined : true}
          value={message}
        />
      </div>
      <div class="field">
        <label for="file">{text('check.file')}</label>
        <input id="file" name="file" type="file" />
      </div>
      <button class="button first" type="submit">
        {text('check.run')}
      </button>
    </form>
  )
}
