import { passwordCharactersMax } from '../../../services/staff/passwords.ts'
import { renderDocument } from '../pages/layout.tsx'
import { FormToken, type StaffFrame, StaffPage } from './layout.tsx'
import { PasskeyForm, passkeyScriptPath } from './passkey-form.tsx'
import { providerPath } from './provider-paths.ts'

export const confirmPath = '/account/confirm'

export type ConfirmModel = {
  readonly frame: StaffFrame
  /** Where to go on to. */
  readonly next: string
  readonly hasPasskeys: boolean
  readonly hasPassword: boolean
  readonly provider?: string
  readonly problem?:
    | { readonly kind: 'refused' | 'passkey_refused' | 'provider_refused' }
    | { readonly kind: 'wait'; readonly seconds: number }
}

/** Asks who is signed in to prove that it is still them, by the ways that their account has. */
export function renderConfirm(model: ConfirmModel): string {
  const { frame, next, hasPasskeys, hasPassword, provider, problem } = model
  const { text, visit, search } = frame
  const mark = search === '' ? '?' : `${search}&`
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.confirm')} {...(hasPasskeys && { script: passkeyScriptPath })}>
      <section class="card stack wide" aria-labelledby="title">
        <div class="stack">
          <h1 id="title">{text('staff.confirm')}</h1>
          <p>{text('staff.confirm.explained', { email: visit?.session.email ?? '' })}</p>
        </div>
        {hasPasskeys ? (
          <PasskeyForm
            frame={frame}
            act="get"
            options={`${confirmPath}/options`}
            action={`${confirmPath}/passkey`}
            tokenPath={`${confirmPath}/passkey`}
            button="staff.confirm.passkey"
            isFirst
            {...(problem?.kind === 'passkey_refused' && { problem: 'refused' })}
          >
            <input type="hidden" name="next" value={next} />
          </PasskeyForm>
        ) : null}
        {provider === undefined ? null : (
          <div class="stack">
            {problem?.kind === 'provider_refused' ? (
              <p class="error" role="alert">
                {text('staff.provider.refused', { provider })}
              </p>
            ) : null}
            <a class="button" href={`${providerPath}${mark}confirm=1&next=${encodeURIComponent(next)}`}>
              {text('staff.confirm.provider', { provider })}
            </a>
          </div>
        )}
        {hasPassword ? <PasswordConfirm {...model} /> : null}
        {hasPasskeys || hasPassword || provider !== undefined ? null : (
          <p class="notice">{text('staff.confirm.deadEnd')}</p>
        )}
      </section>
    </StaffPage>,
  )
}

function PasswordConfirm({ frame, next, problem, hasPasskeys }: ConfirmModel) {
  const { text, search, visit } = frame
  const error =
    problem?.kind === 'wait'
      ? text('staff.signIn.wait', { seconds: problem.seconds })
      : problem?.kind === 'refused'
        ? text('staff.confirm.refused')
        : undefined
  return (
    <form class="stack" method="post" action={`${confirmPath}${search}`}>
      <FormToken frame={frame} path={confirmPath} />
      <input type="hidden" name="next" value={next} />
      <input type="hidden" name="username" autocomplete="username" value={visit?.session.email ?? ''} />
      <div class="field">
        <label for="password">{text('staff.password')}</label>
        {error === undefined ? null : (
          <p class="error" role="alert" id="problem">
            {error}
          </p>
        )}
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          maxLength={passwordCharactersMax}
          aria-describedby={error === undefined ? undefined : 'problem'}
          aria-invalid={error === undefined ? undefined : true}
          autofocus={!hasPasskeys}
          required
        />
      </div>
      <button type="submit" class={hasPasskeys ? 'button' : 'button first'}>
        {text('staff.confirm.password')}
      </button>
    </form>
  )
}
