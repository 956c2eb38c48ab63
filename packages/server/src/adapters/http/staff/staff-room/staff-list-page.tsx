import type { Given } from '../../../../services/staff/manage-staff.ts'
import type { StaffOverview } from '../../../../storage/staff.ts'
import type { PermissionSetRow } from '../../../../storage/staff-sets.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { dayInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { GivenFields } from './given-fields.tsx'

/** What went wrong with an account, in words. */
export const memberProblems = {
  unreadable_address: 'staff.member.unreadable',
  exists: 'staff.member.exists',
  unknown: 'staff.member.unknown',
  disabled: 'staff.member.closed.explained',
  last_administrator: 'staff.member.last',
  nothing_given: 'staff.member.nothing',
  beyond_own: 'staff.member.beyond',
} as const satisfies Record<string, TextKey>
export type MemberProblem = keyof typeof memberProblems

/** Whether it is the roles and sets that are wrong, rather than the account. */
export function isAboutGiven(problem: MemberProblem | undefined): boolean {
  return problem === 'nothing_given' || problem === 'beyond_own' || problem === 'last_administrator'
}

export type StaffListModel = {
  readonly frame: StaffFrame
  readonly members: readonly StaffOverview[]
  readonly sets: readonly PermissionSetRow[]
  /** What was sent and could not be done. */
  readonly typed?: { readonly email: string; readonly given: Given }
  readonly problem?: MemberProblem
}

/** Everybody who may sign in, or once could, and a form for the next one. */
export function renderStaffList({ frame, members, sets, typed, problem }: StaffListModel): string {
  const { text, search } = frame
  const words = problem && text(memberProblems[problem])
  const isGiven = isAboutGiven(problem)
  const emailFault = isGiven ? undefined : words
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.room.staff')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.room.staff')}</h1>
        <Members frame={frame} members={members} />
        <p>
          <a href={`/staff/sets${search}`}>{text('staff.sets.open')}</a>
        </p>
      </section>
      <section class="card stack" aria-labelledby="add">
        <h2 id="add">{text('staff.member.add')}</h2>
        <form class="stack" method="post" action={`/staff/add${search}`}>
          <FormToken frame={frame} path="/staff/add" />
          <div class="field">
            <label for="email">{text('staff.email')}</label>
            {emailFault === undefined ? null : (
              <p class="error" role="alert" id="problem">
                {emailFault}
              </p>
            )}
            <input
              type="email"
              id="email"
              name="email"
              value={typed?.email}
              autocomplete="off"
              aria-describedby={emailFault === undefined ? undefined : 'problem'}
              aria-invalid={emailFault === undefined ? undefined : true}
              required
            />
          </div>
          <GivenFields
            frame={frame}
            sets={sets}
            {...(typed && { held: typed.given })}
            {...(isGiven && words !== undefined && { fault: words })}
          />
          <button type="submit" class="button first">
            {text('staff.member.add.save')}
          </button>
        </form>
      </section>
    </StaffPage>,
  )
}

function Members({ frame, members }: Pick<StaffListModel, 'frame' | 'members'>) {
  const { text } = frame
  return (
    <div class="wide-table stacking">
      <table>
        <caption class="out-of-sight">{text('staff.room.staff')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('staff.email')}</th>
            <th scope="col">{text('staff.member.may')}</th>
            <th scope="col">{text('staff.passkeys')}</th>
            <th scope="col">{text('staff.member.seen')}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <Member frame={frame} member={member} key={member.id} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Member({ frame, member }: { frame: StaffFrame; member: StaffOverview }) {
  const { text, language, timeZone, search } = frame
  const { id, email, roles, sets, passkeys, lastSeenAt, disabledAt } = member
  const given = [...roles.map((role) => text('staff.role', { role })), ...sets.map(({ name }) => name)]
  return (
    <tr>
      <th scope="row">
        <a href={`/staff/member/${id}${search}`}>{email}</a>
        {disabledAt === null ? null : <span class="hint"> {text('staff.member.closed')}</span>}
      </th>
      <td data-label={text('staff.member.may')}>{given.join(', ')}</td>
      <td data-label={text('staff.passkeys')}>{passkeys}</td>
      <td data-label={text('staff.member.seen')}>
        {lastSeenAt === null ? text('staff.member.never') : dayInWords(lastSeenAt, language, timeZone)}
      </td>
    </tr>
  )
}
