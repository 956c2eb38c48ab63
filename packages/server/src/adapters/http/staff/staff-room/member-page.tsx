import type { Given } from '../../../../services/staff/manage-staff.ts'
import type { StaffOverview } from '../../../../storage/staff.ts'
import type { PermissionSetRow } from '../../../../storage/staff-sets.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { GivenFields } from './given-fields.tsx'
import { isAboutGiven, type MemberProblem, memberProblems } from './staff-list-page.tsx'

export type MemberModel = {
  readonly frame: StaffFrame
  readonly member: StaffOverview
  readonly sets: readonly PermissionSetRow[]
  /** What was chosen and could not be given. */
  readonly typed?: Given
  readonly said?: TextKey
  readonly problem?: MemberProblem
}

/** One account: what it may do, and the acts that end something. */
export function renderMember({ frame, member, sets, typed, said, problem }: MemberModel): string {
  const { text, search } = frame
  const held = typed ?? { roles: member.roles, sets: member.sets.map(({ id }) => id) }
  const isGiven = typed !== undefined && isAboutGiven(problem)
  const isClosed = member.disabledAt !== null
  return renderDocument(
    <StaffPage frame={frame} title={member.email}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{member.email}</h1>
        {said === undefined ? null : (
          <p class="state" role="status">
            {text(said)}
          </p>
        )}
        {problem === undefined || isGiven ? null : (
          <p class="error" role="alert">
            {text(memberProblems[problem])}
          </p>
        )}
        <p>
          {isClosed ? `${text('staff.member.closed')} ` : ''}
          {text('staff.member.passkeys', { count: member.passkeys })}
        </p>
        <form class="stack" method="post" action={`/staff/roles${search}`}>
          <FormToken frame={frame} path="/staff/roles" />
          <input type="hidden" name="member" value={member.id} />
          <GivenFields
            frame={frame}
            sets={sets}
            held={held}
            {...(isGiven && problem !== undefined && { fault: text(memberProblems[problem]) })}
          />
          <button type="submit" class="button first">
            {text('staff.member.save')}
          </button>
        </form>
      </section>
      <Acts frame={frame} member={member} />
    </StaffPage>,
  )
}

function Acts({ frame, member }: Pick<MemberModel, 'frame' | 'member'>) {
  const { text, search } = frame
  return (
    <section class="card stack wide" aria-labelledby="acts">
      <h2 id="acts">{text('staff.member.acts')}</h2>
      {member.disabledAt !== null ? (
        <Act
          frame={frame}
          member={member.id}
          path="/staff/open"
          name="staff.member.reopen"
          hint="staff.member.reopen.hint"
        />
      ) : (
        <>
          <Act
            frame={frame}
            member={member.id}
            path="/staff/link"
            name="staff.member.link"
            hint="staff.member.link.hint"
          />
          <Act
            frame={frame}
            member={member.id}
            path="/staff/end-sessions"
            name="staff.sessions.end"
            hint="staff.member.sessions.hint"
          />
          <Act
            frame={frame}
            member={member.id}
            path="/staff/close"
            name="staff.member.close"
            hint="staff.member.close.hint"
          />
        </>
      )}
      <p>
        <a href={`/staff${search}`}>{text('staff.member.all')}</a>
      </p>
    </section>
  )
}

type ActProps = { frame: StaffFrame; member: string; path: string; name: TextKey; hint: TextKey }

function Act({ frame, member, path, name, hint }: ActProps) {
  const { text, search } = frame
  return (
    <form class="field" method="post" action={`${path}${search}`}>
      <FormToken frame={frame} path={path} />
      <input type="hidden" name="member" value={member} />
      <p class="hint">{text(hint)}</p>
      <button type="submit" class="button">
        {text(name)}
      </button>
    </form>
  )
}

/** The link, this once; who reads it over a shoulder could use it. */
export function renderLinkMade(frame: StaffFrame, made: { email: string; url: string; staffId: string }): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.link.made')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.link.made')}</h1>
        <p role="status">{text('staff.link.made.explained', { email: made.email })}</p>
        <div class="field">
          <label for="link">{text('staff.link.made.label')}</label>
          <input id="link" readOnly value={made.url} />
        </div>
        <p>
          <a href={`/staff/member/${made.staffId}${search}`}>{text('staff.link.made.back', { email: made.email })}</a>
        </p>
      </section>
    </StaffPage>,
  )
}
