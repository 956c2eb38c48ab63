import { maskContactPoint } from '@verzet/core'
import type { Catalog } from '../../../../services/catalog.ts'
import { type OpenProposal, proposalValidityMs } from '../../../../services/staff/four-eyes.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { momentInWords } from '../../pages/wording.ts'
import { whatInWords } from '../desk/stands-in-words.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'

export const approvalsPath = '/approvals'
const hoursToDecide = proposalValidityMs / 3_600_000

export type ApprovalsModel = {
  readonly frame: StaffFrame
  readonly catalog: Pick<Catalog, 'brand' | 'brands' | 'topic'>
  readonly proposals: readonly OpenProposal[]
  /** Whether addresses stand in full, once it is kept who saw them. */
  readonly isShown: boolean
  readonly said?: TextKey
  readonly problem?: TextKey
}

/** What a second member of staff agrees to before it lifts somebody's no. */
export function renderApprovals({ frame, catalog, proposals, isShown, said, problem }: ApprovalsModel): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.approvals')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.approvals')}</h1>
        <p>{text('staff.approvals.explained', { hours: hoursToDecide })}</p>
        {said === undefined ? null : (
          <p class="state" role="status">
            {text(said)}
          </p>
        )}
        {problem === undefined ? null : (
          <p class="error" role="alert">
            {text(problem)}
          </p>
        )}
        {proposals.length === 0 ? <p>{text('staff.approvals.none')}</p> : null}
        {isShown || !proposals.some(({ contact }) => hasValue(contact)) ? null : <ShowAddresses frame={frame} />}
        <ul class="plain">
          {proposals.map((proposal) => (
            <Proposal frame={frame} catalog={catalog} proposal={proposal} isShown={isShown} key={proposal.id} />
          ))}
        </ul>
      </section>
    </StaffPage>,
  )
}

/** Of somebody who was erased meanwhile there is nothing to show. */
export function hasValue(contact: OpenProposal['contact']): boolean {
  return contact !== undefined && contact.value !== null
}

function ShowAddresses({ frame }: { frame: StaffFrame }) {
  const { text, search } = frame
  return (
    <form class="stack" method="post" action={`${approvalsPath}/show${search}`}>
      <p class="hint" id="show-hint">
        {text('staff.approvals.masked')}
      </p>
      <FormToken frame={frame} path={`${approvalsPath}/show`} />
      <button type="submit" class="button fit" aria-describedby="show-hint">
        {text('staff.approvals.show')}
      </button>
    </form>
  )
}

type ProposalProps = Pick<ApprovalsModel, 'frame' | 'catalog' | 'isShown'> & { proposal: OpenProposal }

function nameOf({ frame: { text }, proposal: { contact }, isShown }: ProposalProps): string {
  if (contact === undefined || contact.value === null) return text('staff.approvals.erased')
  return isShown ? contact.value : maskContactPoint({ type: contact.type, normalised: contact.value })
}

function Proposal(props: ProposalProps) {
  const { frame, catalog, proposal } = props
  const { text, language, timeZone, visit } = frame
  const { id, scope, note, proposedByEmail, proposedBy, proposedAt, expiresAt } = proposal
  const moment = (at: Date) => momentInWords(at, language, timeZone)
  const headingId = `proposal-${id}`
  return (
    <li class="rule stack">
      <h2 id={headingId}>{nameOf(props)}</h2>
      <p>{text('staff.approvals.what', { what: whatInWords(scope, catalog, frame) })}</p>
      <blockquote class="state said">{note}</blockquote>
      <p class="hint">
        {text('staff.approvals.who', { email: proposedByEmail, at: moment(proposedAt), until: moment(expiresAt) })}
      </p>
      {proposedBy === visit?.session.staffId ? (
        <p class="notice">{text('staff.approvals.own')}</p>
      ) : (
        <div class="pair">
          <Verdict
            frame={frame}
            id={id}
            headingId={headingId}
            path={`${approvalsPath}/agree`}
            name="staff.approvals.agree"
          />
          <Verdict
            frame={frame}
            id={id}
            headingId={headingId}
            path={`${approvalsPath}/refuse`}
            name="staff.approvals.refuse"
          />
        </div>
      )}
    </li>
  )
}

type VerdictProps = { frame: StaffFrame; id: string; headingId: string; path: string; name: TextKey }

function Verdict({ frame, id, headingId, path, name }: VerdictProps) {
  const { text, search } = frame
  return (
    <form method="post" action={`${path}${search}`}>
      <FormToken frame={frame} path={path} />
      <input type="hidden" name="proposal" value={id} />
      <button type="submit" class="button" aria-describedby={headingId}>
        {text(name)}
      </button>
    </form>
  )
}
