import { campaignCharactersMax } from '@verzet/core'
import type { Campaign } from '../../../../services/campaigns/read-campaigns.ts'
import { FormToken, type StaffFrame } from '../layout.tsx'
import type { CampaignListModel } from './campaign-list-page.tsx'

/** Holds a campaign that is not in the list: the name as the mailing system says it. */
export function HoldByName({ frame, brands, problem }: CampaignListModel) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="hold">
      <h2 id="hold">{text('campaigns.holdByName')}</h2>
      <p>{text('campaigns.hold.explained')}</p>
      <form class="stack" method="post" action={`/campaigns/hold${search}`}>
        <FormToken frame={frame} path="/campaigns/hold" />
        <p class="hint" id="hold-hint">
          {text('campaigns.name.hint')}
        </p>
        {problem === undefined ? null : (
          <p class="error" role="alert" id="hold-error">
            {text('campaigns.name.problem', { max: campaignCharactersMax })}
          </p>
        )}
        <div class="pair">
          <div class="field">
            <label for="hold-campaign">{text('campaigns.name')}</label>
            <input
              type="text"
              id="hold-campaign"
              name="campaign"
              value={problem?.campaign}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              aria-describedby={problem === undefined ? 'hold-hint' : 'hold-error hold-hint'}
              aria-invalid={problem === undefined ? undefined : 'true'}
              autofocus={problem !== undefined}
            />
          </div>
          <div class="field">
            <label for="hold-brand">{text('campaigns.brand')}</label>
            <select id="hold-brand" name="brand">
              {brands.map(({ id, name }) => (
                <option value={id} selected={id === problem?.brand} key={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </div>
        <button type="submit" class="button fit">
          {text('campaigns.hold')}
        </button>
      </form>
    </section>
  )
}

/** The one button of a campaign: it is held, or it is not. */
export function HoldForm({ frame, campaign }: { frame: StaffFrame; campaign: Campaign }) {
  const { text, search } = frame
  const isHeld = campaign.hold !== undefined
  const path = isHeld ? '/campaigns/release' : '/campaigns/hold'
  return (
    <form class="stack" method="post" action={`${path}${search}`}>
      <FormToken frame={frame} path={path} />
      <input type="hidden" name="brand" value={campaign.brand} />
      <input type="hidden" name="campaign" value={campaign.campaign} />
      <p>{text(isHeld ? 'campaigns.release.explained' : 'campaigns.hold.explained')}</p>
      <button type="submit" class="button fit">
        {text(isHeld ? 'campaigns.release' : 'campaigns.hold')}
      </button>
    </form>
  )
}
