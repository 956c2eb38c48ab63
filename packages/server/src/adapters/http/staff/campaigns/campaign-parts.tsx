import type { ComponentChildren } from 'preact'
import { type Campaign, mailsToJudgeMin, perThousand } from '../../../../services/campaigns/read-campaigns.ts'
import type { TextKey } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'

/** A campaign may be called anything: its name is one segment of the path. */
export function addressOf({ brand, campaign }: Pick<Campaign, 'brand' | 'campaign'>): string {
  return `/campaigns/${encodeURIComponent(brand)}/${encodeURIComponent(campaign)}`
}

type FigureProps = { frame: StaffFrame; name: string; count: number; of: number; children?: ComponentChildren }

/** A cell with its number, and the share where it is known of how many. */
export function Figure({ frame, name, count, of, children }: FigureProps) {
  return (
    <td data-name={name}>
      <span>
        {new Intl.NumberFormat(frame.language).format(count)}
        <Share frame={frame} count={count} of={of} />
        {children}
      </span>
    </td>
  )
}

export function Share({ frame, count, of }: { frame: StaffFrame; count: number; of: number }) {
  const rate = perThousand(count, of)
  if (rate === undefined || count === 0) return null
  // One complaint in fifty thousand is not none.
  const digits = rate < 0.1 ? 2 : 1
  const format = new Intl.NumberFormat(frame.language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return <small>{frame.text('campaigns.perThousand', { rate: format.format(rate) })}</small>
}

export function HeldTag({ frame, campaign }: { frame: StaffFrame; campaign: Campaign }) {
  return campaign.hold === undefined ? null : <span class="tag">{frame.text('campaigns.held')}</span>
}

const shortTexts = {
  too_few_sends: 'campaigns.complaints.few',
  good: 'campaigns.complaints.good',
  too_many: 'campaigns.complaints.many',
  refused: 'campaigns.complaints.refused',
} as const satisfies Record<Campaign['complaints'], TextKey>

const longTexts = {
  too_few_sends: 'campaigns.complaints.few.explained',
  good: 'campaigns.complaints.good.explained',
  too_many: 'campaigns.complaints.many.explained',
  refused: 'campaigns.complaints.refused.explained',
} as const satisfies Record<Campaign['complaints'], TextKey>

/** Shapes that are told apart without colour, and the words beside them. */
const marks = { too_few_sends: '○', good: '✓', too_many: '▲', refused: '✕' } as const

export function Complaints({ frame, campaign, isShort }: { frame: StaffFrame; campaign: Campaign; isShort?: boolean }) {
  const { complaints } = campaign
  if (isShort && complaints === 'too_few_sends') return null
  const isWarning = complaints === 'too_many' || complaints === 'refused'
  const words = frame.text(isShort ? shortTexts[complaints] : longTexts[complaints], { min: mailsToJudgeMin })
  if (isShort) {
    return (
      <small class={isWarning ? 'tag' : undefined}>
        <span aria-hidden="true">{marks[complaints]}</span> {words}
      </small>
    )
  }
  return (
    <p class={isWarning ? 'notice' : 'state'}>
      <strong>
        <span aria-hidden="true">{marks[complaints]}</span> {frame.text(shortTexts[complaints])}
      </strong>{' '}
      {words}
    </p>
  )
}
