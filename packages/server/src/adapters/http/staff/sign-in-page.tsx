import { passwordCharactersMax } from '../../../services/staff/passwords.ts'
import { renderDocument } from '../pages/layout.tsx'
import type { TextKey } from '../pages/text.ts'
import { type StaffFrame, StaffPage } from './layout.tsx'
import { PasskeyForm, type PasskeyProblem, passkeyScriptPath } from './passkey-form.tsx'
import { providerPath } from './provider-paths.ts'

export type SignInModel = {
  readonly frame: StaffFrame
  readonly email?: string
  readonly next?: string
  readonly hasPasskeys: boolean
  /** The OpenID provider's name, where there is one. */
  readonly provider?: string
  readonly problem?: { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly seconds: number }
  readonly passkeyProblem?: PasskeyProblem
  readonly providerProblem?: 'refused' | 'unknown_account' | 'unreachable'
}

export function renderSignIn(model: SignInModel): string {
  const { frame, hasPasskeys, provider } = model
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.signIn')} {...(hasPasskeys && { script: passkeyScriptPath })}>
      <section class="card stack wide" aria-labelledby="title">
        <h1 id="title">{text('staff.signIn')}</h1>
        {provider === undefined ? null : <ProviderWay {...model} provider={provider} />}
        {hasPasskeys ? <PasskeyWay {...model} /> : null}
        <PasswordWay {...model} />
      </section>
    </StaffPage>,
  )
}

function PasskeyWay({ frame, next, passkeyProblem }: SignInModel) {
  return (
    <PasskeyForm
      frame={frame}
      act="get"
      options="/sign-in/passkey/options"
      action="/sign-in/passkey"
      button="staff.passkey.signIn"
      isFirst
      {...(passkeyProblem && { problem: passkeyProblem })}
    >
      {next === undefined ? null : <input type="hidden" name="next" value={next} />}
    </PasskeyForm>
  )
}

function ProviderWay({ frame, next, provider, providerProblem }: SignInModel & { provider: string }) {
  const { text, search } = frame
  const mark = search === '' ? '?' : `${search}&`
  const query = next === undefined ? search : `${mark}next=${encodeURIComponent(next)}`
  return (
    <div class="stack">
      {providerProblem === undefined ? null : (
        <p class="error" role="alert">
          {text(providerTexts[providerProblem], { provider })}
        </p>
      )}
      <a class="button" href={`${providerPath}${query}`}>
        {text('staff.provider.signIn', { provider })}
      </a>
    </div>
  )
}

const providerTexts = {
  refused: 'staff.provider.refused',
  unknown_account: 'staff.provider.unknown',
  unreachable: 'staff.provider.unreachable',
} as const satisfies Record<NonNullable<SignInModel['providerProblem']>, TextKey>

function PasswordWay({ frame, email, next, problem, hasPasskeys }: SignInModel) {
  const { text, search } = frame
  return (
    <form class="stack" method="post" action={`/sign-in${search}`} aria-label={text('staff.signIn.password')}>
      {problem === undefined ? null : (
        <p class="error" role="alert" id="problem">
          {problem.kind === 'refused'
            ? text('staff.signIn.refused')
            : text('staff.signIn.wait', { seconds: problem.seconds })}
        </p>
      )}
      {next === undefined ? null : <input type="hidden" name="next" value={next} />}
      <div class="field">
        <label for="email">{text('staff.email')}</label>
        <input
          type="email"
          id="email"
          name="email"
          autocomplete="username"
          value={email}
          required
          autofocus={!hasPasskeys}
        />
      </div>
      <div class="field">
        <label for="password">{text('staff.password')}</label>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          maxLength={passwordCharactersMax}
          aria-describedby={problem === undefined ? undefined : 'problem'}
          required
        />
      </div>
      <button type="submit" class={hasPasskeys ? 'button' : 'button first'}>
        {text('staff.signIn.password')}
      </button>
      <p class="quiet-text">{text('staff.signIn.forgotten')}</p>
    </form>
  )
}

/** Signed out here, and how to be signed out at the provider too. */
export function renderSignedOut(frame: StaffFrame, { provider, url }: { provider: string; url: string }): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.provider.signedOut')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.provider.signedOut')}</h1>
        <p role="status">{text('staff.provider.signedOut.explained', { provider })}</p>
        <p>
          <a class="button" href={url}>
            {text('staff.provider.signOut', { provider })}
          </a>
        </p>
      </section>
    </StaffPage>,
  )
}

/** A page that only says something: that a door is closed, or that somebody left. */
export function renderNotice(
  frame: StaffFrame,
  title: TextKey,
  words: TextKey,
  link?: { to: string; text: TextKey },
): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text(title)}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text(title)}</h1>
        <p role="status">{text(words)}</p>
        {link === undefined ? null : (
          <p>
            <a class="button fit" href={`${link.to}${frame.search}`}>
              {text(link.text)}
            </a>
          </p>
        )}
      </section>
    </StaffPage>,
  )
}
