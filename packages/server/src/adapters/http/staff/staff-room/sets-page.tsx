import { setNameCharactersMax } from '../../../../services/staff/permission-sets.ts'
import { permissions } from '../../../../services/staff/permissions.ts'
import type { PermissionSetRow } from '../../../../storage/staff-sets.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'

export const setProblems = {
  no_name: 'staff.sets.noName',
  no_permission: 'staff.sets.noPermission',
  name_taken: 'staff.sets.taken',
  too_many: 'staff.sets.tooMany',
  unknown: 'staff.member.unknown',
  beyond_own: 'staff.member.beyond',
} as const satisfies Record<string, TextKey>
export type SetProblem = keyof typeof setProblems

/** Which of the fields a problem is about; the others are about the set as a whole. */
const fieldOf: Readonly<Partial<Record<SetProblem, 'name' | 'permissions'>>> = {
  no_name: 'name',
  name_taken: 'name',
  no_permission: 'permissions',
  beyond_own: 'permissions',
}

export type SetsModel = {
  readonly frame: StaffFrame
  readonly sets: readonly PermissionSetRow[]
  readonly problem?: SetProblem
  /** What was posted, where it has a problem. */
  readonly typed?: { readonly id?: string; readonly name: string; readonly permissions: readonly string[] }
}

/** The deployment's own sets of permissions, beside the roles that every deployment has. */
export function renderSets({ frame, sets, problem, typed }: SetsModel): string {
  const { text, search } = frame
  // A set that somebody removed meanwhile has no form of its own any more: what was written of it makes a new one.
  const known = sets.some(({ id }) => id === typed?.id)
  const added = typed !== undefined && !known ? { name: typed.name, permissions: typed.permissions } : undefined
  const isOfField = problem !== undefined && typed !== undefined && fieldOf[problem] !== undefined
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.sets')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.sets')}</h1>
        <p>{text('staff.sets.explained')}</p>
        {problem === undefined || isOfField ? null : (
          <p class="error" role="alert">
            {text(setProblems[problem])}
          </p>
        )}
        {sets.map((set) => (
          <details class="rule" open={typed?.id === set.id} key={set.id}>
            <summary>{set.name}</summary>
            <div class="stack">
              <SetForm
                frame={frame}
                set={typed?.id === set.id ? { ...set, ...typed } : set}
                problem={typed?.id === set.id ? problem : undefined}
              />
              <form class="field" method="post" action={`/staff/sets/remove${search}`}>
                <FormToken frame={frame} path="/staff/sets/remove" />
                <input type="hidden" name="set" value={set.id} />
                <p class="hint">{text('staff.sets.remove.hint')}</p>
                <button type="submit" class="button">
                  {text('staff.sets.remove')}
                </button>
              </form>
            </div>
          </details>
        ))}
        <p>
          <a href={`/staff${search}`}>{text('staff.member.all')}</a>
        </p>
      </section>
      <section class="card stack" aria-labelledby="add">
        <h2 id="add">{text('staff.sets.add')}</h2>
        <SetForm
          frame={frame}
          set={added ?? { name: '', permissions: [] }}
          problem={added === undefined ? undefined : problem}
        />
      </section>
    </StaffPage>,
  )
}

type SetFormProps = {
  frame: StaffFrame
  set: { id?: string; name: string; permissions: readonly string[] }
  problem: SetProblem | undefined
}

function SetForm({ frame, set, problem }: SetFormProps) {
  const { text, search } = frame
  const fieldId = `name-${set.id ?? 'new'}`
  const wrong = problem && fieldOf[problem]
  const errorId = `${fieldId}-error`
  const error =
    problem === undefined ? null : (
      <p class="error" role="alert" id={errorId}>
        {text(setProblems[problem])}
      </p>
    )
  return (
    <form class="stack" method="post" action={`/staff/sets/save${search}`}>
      <FormToken frame={frame} path="/staff/sets/save" />
      {set.id === undefined ? null : <input type="hidden" name="set" value={set.id} />}
      <div class="field">
        <label for={fieldId}>{text('staff.sets.name')}</label>
        {wrong === 'name' ? error : null}
        <input
          id={fieldId}
          name="name"
          value={set.name}
          maxLength={setNameCharactersMax}
          autocomplete="off"
          aria-describedby={wrong === 'name' ? errorId : undefined}
          aria-invalid={wrong === 'name' ? true : undefined}
          required
        />
      </div>
      <fieldset class="choices" aria-describedby={wrong === 'permissions' ? errorId : undefined}>
        <legend>{text('staff.sets.permissions')}</legend>
        {wrong === 'permissions' ? error : null}
        {permissions
          .filter((permission) => permission !== 'account')
          .map((permission) => (
            <label class="choice" key={permission}>
              <input
                type="checkbox"
                name={`permission-${permission}`}
                value="yes"
                checked={set.permissions.includes(permission)}
              />
              {text('staff.permission', { permission })}
            </label>
          ))}
      </fieldset>
      <button type="submit" class="button">
        {text('staff.sets.save')}
      </button>
    </form>
  )
}
