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
  readonly said?: TextKey
  readonly problem?: TextKey
}

/** What a second member of staff agrees to before it lifts somebody's no. */
export function renderApprovals({ frame, catalog, proposals, said, problem }: ApprovalsModel): string {
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
        <ul class="plain">
          {proposals.map((proposal) => (
            <Proposal frame={frame} catalog={catalog} proposal={proposal} key={proposal.id} />
          ))}
        </ul>
      </section>
    </StaffPage>,
  )
}

type ProposalProps = Pick<ApprovalsModel, 'frame' | 'catalog'> & { proposal: OpenProposal }

function Proposal({ frame, catalog, proposal }: ProposalProps) {
  const { text, language, timeZone, visit } = frame
  const { id, contact, scope, note, proposedByEmail, proposedBy, proposedAt, expiresAt } = proposal
  const moment = (at: Date) => momentInWords(at, language, timeZone)
  const headingId = `proposal-${id}`
  return (
    <li class="rule stack">
      <h2 id={headingId}>{contact?.value ?? text('staff.approvals.erased')}</h2>
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
