import { roles } from '../../../../services/staff/permissions.ts'
import type { PermissionSetRow } from '../../../../storage/staff-sets.ts'
import type { StaffFrame } from '../layout.tsx'

type Props = {
  readonly frame: StaffFrame
  readonly sets: readonly PermissionSetRow[]
  /** What is wrong with what was chosen, in words. */
  readonly fault?: string
  readonly held?: { readonly roles: readonly string[]; readonly sets: readonly string[] }
}

/** The roles and the own sets of permissions that an account can be given. */
export function GivenFields({ frame, sets, held, fault }: Props) {
  const { text } = frame
  const described = fault === undefined ? {} : ({ 'aria-describedby': 'given-error' } as const)
  return (
    <>
      <fieldset class="choices" {...described}>
        <legend>{text('staff.member.roles')}</legend>
        {fault === undefined ? null : (
          <p class="error" role="alert" id="given-error">
            {fault}
          </p>
        )}
        {roles.map((role) => (
          <label class="choice" key={role}>
            <input type="checkbox" name={`role-${role}`} value="yes" checked={held?.roles.includes(role) ?? false} />
            {text('staff.role', { role })}
          </label>
        ))}
      </fieldset>
      {sets.length === 0 ? null : (
        <fieldset class="choices" {...described}>
          <legend>{text('staff.sets')}</legend>
          {sets.map(({ id, name }) => (
            <label class="choice" key={id}>
              <input type="checkbox" name={`set-${id}`} value="yes" checked={held?.sets.includes(id) ?? false} />
              {name}
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}
