import type { CampaignPage } from '../../../../services/campaigns/read-campaigns.ts'
import type { CampaignNumber } from '../../../../storage/campaign-people.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { CountLink } from '../insight/count-link.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { addressOf, Complaints, HeldTag, Share } from './campaign-parts.tsx'
import { HoldForm } from './hold-forms.tsx'

export type CampaignPageModel = CampaignPage & {
  readonly frame: StaffFrame
  readonly brandName: string
  /** Who acted, by the name in the evidence. */
  readonly actors: ReadonlyMap<string, string>
  /** Whether this reader may see who is behind a number. */
  readonly seesPeople: boolean
}

export function renderCampaign(model: CampaignPageModel): string {
  const { frame, campaign, brandName } = model
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={campaign.campaign}>
      <section class="card stack" aria-labelledby="title">
        <p>
          <a href={`/campaigns${search}`}>{text('campaigns.back')}</a>
        </p>
        <h1 id="title">
          {campaign.campaign} <HeldTag frame={frame} campaign={campaign} />
        </h1>
        <p class="quiet-text">{brandName}</p>
        <HeldSince {...model} />
        <HoldForm frame={frame} campaign={campaign} />
      </section>
      <Outcome {...model} />
      <Days {...model} />
      <Signals {...model} />
      <Holds {...model} />
    </StaffPage>,
  )
}

function HeldSince({ frame, campaign, actors }: CampaignPageModel) {
  const { hold } = campaign
  if (hold === undefined) return null
  const moment = momentInWords(hold.heldAt, frame.language, frame.timeZone)
  return (
    <p class="notice">
      <strong>{frame.text('campaigns.heldSince', { moment, who: whoOf(hold.heldBy, frame, actors) })}</strong>
    </p>
  )
}

function whoOf(actor: string, { text }: StaffFrame, actors: ReadonlyMap<string, string>): string {
  return actor === 'command line' ? text('campaigns.commandLine') : (actors.get(actor) ?? actor)
}

const dayNumbers = [
  { number: 'sends', key: 'campaigns.sends' },
  { number: 'left', key: 'campaigns.left' },
  { number: 'paused', key: 'campaigns.paused' },
  { number: 'complained', key: 'campaigns.complained' },
] as const

type OpensProps = Pick<CampaignPageModel, 'frame' | 'campaign' | 'seesPeople'> & {
  readonly number: CampaignNumber
  readonly signal?: string
  readonly day?: string
  readonly count: number
  readonly of: string
}

/** A number that opens the people behind it. */
function Opens({ frame, campaign, seesPeople, count, of, number, signal, day }: OpensProps) {
  const words = {
    number,
    ...(signal !== undefined && { signal }),
    ...(day !== undefined && { day }),
    ...(frame.search !== '' && { lang: frame.language }),
  }
  const href = `${addressOf(campaign)}/people?${new URLSearchParams(words)}`
  const shown = new Intl.NumberFormat(frame.language).format(count)
  return <CountLink frame={frame} href={seesPeople && count > 0 ? href : undefined} shown={shown} of={of} />
}

function Outcome(model: CampaignPageModel) {
  const { frame, campaign } = model
  const { text, language } = frame
  const number = (count: number) => new Intl.NumberFormat(language).format(count)
  const { sends, relayed, claimed, reported, mails } = campaign
  const rows = [
    { number: 'left', key: 'campaigns.left', count: campaign.left, of: sends },
    { number: 'paused', key: 'campaigns.paused', count: campaign.paused, of: sends },
    { number: 'complained', key: 'campaigns.complained', count: campaign.complained, of: mails },
    { number: 'bounced', key: 'campaigns.bounced', count: campaign.bounced, of: sends },
  ] as const
  return (
    <section class="card stack" aria-labelledby="outcome">
      <h2 id="outcome">{text('campaigns.outcome')}</h2>
      <dl class="facts">
        <dt>{text('campaigns.sends')}</dt>
        <dd>
          {sends === 0 ? text('campaigns.sends.unknown') : <Sent {...model} />}{' '}
          {sends === 0 ? null : (
            <span class="hint">
              {text('campaigns.sends.known', {
                relayed: number(relayed),
                claimed: number(claimed),
                reported: number(reported),
              })}
            </span>
          )}
        </dd>
        {rows.map(({ number: name, key, count, of }) => (
          <>
            <dt>{text(key)}</dt>
            <dd>
              <Opens {...model} number={name} count={count} of={text(key)} />{' '}
              <Share frame={frame} count={count} of={of} />
            </dd>
          </>
        ))}
      </dl>
      <Complaints frame={frame} campaign={campaign} />
    </section>
  )
}

/** Messages that a system only counted name nobody: where there are no others, nothing opens. */
function Sent(model: CampaignPageModel) {
  const { sends, relayed, claimed } = model.campaign
  const seesPeople = model.seesPeople && relayed + claimed > 0
  return (
    <Opens {...model} seesPeople={seesPeople} number="sends" count={sends} of={model.frame.text('campaigns.sends')} />
  )
}

function Days(model: CampaignPageModel) {
  const { frame, days } = model
  const { text, language } = frame
  if (days.length === 0) return null
  const hasNames = model.campaign.relayed + model.campaign.claimed > 0
  return (
    <section class="card stack" aria-labelledby="days">
      <h2 id="days">{text('campaigns.days')}</h2>
      <table class="figures">
        <caption>
          {text('campaigns.days.caption', { count: days.length })}
          {model.campaign.reported === 0 ? null : `. ${text('insight.sent.unnamed')}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{text('campaigns.day')}</th>
            {dayNumbers.map(({ key }) => (
              <th scope="col" key={key}>
                {text(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((one) => {
            const shown = dayInWords(new Date(`${one.day}T12:00:00Z`), language, 'UTC')
            return (
              <tr key={one.day}>
                <th scope="row">{shown}</th>
                {dayNumbers.map(({ number, key }) => (
                  <td data-name={text(key)} key={key}>
                    <Opens
                      {...model}
                      seesPeople={model.seesPeople && (number !== 'sends' || hasNames)}
                      number={number}
                      day={one.day}
                      count={one[number]}
                      of={`${text(key)}, ${shown}`}
                    />
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function Signals(model: CampaignPageModel) {
  const { frame, signals } = model
  const { text } = frame
  if (signals.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="signals">
      <h2 id="signals">{text('campaigns.signals')}</h2>
      <table class="figures">
        <caption>{text('campaigns.signals.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('today.signal')}</th>
            <th scope="col">{text('today.people')}</th>
          </tr>
        </thead>
        <tbody>
          {signals.map(({ signal, people }) => (
            <tr key={signal}>
              <th scope="row">{text('signal', { signal })}</th>
              <td data-name={text('today.people')}>
                <Opens {...model} number="signal" signal={signal} count={people} of={text('signal', { signal })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Holds({ frame, holds, actors }: CampaignPageModel) {
  const { text, language, timeZone } = frame
  if (holds.length === 0) return null
  const said = (at: Date, by: string) => ({
    moment: momentInWords(at, language, timeZone),
    who: whoOf(by, frame, actors),
  })
  return (
    <section class="card stack" aria-labelledby="holds">
      <h2 id="holds">{text('campaigns.holds')}</h2>
      <ul class="plain ticks">
        {holds.map(({ id, heldAt, heldBy, releasedAt, releasedBy }) => (
          <li key={id}>
            {text('campaigns.holds.held', said(heldAt, heldBy))}{' '}
            {releasedAt === null ? null : text('campaigns.holds.released', said(releasedAt, releasedBy ?? ''))}
          </li>
        ))}
      </ul>
    </section>
  )
}
