import type { WordingFault } from '../../../../services/page-lint/brand-pages.ts'
import { pageInWords, ruleInWords } from '../../../../services/page-lint/finding-in-words.ts'
import { findingName } from '../../../../services/page-lint/lint-pages.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { overrideCharactersMax } from '../../pages/overrides.ts'
import { styleFor } from '../../pages/style.ts'
import { type Language, languages, type Translate } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { type DifferingField, FormVersion, Overtaken } from './form-version.tsx'
import { type SampleName, sampleNames, type TextGroup, textGroups } from './text-groups.ts'

export const wordingRoute = '/content/:brand/wording/:language/:group'
export const previewWidth = 360

export type WordingLine = {
  readonly key: string
  /** The product's own sentence. */
  readonly original: string
  /** The brand's, empty where it uses the product's. */
  readonly own: string
}

export type WordingModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  readonly language: Language
  readonly group: TextGroup
  readonly sample: SampleName
  readonly lines: readonly WordingLine[]
  /** Of this group, as it is published. */
  readonly stored: Readonly<Record<string, string>>
  readonly outcome?:
    | { readonly kind: 'published'; readonly version: number }
    | { readonly kind: 'unchanged' }
    /** Somebody else published meanwhile; these are the sentences of which both say something else. */
    | { readonly kind: 'overtaken'; readonly differing: readonly DifferingField[] }
    | { readonly kind: 'unusable'; readonly faults: readonly WordingFault[] }
    | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
}

export function wordingPath(brand: string, language: string, group: string): string {
  return `/content/${brand}/wording/${language}/${group}`
}

/** Every sentence of one group beside the page it stands on. Works without script; with it the page follows the typing. */
export function renderWording(model: WordingModel): string {
  const { frame, brand, language, group, sample } = model
  const { text, search } = frame
  const path = wordingPath(brand.id, language, group.id)
  return renderDocument(
    <StaffPage frame={frame} title={`${text(group.title)} · ${brand.name}`} script="/content.js">
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <h1>{text(group.title)}</h1>
      <Groups {...model} />
      <Result {...model} />
      <div class="beside with-phone">
        <form class="card stack" method="post" action={`${path}${search}`} id="texts">
          <FormToken frame={frame} path={wordingRoute} />
          <FormVersion stored={model.stored} />
          <p class="hint">{text('content.wording.hint')}</p>
          {model.lines.map((line) => (
            <Line {...model} line={line} key={line.key} />
          ))}
          <div class="acts">
            <button class="button" type="submit" name="act" value="preview" formtarget="preview">
              {text('content.preview')}
            </button>
            <button class="button" type="submit" name="act" value="check" formtarget="findings">
              {text('content.check')}
            </button>
            <button class="button first" type="submit" name="act" value="publish">
              {text('content.publish')}
            </button>
          </div>
        </form>
        <section class="card stack sticky" aria-labelledby="preview-title">
          <h2 id="preview-title">{text('content.preview')}</h2>
          <div class="field">
            <label for="sample">{text('content.sample')}</label>
            <select id="sample" name="sample" form="texts">
              {sampleNames.map((name) => (
                <option value={name} selected={name === sample} key={name}>
                  {text(`content.sample.${name}`)}
                </option>
              ))}
            </select>
          </div>
          <iframe class="phone" name="preview" title={text('content.preview')} src={`${path}/preview`} sandbox="" />
          <h2 id="findings-title">{text('content.findings')}</h2>
          <iframe
            class="findings"
            name="findings"
            title={text('content.findings')}
            src={`${path}/findings${search}`}
            sandbox=""
          />
        </section>
      </div>
    </StaffPage>,
  )
}

function Groups({ frame, brand, language, group }: WordingModel) {
  const { text, search } = frame
  return (
    <nav class="stack" aria-label={text('content.wording')}>
      <p class="row-links">
        {languages.map((one) => (
          <a
            href={`${wordingPath(brand.id, one, group.id)}${search}`}
            aria-current={one === language ? 'page' : undefined}
            key={one}
          >
            {text(`content.in.${one}`)}
          </a>
        ))}
      </p>
      <p class="row-links">
        {textGroups.map((one) => (
          <a
            href={`${wordingPath(brand.id, language, one.id)}${search}`}
            aria-current={one.id === group.id ? 'page' : undefined}
            key={one.id}
          >
            {text(one.title)}
          </a>
        ))}
      </p>
    </nav>
  )
}

function Result({ frame, outcome }: WordingModel) {
  const { text } = frame
  switch (outcome?.kind) {
    case undefined:
      return null
    case 'published':
      return (
        <p class="state" role="status">
          {text('content.published', { version: outcome.version })}
        </p>
      )
    case 'unchanged':
      return (
        <p class="state" role="status">
          {text('content.unchanged')}
        </p>
      )
    case 'overtaken':
      return <Overtaken frame={frame} differing={outcome.differing} />
    case 'unusable':
      return (
        <p class="notice" role="alert">
          {text('content.unusable')}
        </p>
      )
    case 'refused':
      return (
        <section class="notice stack" role="alert">
          <p>{text('content.refused')}</p>
          <Findings frame={frame} findings={outcome.findings} />
        </section>
      )
  }
}

function Line({ frame, language, line, outcome }: WordingModel & { line: WordingLine }) {
  const { text } = frame
  const { key, original, own } = line
  const fault = outcome?.kind === 'unusable' ? outcome.faults.find((one) => one.key === key) : undefined
  const id = `text-${key}`
  return (
    <div class="field">
      <label for={id} lang={language}>
        {original}
      </label>
      <p class="hint" id={`${id}-name`}>
        {key}
      </p>
      {fault === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {wordingFault(text, fault)}
        </p>
      )}
      <textarea
        id={id}
        name={`text ${key}`}
        lang={language}
        rows={Math.min(4, Math.ceil((own || original).length / 60))}
        maxLength={overrideCharactersMax}
        placeholder={text('content.wording.same')}
        aria-describedby={fault === undefined ? `${id}-name` : `${id}-error ${id}-name`}
        aria-invalid={fault === undefined ? undefined : true}
        value={own}
      />
    </div>
  )
}

function wordingFault(text: Translate, { kind, value = '' }: WordingFault): string {
  return text('content.wording.fault', { kind, value })
}

/** The rules of the pages that are broken, each with what breaks it and where the rule comes from. */
export function Findings({ frame, findings }: { frame: StaffFrame; findings: readonly Finding[] }) {
  const { text } = frame
  if (findings.length === 0) return <p>{text('content.findings.none')}</p>
  return (
    <ul class="plain">
      {findings.map((finding) => (
        <li class="row" key={findingName(finding)}>
          <div>
            <p>
              <strong>{pageInWords(text, finding)}</strong>
            </p>
            <p>{text(finding.key, finding.values)}</p>
            <p class="hint">
              {ruleInWords(text, finding.rule)} <span lang="en">{`${finding.rule} · ${finding.source}`}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** What stands in the frame beside the sentences. */
export function renderFindings(
  frame: StaffFrame,
  { faults, findings }: { faults: readonly WordingFault[]; findings: readonly Finding[] },
): string {
  const { text, language } = frame
  return renderDocument(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{text('content.findings')}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <style dangerouslySetInnerHTML={{ __html: styleFor().css }} />
      </head>
      <body>
        <main>
          {faults.length === 0 ? (
            <Findings frame={frame} findings={findings} />
          ) : (
            <ul class="plain">
              {faults.map((fault) => (
                <li class="row" key={`${fault.key} ${fault.kind}`}>
                  {fault.key}: {wordingFault(text, fault)}
                </li>
              ))}
            </ul>
          )}
        </main>
      </body>
    </html>,
  )
}
