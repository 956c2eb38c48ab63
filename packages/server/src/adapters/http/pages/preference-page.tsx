import type { Channel, ContactPointType } from '@verzet/core'
import { ActForm, Button, type PersonalLink } from './acts.tsx'
import { type BroughtBy, broughtInWords } from './brought-by.ts'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import { type LessModel, LessSection, type PauseModel, PauseSection } from './less-section.tsx'
import { type PersonModel, PersonSection } from './person-section.tsx'
import { type GridModel, GridSection } from './preference-grid.tsx'
import type { TextKey, Translate } from './text.ts'
import { channelList, dayInWords, sentenceCase } from './wording.ts'

/** Why the page is shown again, or instead of an act. Nothing was recorded in any of these cases. */
export type PreferenceNotice =
  | 'nothing_changed'
  | 'choice_missing'
  | 'date_refused'
  | 'email_refused'
  | 'name_refused'
  | 'undo_too_late'
  | 'asked_often'
  | 'no_mailbox'

/** What a person's own page says and offers. Addresses and names come masked; an absent part is not shown. */
export type PreferenceModel = {
  readonly frame: PageFrame
  readonly link: PersonalLink
  readonly notice?: PreferenceNotice
  readonly address: { readonly type: ContactPointType; readonly masked: string }
  /** Set once all advertising is refused: the page then says so in the place of the button. */
  readonly stopped?: { readonly since: Date }
  /** The channels that "all advertising" speaks of, in the order they are named. */
  readonly channels: readonly Channel[]
  readonly broughtBy?: BroughtBy
  /** The narrow noes that still make sense: not the topic or the channel that is refused already. */
  readonly stopOnly: { readonly topic?: string; readonly channel?: Channel }
  readonly less?: LessModel
  readonly pause?: PauseModel
  readonly grid: GridModel
  /** Absent once the person was erased: there is nothing left to correct. */
  readonly person?: PersonModel
}

const noticeTexts: Record<PreferenceNotice, { key: TextKey; field?: string }> = {
  nothing_changed: { key: 'notice.nothingChanged' },
  choice_missing: { key: 'notice.choiceMissing' },
  date_refused: { key: 'notice.dateRefused', field: 'until' },
  email_refused: { key: 'notice.emailRefused', field: 'email' },
  name_refused: { key: 'notice.nameRefused', field: 'name' },
  undo_too_late: { key: 'notice.undoTooLate' },
  asked_often: { key: 'notice.askedOften' },
  no_mailbox: { key: 'notice.noMailbox' },
}

/** `GET /u/{token}`: which address, stop everything, stop this, less or a pause, the grid, and one's own data. */
export function renderPreferencePage(model: PreferenceModel, text: Translate): string {
  return renderDocument(<PreferencePage model={model} text={text} />)
}

function PreferencePage({ model, text }: { model: PreferenceModel; text: Translate }) {
  const { frame, link, notice } = model
  const title = text('page.title', { brand: frame.brand.name })
  return (
    <Page frame={frame} text={text} title={notice === undefined ? title : `${text('notice.title')} · ${title}`}>
      {notice === undefined ? null : <Notice notice={notice} text={text} />}
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <Who model={model} text={text} />
        {model.stopped === undefined ? <StopAll model={model} text={text} /> : null}
        {model.stopped === undefined ? null : <Stopped model={model} since={model.stopped.since} text={text} />}
      </section>
      <StopOnly model={model} text={text} />
      {model.less === undefined && model.pause === undefined ? null : (
        <div class="card stack wide">
          {model.less === undefined ? null : <LessSection model={model.less} link={link} text={text} />}
          {model.pause === undefined ? null : (
            <PauseSection
              model={model.pause}
              frame={frame}
              link={link}
              refused={notice === 'date_refused'}
              ruled={model.less !== undefined}
              text={text}
            />
          )}
        </div>
      )}
      <GridSection model={model.grid} frame={frame} link={link} text={text} />
      {model.person === undefined ? null : (
        <PersonSection
          model={model.person}
          frame={frame}
          link={link}
          refused={notice === undefined ? undefined : noticeTexts[notice].field}
          text={text}
        />
      )}
    </Page>
  )
}

function Notice({ notice, text }: { notice: PreferenceNotice; text: Translate }) {
  const { key, field } = noticeTexts[notice]
  return (
    <div role="alert" class="notice">
      <p>{field === undefined ? text(key) : <a href={`#${field}`}>{text(key)}</a>}</p>
    </div>
  )
}

function Who({ model, text }: { model: PreferenceModel; text: Translate }) {
  return (
    <div>
      <p class="who">{text('page.who', { address: model.address.masked })}</p>
      <details>
        <summary>{text('page.notYou')}</summary>
        <p class="small">{text('page.notYou.explained', { address: model.address.masked })}</p>
      </details>
    </div>
  )
}

/** GDPR art. 21(2) and (3): one act, on the first screen, for everything. A message's `#stop` leads to it. */
function StopAll({ model, text }: { model: PreferenceModel; text: Translate }) {
  const { frame, link } = model
  const channels = sentenceCase(channelList(model.channels, text, frame.language), frame.language)
  return (
    <ActForm link={link} act="stop" id="stop" hidden={{ scope: 'all' }}>
      <Button first describedBy="stop-all">
        {text('stopAll')}
      </Button>
      <p id="stop-all" class="small">
        {text('stopAll.explained', { channels, controller: frame.controller.name })}{' '}
        <span class="quiet-text">{text('stillComes')}</span>
      </p>
    </ActForm>
  )
}

function Stopped({ model, since, text }: { model: PreferenceModel; since: Date; text: Translate }) {
  const { frame } = model
  return (
    <div id="stop" class="state stack">
      <p>
        <strong>{text('stopped', { controller: frame.controller.name })}</strong>{' '}
        {text('stopped.since', { date: dayInWords(since, frame.language, frame.timeZone) })}
      </p>
      <p class="small">{text('stillComes')}</p>
      {hasSomethingToChoose(model) ? <p class="small">{text('narrow')}</p> : null}
    </div>
  )
}

function hasSomethingToChoose({ less, pause, grid }: PreferenceModel): boolean {
  return less !== undefined || pause !== undefined || grid.rows.length > 0
}

function StopOnly({ model, text }: { model: PreferenceModel; text: Translate }) {
  const { frame, link, broughtBy } = model
  const { topic, channel } = model.stopOnly
  if (topic === undefined && channel === undefined) return null
  return (
    <section class="card stack" aria-labelledby="stop-only">
      <h2 id="stop-only">{text('stopOnly.title')}</h2>
      {broughtBy === undefined ? null : <p class="quiet-text">{broughtInWords(broughtBy, frame, text)}</p>}
      <div class="pair">
        {topic === undefined ? null : (
          <ActForm link={link} act="stop" hidden={{ scope: 'topic' }}>
            <Button>{text('stopTopic', { topic })}</Button>
          </ActForm>
        )}
        {channel === undefined ? null : (
          <ActForm link={link} act="stop" hidden={{ scope: 'channel' }}>
            <Button>{text('stopChannel', { channel })}</Button>
          </ActForm>
        )}
      </div>
    </section>
  )
}
