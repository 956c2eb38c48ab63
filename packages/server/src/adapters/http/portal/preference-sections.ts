import { assertNever } from '@verzet/core'
import type { LessModel, PauseModel } from '../pages/less-section.tsx'
import type { PersonModel } from '../pages/person-section.tsx'
import type { GridModel } from '../pages/preference-grid.tsx'
import type { PreferenceModel, PreferenceNotice } from '../pages/preference-page.tsx'
import { languages } from '../pages/text.ts'
import { channelList, channelName, contactPointName, dayForInput, dayInWords, sentenceCase } from '../pages/wording.ts'
import type { Reading } from '../public/frame.ts'
import type { Input, Part, Section } from './view-schema.ts'

/** The person's page as sections, in the order of the page itself: to end everything comes first (EDPB 03/2022). */
export function preferenceSections(model: PreferenceModel, reading: Reading): Section[] {
  const { less, pause, grid, person, notice } = model
  return [
    stopSection(model, reading),
    ...stopOnlySection(model, reading),
    ...(less === undefined ? [] : [lessSection(less, reading)]),
    ...(pause === undefined ? [] : [pauseSection(pause, reading, notice)]),
    ...gridSection(grid, reading),
    ...(person === undefined ? [] : [personSection(person, reading, notice)]),
    { id: 'right', title: reading.text('right.title'), parts: [words(reading.text('right'))] },
  ]
}

export const words = (text: string, tone?: 'title' | 'hint' | 'state' | 'alert'): Part => ({
  kind: 'words',
  words: text,
  ...(tone && { tone }),
})

function stopSection(model: PreferenceModel, { text, frame, language }: Reading): Section {
  const { address, stopped } = model
  const controller = frame.controller.name
  const who = words(text('page.who', { address: address.masked }))
  const title = text('page.title', { brand: frame.brand.name })
  if (stopped !== undefined) {
    const since = text('stopped.since', { date: dayInWords(stopped.since, language, frame.timeZone) })
    const rest = [words(text('stillComes'), 'hint'), ...(model.grid.channels.length > 0 ? [words(text('narrow'))] : [])]
    return { id: 'stop', title, parts: [who, words(`${text('stopped', { controller })} ${since}`, 'state'), ...rest] }
  }
  const channels = sentenceCase(channelList(model.channels, text, language), language)
  const explained = `${text('stopAll.explained', { channels, controller })} ${text('stillComes')}`
  const fields = { scope: 'all' }
  return {
    id: 'stop',
    title,
    parts: [who, { kind: 'act', act: 'stop', fields, label: text('stopAll'), first: true, explained }],
  }
}

function stopOnlySection({ stopOnly, grid }: PreferenceModel, { text }: Reading): Section[] {
  const { topic, channel } = stopOnly
  const parts: Part[] = []
  if (topic !== undefined) {
    parts.push({ kind: 'act', act: 'stop', fields: { scope: 'topic' }, label: text('stopTopic', { topic }) })
  }
  if (channel !== undefined && grid.channels.includes(channel)) {
    parts.push({ kind: 'act', act: 'stop', fields: { scope: 'channel' }, label: text('stopChannel', { channel }) })
  }
  return parts.length === 0 ? [] : [{ id: 'only', title: text('stopOnly.title'), parts }]
}

function lessSection({ options, current }: LessModel, { text }: Reading): Section {
  return {
    id: 'less',
    title: text('less.title'),
    parts: [
      ...(current === undefined ? [] : [words(text('less.current', { ...current }), 'state')]),
      ...options.map((option): Part => {
        const fields = { cadence: `${option.max}/${option.per}` }
        return { kind: 'act', act: 'less', fields, label: text('less.option', { ...option }) }
      }),
      ...(current === undefined ? [] : [endOf('less', { cadence: 'end' }, text('less.end'))]),
    ],
  }
}

function pauseSection(
  { options, earliest, latest, current }: PauseModel,
  { text, frame, language }: Reading,
  notice: PreferenceNotice | undefined,
): Section {
  const day = (at: Date) => dayInWords(at, language, frame.timeZone)
  const until: Input = {
    kind: 'date',
    name: 'until',
    label: text('pause.date'),
    hint: text('pause.date.hint', { from: day(earliest), to: day(latest) }),
    required: true,
    min: dayForInput(earliest, frame.timeZone),
    max: dayForInput(latest, frame.timeZone),
    ...(notice === 'date_refused' && { error: text('notice.dateRefused') }),
  }
  return {
    id: 'pause',
    title: text('pause.title'),
    parts: [
      ...(current === undefined ? [] : [words(text('pause.until', { date: day(current.until) }), 'state')]),
      ...options.map(({ days, until: end }): Part => {
        const small = text('pause.until', { date: day(end) })
        return { kind: 'act', act: 'pause', fields: { days: String(days) }, label: text('pause.days', { days }), small }
      }),
      ...(current === undefined ? [] : [endOf('pause', { days: 'end' }, text('pause.end'))]),
      { kind: 'form', act: 'pause', fields: {}, inputs: [until], button: text('pause.date.button') },
    ],
  }
}

function endOf(act: string, fields: Readonly<Record<string, string>>, label: string): Part {
  return { kind: 'act', act, fields, label }
}

/** Beside each box it is sent that it was shown and whether it was ticked, as the page's own form does. */
function gridSection(grid: GridModel, { text, language }: Reading): Section[] {
  const { channels } = grid
  if (grid.rows.length === 0 || channels.length === 0) return []
  const boxes = grid.rows.flatMap(({ topic, cells }) =>
    channels.map((channel) => ({ value: `${channel}:${topic}`, state: cells[channel] ?? 'unavailable' })),
  )
  const shown = boxes.filter(({ state }) => state !== 'unavailable').map(({ value }) => value)
  const was = boxes.filter(({ state }) => state === 'on').map(({ value }) => value)
  const rows = grid.rows.map(({ topic, name, cells }) => ({
    name,
    cells: channels.map((channel) => {
      const state = cells[channel] ?? 'unavailable'
      const value = `${channel}:${topic}`
      switch (state) {
        case 'on':
          return { value, ticked: true }
        case 'off':
          return { value }
        case 'pending':
          return { value, note: text('grid.pending') }
        case 'unavailable':
          return { note: text('grid.unavailable') }
        default:
          return assertNever(state)
      }
    }),
  }))
  const part: Part = {
    kind: 'grid',
    act: 'preferences',
    fields: { shown, was },
    topic: text('grid.topic'),
    channels: channels.map((channel) => sentenceCase(channelName(channel, text), language)),
    rows,
    button: text('grid.save'),
  }
  const parts = [words(text('grid.explained')), part, words(text('grid.notAll'), 'hint')]
  return [{ id: 'grid', title: text('grid.title'), parts }]
}

/** Longest name that the form takes; RFC 5321 §4.5.3.1.3 allows an address of 254 octets. */
const nameCharactersMax = 120
const emailCharactersMax = 254

function personSection(model: PersonModel, reading: Reading, notice: PreferenceNotice | undefined): Section {
  const { text, language } = reading
  const options = languages.map((value) => ({
    value,
    label: text('person.language.name', { language: value }),
    picked: value === (model.language ?? language),
  }))
  const { maskedName } = model
  const name: Input = {
    kind: 'text',
    name: 'name',
    label: text('person.name'),
    hint: maskedName === undefined ? text('person.name.unknown') : text('person.name.known', { name: maskedName }),
    charactersMax: nameCharactersMax,
    autocomplete: 'name',
    ...(notice === 'name_refused' && { error: text('notice.nameRefused') }),
  }
  const inputs: Input[] = [{ kind: 'pick', name: 'language', label: text('person.language'), options }, name]
  return {
    id: 'person',
    title: text('person.title'),
    parts: [
      words(text('person.masked'), 'hint'),
      { kind: 'form', act: 'details', fields: {}, inputs, button: text('person.save') },
      ...contactParts(model, reading),
      words(text('points.add.title'), 'title'),
      {
        kind: 'form',
        act: 'add-contact',
        fields: {},
        inputs: [email(reading, notice)],
        button: text('points.add.button'),
      },
      words(text('erase.title'), 'title'),
      words(`${text('erase.explained')} ${text('erase.kept')}`, 'hint'),
      { kind: 'act', act: 'erase', fields: {}, label: text('erase.button') },
    ],
  }
}

function contactParts({ contactPoints }: PersonModel, { text }: Reading): Part[] {
  if (contactPoints.length === 0) return []
  const rows = contactPoints.map((point): Part => {
    const fields = { contact: point.reference }
    return {
      kind: 'row',
      label: contactPointName(point.type, text),
      words: point.masked,
      ...(point.pending && { tag: text('points.pending') }),
      act: { kind: 'act', act: 'remove-contact', fields, label: text('points.remove'), of: point.masked },
    }
  })
  return [words(text('points.title'), 'title'), words(text('points.explained'), 'hint'), ...rows]
}

function email({ text }: Reading, notice: PreferenceNotice | undefined): Input {
  return {
    kind: 'email',
    name: 'email',
    label: text('points.add.email'),
    hint: text('points.add.hint'),
    required: true,
    charactersMax: emailCharactersMax,
    autocomplete: 'email',
    ...(notice === 'email_refused' && { error: text('notice.emailRefused') }),
  }
}
