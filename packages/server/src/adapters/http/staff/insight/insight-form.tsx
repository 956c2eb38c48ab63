import { channels } from '@verzet/core'
import type { BrandRow } from '../../../../storage/catalog.ts'
import type { StaffFrame } from '../layout.tsx'
import { type InsightQuery, insightHref, insightWords, measuresOffered, splitsOffered } from './insight-query.ts'
import { channelName } from './insight-words.ts'

type Props = { readonly frame: StaffFrame; readonly query: InsightQuery; readonly brands: readonly BrandRow[] }

/** Where the other pages of this room are. */
export function InsightDoors({ frame, query, isOn }: Pick<Props, 'frame' | 'query'> & { isOn: string }) {
  const doors = [
    ['/insight', 'insight.title'],
    ['/insight/words', 'insight.words'],
    ['/insight/report', 'insight.report'],
  ] as const
  return (
    <nav class="row-links" aria-label={frame.text('insight.pages')}>
      {doors.map(([path, key]) => (
        <a href={insightHref(path, query)} aria-current={path === isOn ? 'page' : undefined} key={path}>
          {frame.text(key)}
        </a>
      ))}
    </nav>
  )
}

/** What is asked: a form that only looks, so that every answer has an address of its own. */
export function InsightForm({ frame, query, brands }: Props) {
  const { text } = frame
  return (
    <form class="asking" method="get" action="/insight">
      <KeptFields query={query} asks={['brand', 'what', 'by', 'channel', 'from', 'to']} />
      {brands.length === 1 ? null : <BrandField frame={frame} brands={brands} chosen={query.brand} />}
      <div class="field">
        <label for="what">{text('insight.what')}</label>
        <select id="what" name="what">
          {measuresOffered.map((measure) => (
            <option value={measure} selected={measure === query.measure} key={measure}>
              {text('insight.measure', { measure })}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="by">{text('insight.by')}</label>
        <select id="by" name="by">
          {splitsOffered.map((by) => (
            <option value={by} selected={by === query.by} key={by}>
              {text('insight.dimension', { by })}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="channel">{text('insight.ofChannel')}</label>
        <select id="channel" name="channel">
          <option value="">{text('insight.everyChannel')}</option>
          {channels.map((channel) => (
            <option value={channel} selected={channel === query.channel} key={channel}>
              {channelName(text, channel)}
            </option>
          ))}
        </select>
      </div>
      <PeriodFields frame={frame} query={query} />
      <button class="button first" type="submit">
        {text('insight.show')}
      </button>
    </form>
  )
}

/** What the room was asked for and this form does not ask: without it, looking elsewhere would forget it. */
export function KeptFields({ query, asks }: { query: InsightQuery; asks: readonly string[] }) {
  return (
    <>
      {Object.entries(insightWords(query))
        .filter(([name]) => !asks.includes(name))
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} key={name} />
        ))}
    </>
  )
}

export function BrandField({ frame, brands, chosen }: Pick<Props, 'frame' | 'brands'> & { chosen: BrandRow }) {
  return (
    <div class="field">
      <label for="brand">{frame.text('insight.brand')}</label>
      <select id="brand" name="brand">
        {brands.map(({ id, name }) => (
          <option value={id} selected={id === chosen.id} key={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

export function PeriodFields({ frame, query }: Pick<Props, 'frame' | 'query'>) {
  const { text } = frame
  return (
    <>
      <div class="field">
        <label for="from">{text('insight.from')}</label>
        <input id="from" name="from" type="date" value={query.period.from} />
      </div>
      <div class="field">
        <label for="to">{text('insight.to')}</label>
        <input id="to" name="to" type="date" value={query.period.to} />
      </div>
    </>
  )
}
