import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'

export type CodeModel = {
  readonly frame: PageFrame
  /** `/c`. Typing a code only shows the page it stands for, so the form is a GET. */
  readonly action: string
  /** For who has no code. */
  readonly optOutForm?: string
  /** What was typed, when it led nowhere; `unknown` says nothing about who exists. */
  readonly refused?: { readonly typed: string; readonly why: 'unreadable' | 'unknown' }
}

/** Room for a code typed with spaces or dashes between its groups. */
const codeCharsMax = 40

/** `GET /c`: the way in for who holds a letter or a flyer instead of a link. */
export function renderCodePage(model: CodeModel, text: Translate): string {
  const { frame, refused } = model
  const title = text('code.title')
  const heading = `${title} · ${frame.brand.name}`
  return renderDocument(
    <Page frame={frame} text={text} title={refused === undefined ? heading : `${text('notice.title')} · ${heading}`}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <p>{text('code.explained')}</p>
        <form method="get" action={model.action} class="stack">
          {frame.languageSwitch.kind === 'links' ? <input type="hidden" name="lang" value={frame.language} /> : null}
          <div class="field">
            <label for="code">{text('code.label')}</label>
            {refused === undefined ? null : (
              <p id="code-error" class="error" role="alert">
                {refused.why === 'unreadable' ? text('code.unreadable') : text('code.unknown')}
              </p>
            )}
            <p id="code-hint" class="hint">
              {text('code.hint')}
            </p>
            <input
              type="text"
              id="code"
              name="code"
              required
              autocomplete="off"
              autocapitalize="characters"
              autocorrect="off"
              spellcheck={false}
              maxLength={codeCharsMax}
              value={refused?.typed}
              aria-describedby={refused === undefined ? 'code-hint' : 'code-error code-hint'}
              aria-invalid={refused === undefined ? undefined : 'true'}
            />
          </div>
          <Button first>{text('code.button')}</Button>
        </form>
        {model.optOutForm === undefined ? null : (
          <p class="rule">
            <a href={model.optOutForm}>{text('ways.form')}</a>
          </p>
        )}
      </section>
    </Page>,
  )
}
