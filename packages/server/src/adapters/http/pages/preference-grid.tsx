// biome-ignore-all lint/a11y/noRedundantRoles: a table laid out as cards loses its roles in some browsers.
import type { Channel } from '@verzet/core'
import { ActForm, Button, type PersonalLink } from './acts.tsx'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'
import { channelName, sentenceCase } from './wording.ts'

/** `pending` is asked for and waits for a confirmation; `unavailable` is not sent, or there is nowhere to send it. */
export type CellState = 'on' | 'off' | 'pending' | 'unavailable'

export type GridModel = {
  readonly channels: readonly Channel[]
  readonly rows: readonly GridRow[]
}
export type GridRow = {
  /** The topic's identifier; a box is worth `channel:topic`. */
  readonly topic: string
  readonly name: string
  readonly description?: string
  readonly cells: Readonly<Partial<Record<Channel, CellState>>>
}

type GridProps = { model: GridModel; frame: PageFrame; link: PersonalLink; text: Translate }

/**
 * The real state, box by box. Beside each box the form says that it was shown (`shown`) and whether it was ticked
 * (`was`): unticking refuses, ticking asks for, and a page left open since before a later no revives nothing.
 * The roles of the table are written out, since some browsers drop them where the style sheet makes cards of it.
 */
export function GridSection({ model, frame, link, text }: GridProps) {
  if (model.rows.length === 0) return null
  const boxes = model.rows.flatMap((row) =>
    model.channels.map((channel) => ({ value: boxValue(channel, row), state: cellState(channel, row) })),
  )
  const shown = boxes.filter(({ state }) => state !== 'unavailable').map(({ value }) => value)
  const was = boxes.filter(({ state }) => state === 'on').map(({ value }) => value)
  return (
    <section class="card stack" aria-labelledby="preferences">
      <h2 id="preferences">{text('grid.title')}</h2>
      <p>{text('grid.explained')}</p>
      <ActForm link={link} act="preferences" hidden={{ shown, was }}>
        <table class="grid" role="table" aria-labelledby="preferences">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {text('grid.topic')}
              </th>
              {model.channels.map((channel) => (
                <th scope="col" role="columnheader" key={channel}>
                  {sentenceCase(channelName(channel, text), frame.language)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {model.rows.map((row) => (
              <Row row={row} channels={model.channels} frame={frame} text={text} key={row.topic} />
            ))}
          </tbody>
        </table>
        <Button fit>{text('grid.save')}</Button>
        <p class="hint">{text('grid.notAll')}</p>
      </ActForm>
    </section>
  )
}

type RowProps = { row: GridRow; channels: readonly Channel[]; frame: PageFrame; text: Translate }

function Row({ row, channels, frame, text }: RowProps) {
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        {row.name}
        {row.description === undefined ? null : <small>{row.description}</small>}
      </th>
      {channels.map((channel) => (
        <Cell row={row} channel={channel} frame={frame} text={text} key={channel} />
      ))}
    </tr>
  )
}

function Cell({ row, channel, frame, text }: { row: GridRow; channel: Channel; frame: PageFrame; text: Translate }) {
  const state = cellState(channel, row)
  if (state === 'unavailable')
    return (
      <td role="cell" class="none">
        <span aria-hidden="true">–</span>
        <span class="out-of-sight">{text('grid.unavailable')}</span>
      </td>
    )
  return (
    <td role="cell">
      <label class="choice">
        <input type="checkbox" name="receive" value={boxValue(channel, row)} checked={state === 'on'} />
        <span class="out-of-sight">{row.name}: </span>
        <span class="channel">{sentenceCase(channelName(channel, text), frame.language)}</span>
        {state === 'pending' ? <small>{text('grid.pending')}</small> : null}
      </label>
    </td>
  )
}

function boxValue(channel: Channel, row: GridRow): string {
  return `${channel}:${row.topic}`
}

function cellState(channel: Channel, row: GridRow): CellState {
  return row.cells[channel] ?? 'unavailable'
}
