import type { CampaignPage } from '../../../../services/campaigns/read-campaigns.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { Complaints, HeldTag, Share } from './campaign-parts.tsx'
import { HoldForm } from './hold-forms.tsx'

export type CampaignPageModel = CampaignPage & {
  readonly frame: StaffFrame
  readonly brandName: string
  /** Who acted, by the name in the evidence. */
  readonly actors: ReadonlyMap<string, string>
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

function Outcome({ frame, campaign }: CampaignPageModel) {
  const { text, language } = frame
  const number = (count: number) => new Intl.NumberFormat(language).format(count)
  const { sends, relayed, claimed, reported, mails } = campaign
  const rows = [
    { key: 'campaigns.left', count: campaign.left, of: sends },
    { key: 'campaigns.paused', count: campaign.paused, of: sends },
    { key: 'campaigns.complained', count: campaign.complained, of: mails },
    { key: 'campaigns.bounced', count: campaign.bounced, of: sends },
  ] as const
  return (
    <section class="card stack" aria-labelledby="outcome">
      <h2 id="outcome">{text('campaigns.outcome')}</h2>
      <dl class="facts">
        <dt>{text('campaigns.sends')}</dt>
        <dd>
          {sends === 0 ? text('campaigns.sends.unknown') : number(sends)}{' '}
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
        {rows.map(({ key, count, of }) => (
          <>
            <dt>{text(key)}</dt>
            <dd>
              {number(count)} <Share frame={frame} count={count} of={of} />
            </dd>
          </>
        ))}
      </dl>
      <Complaints frame={frame} campaign={campaign} />
    </section>
  )
}

function Days({ frame, days }: CampaignPageModel) {
  const { text, language } = frame
  if (days.length === 0) return null
  const number = (count: number) => new Intl.NumberFormat(language).format(count)
  return (
    <section class="card stack" aria-labelledby="days">
      <h2 id="days">{text('campaigns.days')}</h2>
      <table class="figures">
        <caption>{text('campaigns.days.caption', { count: days.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{text('campaigns.day')}</th>
            <th scope="col">{text('campaigns.sends')}</th>
            <th scope="col">{text('campaigns.left')}</th>
            <th scope="col">{text('campaigns.paused')}</th>
            <th scope="col">{text('campaigns.complained')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, sends, left, paused, complained }) => (
            <tr key={day}>
              <th scope="row">{dayInWords(new Date(`${day}T12:00:00Z`), language, 'UTC')}</th>
              <td data-name={text('campaigns.sends')}>{number(sends)}</td>
              <td data-name={text('campaigns.left')}>{number(left)}</td>
              <td data-name={text('campaigns.paused')}>{number(paused)}</td>
              <td data-name={text('campaigns.complained')}>{number(complained)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Signals({ frame, signals }: CampaignPageModel) {
  const { text, language } = frame
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
              <td data-name={text('today.people')}>{new Intl.NumberFormat(language).format(people)}</td>
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
