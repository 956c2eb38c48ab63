import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'

export type SignUpFormModel = {
  readonly frame: PageFrame
  /** Where the form posts to. */
  readonly action: string
  readonly topics: readonly { readonly id: string; readonly name: string }[]
  /** What the person agrees to, word for word as it is recorded. */
  readonly words: string
  /** Which of the brand's versions that is; 0 for the product's own. */
  readonly version: number
  readonly privacyUrl?: string
  /** What was sent and could not be used. */
  readonly refused?: {
    readonly email: string
    readonly topics: readonly string[]
    readonly why: readonly ('email' | 'topics')[]
  }
}

/** Of the field that no person sees. A program that fills in every field fills in this one. */
export const trapField = 'website'
/** RFC 5321 §4.5.3.1.3 less the brackets. */
const emailCharsMax = 254

/** `GET /sign-up/{brand}`: nothing is ticked beforehand (GDPR recital 32), and nothing holds before the mail's link. */
export function renderSignUpForm(model: SignUpFormModel, text: Translate): string {
  const { frame, refused } = model
  const title = text('signUp.title', { brand: frame.brand.name })
  return renderDocument(
    <Page frame={frame} text={text} title={refused === undefined ? title : `${text('notice.title')} · ${title}`}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <p>{text('signUp.explained')}</p>
        <form method="post" action={model.action} class="stack wide" novalidate>
          <input type="hidden" name="version" value={String(model.version)} />
          <Topics model={model} text={text} />
          <EmailField model={model} text={text} />
          <Trap text={text} />
          <div class="state stack">
            <p>{model.words}</p>
            {model.privacyUrl === undefined ? null : (
              <p>
                <a href={model.privacyUrl}>{text('contact.policy')}</a>
              </p>
            )}
          </div>
          <Button fit>{text('signUp.button')}</Button>
        </form>
      </section>
    </Page>,
  )
}

function Topics({ model, text }: { model: SignUpFormModel; text: Translate }) {
  const isMissing = model.refused?.why.includes('topics') === true
  return (
    <fieldset class="stack" aria-describedby={isMissing ? 'topics-error' : undefined}>
      <legend>{text('signUp.topics')}</legend>
      {isMissing ? (
        <p id="topics-error" class="error" role="alert">
          {text('signUp.topicsMissing')}
        </p>
      ) : null}
      <div>
        {model.topics.map(({ id, name }) => (
          <label class="choice" key={id}>
            <input type="checkbox" name="topic" value={id} checked={model.refused?.topics.includes(id) === true} />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function EmailField({ model, text }: { model: SignUpFormModel; text: Translate }) {
  const isRefused = model.refused?.why.includes('email') === true
  return (
    <div class="field">
      <label for="email">{text('signUp.email')}</label>
      {isRefused ? (
        <p id="email-error" class="error" role="alert">
          {text('notice.emailRefused')}
        </p>
      ) : null}
      <p id="email-hint" class="hint">
        {text('signUp.email.hint')}
      </p>
      <input
        type="email"
        id="email"
        name="email"
        required
        autocomplete="email"
        autocapitalize="none"
        spellcheck={false}
        maxLength={emailCharsMax}
        value={model.refused?.email}
        aria-describedby={isRefused ? 'email-error email-hint' : 'email-hint'}
        aria-invalid={isRefused ? 'true' : undefined}
      />
    </div>
  )
}

/** Out of sight, out of the order of Tab and out of what a screen reader says. */
function Trap({ text }: { text: Translate }) {
  return (
    <div class="out-of-sight" aria-hidden="true">
      <label for={trapField}>{text('signUp.trap')}</label>
      <input type="text" id={trapField} name={trapField} tabIndex={-1} autocomplete="off" />
    </div>
  )
}

export type SignUpSentModel = { readonly frame: PageFrame; readonly masked: string; readonly form: string }

/** The answer to every sign-up that could be read, whoever the address belongs to. */
export function renderSignUpSent({ frame, masked, form }: SignUpSentModel, text: Translate): string {
  const title = text('signUp.sent')
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        <div role="status" class="stack">
          <h1 id="title">{title}</h1>
          <p>{text('signUp.sent.explained', { address: masked })}</p>
        </div>
        <p class="hint">{text('signUp.sent.none')}</p>
        <p>
          <a href={form}>{text('signUp.again')}</a>
        </p>
      </section>
    </Page>,
  )
}
