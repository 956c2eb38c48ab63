import type { ComponentChildren } from 'preact'
import { passkeyNameCharactersMax } from '../../../services/staff/passkeys.ts'
import type { TextKey } from '../pages/text.ts'
import { FormToken, type StaffFrame } from './layout.tsx'

/** The file of this origin that asks the browser for a passkey. */
export const passkeyScriptPath = '/sign-in/passkey.js'

export type PasskeyProblem = 'refused' | 'known' | 'too_many'

type Props = {
  readonly frame: StaffFrame
  readonly act: 'create' | 'get'
  /** Where what to ask the browser comes from. */
  readonly options: string
  readonly action: string
  /** The route's own path, for the form's token; absent where nobody is signed in. */
  readonly tokenPath?: string
  readonly button: TextKey
  readonly isFirst?: boolean
  readonly problem?: PasskeyProblem
  readonly children?: ComponentChildren
}

/** A form that the script fills with what the passkey answers; without script the server says what is missing. */
export function PasskeyForm({ frame, act, options, action, tokenPath, button, isFirst, problem, children }: Props) {
  const { text, search } = frame
  return (
    <form class="stack" method="post" action={`${action}${search}`} data-passkey={act} data-options={options}>
      {tokenPath === undefined ? null : <FormToken frame={frame} path={tokenPath} />}
      <input type="hidden" name="response" value="" />
      {children}
      <p class="error" role="alert" hidden={problem === undefined} data-problem>
        {text(problemTexts[problem ?? 'refused'])}
      </p>
      <button type="submit" class={isFirst ? 'button first' : 'button'}>
        {text(button)}
      </button>
    </form>
  )
}

const problemTexts = {
  refused: 'staff.passkey.refused',
  known: 'staff.passkey.known',
  too_many: 'staff.passkey.tooMany',
} as const satisfies Record<PasskeyProblem, TextKey>

/** What somebody will know this passkey by in their list. */
export function PasskeyName({ frame, typed }: { frame: StaffFrame; typed?: string | undefined }) {
  const { text } = frame
  return (
    <div class="field">
      <label for="passkey-name">{text('staff.passkey.name')}</label>
      <p class="hint" id="passkey-name-hint">
        {text('staff.passkey.name.hint')}
      </p>
      <input
        id="passkey-name"
        name="name"
        value={typed}
        maxLength={passkeyNameCharactersMax}
        autocomplete="off"
        aria-describedby="passkey-name-hint"
      />
    </div>
  )
}
