import type { Campaign } from '../../../../services/campaigns/read-campaigns.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { addressOf, Complaints, Figure, HeldTag } from './campaign-parts.tsx'
import { HoldByName } from './hold-forms.tsx'

export type CampaignListModel = {
  readonly frame: StaffFrame
  readonly campaigns: readonly Campaign[]
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  readonly filter: { readonly brand?: string; readonly named?: string }
  /** What somebody wanted to hold, where it could not be. */
  readonly problem?: { readonly brand: string; readonly campaign: string }
}

/** What is held first; then each campaign with what came of it. */
export function renderCampaignList(model: CampaignListModel): string {
  const { frame, campaigns, filter } = model
  const { text } = frame
  const isFiltered = filter.brand !== undefined || filter.named !== undefined
  return renderDocument(
    <StaffPage frame={frame} title={text('campaigns.title')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('campaigns.title')}</h1>
        <p>{text('campaigns.intro')}</p>
        <Filter {...model} />
        {campaigns.length === 0 ? (
          <p class="quiet-text">{text(isFiltered ? 'campaigns.none.found' : 'campaigns.none')}</p>
        ) : (
          <CampaignTable {...model} />
        )}
      </section>
      <HoldByName {...model} />
    </StaffPage>,
  )
}

function Filter({ frame, brands, filter }: CampaignListModel) {
  const { text, language, search } = frame
  return (
    <search>
      <form class="stack" method="get" action="/campaigns">
        {search === '' ? null : <input type="hidden" name="lang" value={language} />}
        <div class="pair">
          <div class="field">
            <label for="name">{text('campaigns.search')}</label>
            <input type="text" id="name" name="name" value={filter.named} maxLength={100} autocomplete="off" />
          </div>
          <div class="field">
            <label for="brand">{text('campaigns.brand')}</label>
            <select id="brand" name="brand">
              <option value="">{text('campaigns.brand.all')}</option>
              {brands.map(({ id, name }) => (
                <option value={id} selected={id === filter.brand} key={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </div>
        <button type="submit" class="button fit">
          {text('campaigns.search.button')}
        </button>
      </form>
    </search>
  )
}

function CampaignTable({ frame, campaigns, brands }: CampaignListModel) {
  const { text } = frame
  const names = new Map(brands.map(({ id, name }) => [id, name]))
  return (
    <table class="figures">
      <caption>{text('campaigns.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{text('campaigns.campaign')}</th>
          <th scope="col">{text('campaigns.sends')}</th>
          <th scope="col">{text('campaigns.left')}</th>
          <th scope="col">{text('campaigns.paused')}</th>
          <th scope="col">{text('campaigns.complained')}</th>
          <th scope="col">{text('campaigns.bounced')}</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((one) => (
          <tr key={addressOf(one)}>
            <th scope="row">
              <a href={`${addressOf(one)}${frame.search}`}>{one.campaign}</a> <HeldTag frame={frame} campaign={one} />
              <small>{names.get(one.brand) ?? one.brand}</small>
            </th>
            <td data-name={text('campaigns.sends')}>
              {one.sends === 0
                ? text('campaigns.sends.unknown')
                : new Intl.NumberFormat(frame.language).format(one.sends)}
            </td>
            <Figure frame={frame} name={text('campaigns.left')} count={one.left} of={one.sends} />
            <Figure frame={frame} name={text('campaigns.paused')} count={one.paused} of={one.sends} />
            <Figure frame={frame} name={text('campaigns.complained')} count={one.complained} of={one.mails}>
              <Complaints frame={frame} campaign={one} isShort />
            </Figure>
            <Figure frame={frame} name={text('campaigns.bounced')} count={one.bounced} of={one.sends} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
