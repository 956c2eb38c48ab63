import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'

export type OptOutFormModel = {
  readonly frame: PageFrame
  /** Where the form posts to. */
  readonly action: string
  /** Where a code from paper is typed. */
  readonly codePage: string
  /** Empty where the controller has one brand, or the address of the page names one. */
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  /** Asked only where a number without a country could lie in several. */
  readonly countries: readonly { readonly code: string; readonly name: string }[]
  /** What was sent and could not be read. */
  readonly refused?: {
    readonly contact: string
    readonly post: string
    readonly brand: string
    readonly country: string
    readonly field: 'contact' | 'post'
  }
}

/** A long address fits; what is longer is none. */
const contactCharsMax = 320
const postCharsMax = 300

/**
 * `GET /opt-out`: the way out for who has no link and no code. Two fields, one act, no question of who they are
 * (GDPR art. 12(2)). There is no trap for programs here: a browser that fills it in would lose somebody's no.
 */
export function renderOptOutForm(model: OptOutFormModel, text: Translate): string {
  const { frame, refused } = model
  const title = text('optOut.title')
  const heading = `${title} · ${frame.brand.name}`
  return renderDocument(
    <Page frame={frame} text={text} title={refused === undefined ? heading : `${text('notice.title')} · ${heading}`}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <p>{text('optOut.explained')}</p>
        <form method="post" action={model.action} class="stack" novalidate>
          <ContactField model={model} text={text} />
          <Button first>{text('optOut.button')}</Button>
          <PostField model={model} text={text} />
          <Choices model={model} text={text} />
          {/* The same act again, so that nobody has to go back up. */}
          <Button first>{text('optOut.button')}</Button>
        </form>
        <p class="rule">
          <a href={model.codePage}>{text('ways.code')}</a>
        </p>
      </section>
    </Page>,
  )
}

function ContactField({ model, text }: { model: OptOutFormModel; text: Translate }) {
  const isRefused = model.refused?.field === 'contact'
  return (
    <div class="field">
      <label for="contact">{text('optOut.contact')}</label>
      {isRefused ? (
        <p id="contact-error" class="error" role="alert">
          {text('optOut.unreadable')}
        </p>
      ) : null}
      <p id="contact-hint" class="hint">
        {text('optOut.contact.hint')}
      </p>
      <input
        type="text"
        id="contact"
        name="contact"
        autocomplete="email"
        autocapitalize="none"
        spellcheck={false}
        maxLength={contactCharsMax}
        value={model.refused?.contact}
        aria-describedby={isRefused ? 'contact-error contact-hint' : 'contact-hint'}
        aria-invalid={isRefused ? 'true' : undefined}
      />
    </div>
  )
}

function PostField({ model, text }: { model: OptOutFormModel; text: Translate }) {
  const isRefused = model.refused?.field === 'post'
  return (
    <div class="field rule">
      <label for="post">{text('optOut.post')}</label>
      {isRefused ? (
        <p id="post-error" class="error" role="alert">
          {text('optOut.unreadable.post')}
        </p>
      ) : null}
      <p id="post-hint" class="hint">
        {text('optOut.post.hint')}
      </p>
      <textarea
        id="post"
        name="post"
        rows={3}
        autocomplete="street-address"
        maxLength={postCharsMax}
        aria-describedby={isRefused ? 'post-error post-hint' : 'post-hint'}
        aria-invalid={isRefused ? 'true' : undefined}
      >
        {model.refused?.post}
      </textarea>
    </div>
  )
}

function Choices({ model, text }: { model: OptOutFormModel; text: Translate }) {
  const { brands, countries, refused, frame } = model
  return (
    <>
      {countries.length === 0 ? null : (
        <div class="field">
          <label for="country">{text('optOut.country')}</label>
          <select id="country" name="country" autocomplete="country">
            <option value=""> </option>
            {countries.map(({ code, name }) => (
              <option value={code} selected={refused?.country === code} key={code}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      {brands.length === 0 ? null : (
        <div class="field">
          <label for="brand">{text('optOut.brand')}</label>
          <select id="brand" name="brand">
            <option value="">{text('optOut.brand.all', { controller: frame.controller.name })}</option>
            {brands.map(({ id, name }) => (
              <option value={id} selected={refused?.brand === id} key={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
    </>
  )
}

export type OptOutDoneModel = {
  readonly frame: PageFrame
  readonly stopped: readonly { readonly type: 'email' | 'phone' | 'post'; readonly masked: string }[]
  readonly form: string
}

/** The answer to every no that could be read, whether the hub knew the address or not. */
export function renderOptOutDone({ frame, stopped, form }: OptOutDoneModel, text: Translate): string {
  const sentences = stopped.map(({ type, masked }) => text('optOut.done', { type, address: masked }))
  const [only, ...others] = sentences
  const title = others.length === 0 && only !== undefined ? only : text('optOut.done.both')
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        <div role="status" class="stack">
          <span class="seal" aria-hidden="true" />
          <h1 id="title">{title}</h1>
          {others.length === 0 ? null : sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}
          <p>{text('done.now')}</p>
        </div>
        {stopped.some(({ type }) => type === 'email') ? <p>{text('optOut.mail')}</p> : null}
        <p>{text('stillComes')}</p>
        <p class="rule">
          {text('optOut.elsewhere')} <a href={form}>{text('optOut.another')}</a>
        </p>
      </section>
    </Page>,
  )
}
