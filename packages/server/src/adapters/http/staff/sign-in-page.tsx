import { passwordCharactersMax, passwordCharactersMin } from '../../../services/staff/passwords.ts'
import { renderDocument } from '../pages/layout.tsx'
import type { TextKey } from '../pages/text.ts'
import { type StaffFrame, StaffPage } from './layout.tsx'

export type SignInModel = {
  readonly frame: StaffFrame
  readonly email?: string
  readonly next?: string
  readonly problem?: { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly seconds: number }
}

export function renderSignIn({ frame, email, next, problem }: SignInModel): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.signIn')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.signIn')}</h1>
        {problem === undefined ? null : (
          <p class="error" role="alert" id="problem">
            {problem.kind === 'refused'
              ? text('staff.signIn.refused')
              : text('staff.signIn.wait', { seconds: problem.seconds })}
          </p>
        )}
        <form class="stack" method="post" action={`/sign-in${search}`}>
          {next === undefined ? null : <input type="hidden" name="next" value={next} />}
          <div class="field">
            <label for="email">{text('staff.email')}</label>
            <input type="email" id="email" name="email" autocomplete="username" value={email} required autofocus />
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
          <button type="submit" class="button first">
            {text('staff.signIn')}
          </button>
        </form>
        <p class="quiet-text">{text('staff.signIn.forgotten')}</p>
      </section>
    </StaffPage>,
  )
}

export type PasswordModel = {
  readonly frame: StaffFrame
  readonly email: string
  readonly action: string
  readonly fault?: 'too_short' | 'too_long' | 'is_address' | 'not_the_same'
}

export function renderPassword({ frame, email, action, fault }: PasswordModel): string {
  const { text } = frame
  const limits = { min: passwordCharactersMin, max: passwordCharactersMax }
  const invalid = fault === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': 'fault hint' }
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.choose')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.choose')}</h1>
        <p>{text('staff.choose.who', { email })}</p>
        <form class="stack" method="post" action={action}>
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
              autofocus
              {...invalid}
            />
          </div>
          <div class="field">
            <label for="again">{text('staff.choose.again')}</label>
            <input type="password" id="again" name="again" autocomplete="new-password" required />
          </div>
          <button type="submit" class="button first">
            {text('staff.choose.save')}
          </button>
        </form>
      </section>
    </StaffPage>,
  )
}

const faultTexts = {
  too_short: 'staff.choose.short',
  too_long: 'staff.choose.long',
  is_address: 'staff.choose.address',
  not_the_same: 'staff.choose.differs',
} as const satisfies Record<string, TextKey>

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

/** Who is signed in and as what. */
export function renderAccount(frame: StaffFrame): string {
  const { text, visit } = frame
  const roles = visit?.session.roles ?? []
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.room.account')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.room.account')}</h1>
        <p>{text('staff.account.who', { email: visit?.session.email ?? '' })}</p>
        <ul class="plain ticks">
          {roles.map((role) => (
            <li key={role}>{text('staff.role', { role })}</li>
          ))}
        </ul>
        <p class="quiet-text">{text('staff.account.password')}</p>
      </section>
    </StaffPage>,
  )
}
