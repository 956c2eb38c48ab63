import { passwordCharactersMax, passwordCharactersMin } from '../../../services/staff/passwords.ts'
import { renderDocument } from '../pages/layout.tsx'
import type { TextKey } from '../pages/text.ts'
import { type StaffFrame, StaffPage } from './layout.tsx'
import { PasskeyForm, PasskeyName, type PasskeyProblem, passkeyScriptPath } from './passkey-form.tsx'

export type LinkModel = {
  readonly frame: StaffFrame
  readonly email: string
  /** The link's own path. */
  readonly path: string
  readonly hasPasskeys: boolean
  readonly mayUsePassword: boolean
  readonly provider?: string
  readonly fault?: 'too_short' | 'too_long' | 'is_address' | 'not_the_same'
  readonly passkeyProblem?: PasskeyProblem
  /** The name that was written for a passkey that could not be added. */
  readonly typedName?: string
}

/** What the holder of a link can do with it. */
export function renderLink(model: LinkModel): string {
  const { frame, email, hasPasskeys, mayUsePassword, provider } = model
  const { text } = frame
  const title = text(hasPasskeys ? 'staff.open' : 'staff.choose')
  const isDeadEnd = !hasPasskeys && !mayUsePassword
  return renderDocument(
    <StaffPage frame={frame} title={title} {...(hasPasskeys && { script: passkeyScriptPath })}>
      <section class="card stack wide" aria-labelledby="title">
        <div class="stack">
          <h1 id="title">{title}</h1>
          <p>{text('staff.choose.who', { email })}</p>
          {provider === undefined ? null : <p>{text('staff.open.provider', { provider })}</p>}
          {isDeadEnd ? <p class="notice">{text('staff.open.deadEnd')}</p> : null}
        </div>
        {hasPasskeys ? <FirstPasskey {...model} /> : null}
        {mayUsePassword ? <PasswordForm {...model} /> : null}
      </section>
    </StaffPage>,
  )
}

function FirstPasskey({ frame, path, passkeyProblem, typedName }: LinkModel) {
  const { text } = frame
  return (
    <PasskeyForm
      frame={frame}
      act="create"
      options={`${path}/options`}
      action={`${path}/passkey`}
      button="staff.passkey.make"
      isFirst
      {...(passkeyProblem && { problem: passkeyProblem })}
    >
      <p>{text('staff.passkey.explained')}</p>
      <PasskeyName frame={frame} typed={typedName} />
    </PasskeyForm>
  )
}

function PasswordForm({ frame, email, path, fault, hasPasskeys }: LinkModel) {
  const { text, search } = frame
  const limits = { min: passwordCharactersMin, max: passwordCharactersMax }
  const invalid = fault === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': 'fault hint' }
  return (
    <form class="stack" method="post" action={`${path}${search}`}>
      {hasPasskeys ? <h2>{text('staff.choose')}</h2> : null}
      <input type="hidden" name="username" autocomplete="username" value={email} />
      {fault === undefined ? null : (
        <p class="error" role="alert" id="fault">
          {text(faultTexts[fault], limits)}
        </p>
      )}
      <div class="field">
        <label for="password">{text('staff.choose.password')}</label>
        <p class="hint" id="hint">
          {text('staff.choose.hint', limits)}
        </p>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="new-password"
          aria-describedby="hint"
          required
          autofocus={!hasPasskeys}
          {...invalid}
        />
      </div>
      <div class="field">
        <label for="again">{text('staff.choose.again')}</label>
        <input type="password" id="again" name="again" autocomplete="new-password" required />
      </div>
      <button type="submit" class={hasPasskeys ? 'button' : 'button first'}>
        {text('staff.choose.save')}
      </button>
    </form>
  )
}

const faultTexts = {
  too_short: 'staff.choose.short',
  too_long: 'staff.choose.long',
  is_address: 'staff.choose.address',
  not_the_same: 'staff.choose.differs',
} as const satisfies Record<string, TextKey>
