import { roles } from '../../../services/staff/permissions.ts'
import type { PasskeyRow } from '../../../storage/staff-passkeys.ts'
import { renderDocument } from '../pages/layout.tsx'
import { dayInWords } from '../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from './layout.tsx'
import { PasskeyForm, PasskeyName, type PasskeyProblem, passkeyScriptPath } from './passkey-form.tsx'

export type AccountModel = {
  readonly frame: StaffFrame
  readonly hasPasskeys: boolean
  readonly mayUsePassword: boolean
  readonly passkeys: readonly PasskeyRow[]
  /** Names of the account's own sets of permissions. */
  readonly sets: readonly string[]
  /** Set where something may wait for this reader as the second member of staff. */
  readonly mayApprove: boolean
  readonly problem?: PasskeyProblem
  /** The name that was written for a passkey that could not be added. */
  readonly typedName?: string
}

/** Who is signed in, as what, and with which passkeys. */
export function renderAccount(model: AccountModel): string {
  const { frame, hasPasskeys, mayUsePassword, mayApprove, sets } = model
  const { text, visit, search } = frame
  const held = roles.filter((role) => visit?.session.roles.includes(role))
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.room.account')} {...(hasPasskeys && { script: passkeyScriptPath })}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.room.account')}</h1>
        <p>{text('staff.account.who', { email: visit?.session.email ?? '' })}</p>
        <ul class="plain ticks">
          {held.map((role) => (
            <li key={role}>{text('staff.role', { role })}</li>
          ))}
          {sets.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
        {mayUsePassword ? <p class="quiet-text">{text('staff.account.password')}</p> : null}
        {mayApprove ? (
          <p>
            <a href={`/approvals${search}`}>{text('staff.approvals.open')}</a>
          </p>
        ) : null}
      </section>
      {hasPasskeys ? <Passkeys {...model} /> : null}
      <section class="card stack" aria-labelledby="sessions">
        <h2 id="sessions">{text('staff.sessions')}</h2>
        <p>{text('staff.sessions.explained')}</p>
        <form method="post" action={`/account/sessions/end${search}`}>
          <FormToken frame={frame} path="/account/sessions/end" />
          <button type="submit" class="button">
            {text('staff.sessions.end')}
          </button>
        </form>
      </section>
    </StaffPage>,
  )
}

function Passkeys({ frame, passkeys, problem, typedName }: AccountModel) {
  const { text } = frame
  return (
    <section class="card stack" aria-labelledby="passkeys">
      <h2 id="passkeys">{text('staff.passkeys')}</h2>
      <p>{text(passkeys.length === 0 ? 'staff.passkeys.none' : 'staff.passkey.explained')}</p>
      {passkeys.length === 0 ? null : (
        <ul class="plain">
          {passkeys.map((one) => (
            <Passkey frame={frame} passkey={one} key={one.id} />
          ))}
        </ul>
      )}
      <details open={problem !== undefined || passkeys.length === 0}>
        <summary>{text('staff.passkey.add')}</summary>
        <PasskeyForm
          frame={frame}
          act="create"
          options="/account/passkeys/options"
          action="/account/passkeys/add"
          tokenPath="/account/passkeys/add"
          button="staff.passkey.make"
          {...(problem && { problem })}
        >
          <PasskeyName frame={frame} typed={typedName} />
        </PasskeyForm>
      </details>
    </section>
  )
}

function Passkey({ frame, passkey }: { frame: StaffFrame; passkey: PasskeyRow }) {
  const { text, language, timeZone, search } = frame
  const { id, name, createdAt, usedAt } = passkey
  const day = (at: Date) => dayInWords(at, language, timeZone)
  const used = usedAt === null ? text('staff.passkey.unused') : text('staff.passkey.used', { day: day(usedAt) })
  return (
    <li class="rule stack">
      <p>
        <strong>{name}</strong>
      </p>
      <p class="hint">
        {text('staff.passkey.since', { day: day(createdAt) })} {used}
      </p>
      <details>
        <summary>{text('staff.passkey.change', { name })}</summary>
        <div class="stack">
          <form class="stack" method="post" action={`/account/passkeys/rename${search}`}>
            <FormToken frame={frame} path="/account/passkeys/rename" />
            <input type="hidden" name="passkey" value={id} />
            <div class="field">
              <label for={`name-${id}`}>{text('staff.passkey.name')}</label>
              <input id={`name-${id}`} name="name" value={name} autocomplete="off" required />
            </div>
            <button type="submit" class="button">
              {text('staff.passkey.rename')}
            </button>
          </form>
          <form class="stack" method="post" action={`/account/passkeys/remove${search}`}>
            <FormToken frame={frame} path="/account/passkeys/remove" />
            <input type="hidden" name="passkey" value={id} />
            <p class="hint">{text('staff.passkey.remove.hint')}</p>
            <button type="submit" class="button">
              {text('staff.passkey.remove')}
            </button>
          </form>
        </div>
      </details>
    </li>
  )
}
