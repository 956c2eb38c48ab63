import type { FastifyReply, FastifyRequest } from 'fastify'
import { readCampaignPeople } from '../../../../services/campaigns/campaign-people.ts'
import { behindMax, type PersonBehind } from '../../../../services/insight/people-behind.ts'
import { type CampaignNumber, type CampaignPeople, campaignNumbers } from '../../../../storage/campaign-people.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { dayInWords } from '../../pages/wording.ts'
import { type NameOfValue, namesOfValues } from '../insight/insight-words.ts'
import { PeopleTable } from '../insight/people-table.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import { addressOf } from './campaign-parts.tsx'
import { member } from './read-member.ts'

const numberTexts = {
  sends: 'campaigns.sends',
  left: 'campaigns.left',
  paused: 'campaigns.paused',
  complained: 'campaigns.complained',
  bounced: 'campaigns.bounced',
  signal: 'campaigns.left',
} as const satisfies Record<CampaignNumber, TextKey>

/** Who is behind a number of a campaign, for those who may see people. */
export async function showCampaignPeople(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const name = { brand: member(request.params, 'brand') ?? '', campaign: member(request.params, 'campaign') ?? '' }
  const frame = staffFrame(parts, request, `${addressOf(name)}/people`)
  const brand = hub.catalog.brand(name.brand)
  if (brand === undefined) {
    const to = { to: '/campaigns', text: 'campaigns.back' } as const
    return sendStaffPage(reply, 404, renderNotice(frame, 'campaigns.unknown', 'campaigns.unknown.explained', to))
  }
  const [signal, day] = [member(request.query, 'signal'), member(request.query, 'day')]
  const asked: CampaignPeople = {
    ...name,
    number: campaignNumbers.find((one) => one === member(request.query, 'number')) ?? 'left',
    timeZone: frame.timeZone,
    ...(signal !== undefined && { signal }),
    ...(day !== undefined && isDay(day) && { day }),
  }
  const people = await readCampaignPeople(hub.db, asked)
  const nameOf = await namesOfValues(hub, brand, frame.language, frame.text)
  return sendStaffPage(reply, 200, renderCampaignPeople({ frame, asked, people, nameOf }))
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

type Model = {
  readonly frame: StaffFrame
  readonly asked: CampaignPeople
  readonly people: readonly PersonBehind[]
  readonly nameOf: NameOfValue
}

function renderCampaignPeople({ frame, asked, people, nameOf }: Model): string {
  const { text, language, search } = frame
  const { number, signal, day, campaign } = asked
  const what = [
    campaign,
    text(numberTexts[number]),
    ...(number === 'signal' && signal !== undefined ? [text('signal', { signal })] : []),
    ...(day === undefined ? [] : [dayInWords(new Date(`${day}T12:00:00Z`), language, 'UTC')]),
  ]
  return renderDocument(
    <StaffPage frame={frame} title={text('insight.people')}>
      <section class="card stack" aria-labelledby="title">
        <p>
          <a href={`${addressOf(asked)}${search}`}>{text('campaigns.people.back')}</a>
        </p>
        <h1 id="title">{text('insight.people')}</h1>
        <p>{what.join(' · ')}</p>
        {number === 'sends' ? <p class="hint">{text('insight.sent.unnamed')}</p> : null}
        {people.length === behindMax ? <p class="hint">{text('campaigns.people.cut', { max: behindMax })}</p> : null}
        <PeopleTable frame={frame} people={people} nameOf={nameOf} />
      </section>
    </StaffPage>,
  )
}
