import { make, newId } from './dom.ts'
import { drawInput } from './draw-inputs.ts'
import type { Act, Cell, Fields, Form, Grid, Part, Row, Section, Words } from './view.ts'

export type Drawing = {
  /** Of the sections' headings, so that they fit below those of the site. */
  readonly headingLevel: number
  readonly onAct: (name: string, fields: Fields) => void
}

/** `isBare`: without a heading, for a button that stands alone. */
export function drawSection(section: Section, drawing: Drawing, isBare: boolean): HTMLElement {
  const { id, title, parts } = section
  const named = newId()
  const level = Math.min(6, Math.max(2, drawing.headingLevel))
  const heading = make(
    'p',
    { id: named, part: 'heading', class: 'heading', role: 'heading', 'aria-level': level },
    title,
  )
  // It takes the focus when it tells what an act came to.
  heading.tabIndex = -1
  const drawn = gathered(parts, drawing, level)
  const by = isBare ? { role: 'group', 'aria-label': title } : { 'aria-labelledby': named }
  return make('section', { part: `section section-${id}`, class: id, ...by }, isBare ? undefined : heading, ...drawn)
}

/** Buttons that follow each other stand beside each other where there is room. */
function gathered(parts: readonly Part[], drawing: Drawing, level: number): HTMLElement[] {
  const drawn: HTMLElement[] = []
  for (const part of parts) {
    const element = drawPart(part, drawing, level)
    const last = drawn.at(-1)
    if (part.kind === 'act' && last?.className === 'acts') last.append(element)
    else drawn.push(part.kind === 'act' ? make('div', { class: 'acts' }, element) : element)
  }
  return drawn
}

function drawPart(part: Part, drawing: Drawing, level: number): HTMLElement {
  switch (part.kind) {
    case 'words':
      return drawWords(part, level)
    case 'list':
      return make('ul', { part: 'list' }, ...part.items.map((item) => make('li', {}, item)))
    case 'act':
      return drawAct(part, drawing)
    case 'form':
      return drawForm(part, drawing)
    case 'row':
      return drawRow(part, drawing)
    case 'grid':
      return drawGrid(part, drawing)
    default:
      // A hub that is newer than this script may know more; what is known is drawn.
      return make('div')
  }
}

function drawWords({ words, tone }: Words, level: number): HTMLElement {
  const below = tone === 'title' ? { role: 'heading', 'aria-level': Math.min(6, level + 1) } : {}
  return make('p', { part: tone ?? 'words', class: tone, ...below }, words)
}

function drawAct({ act, fields, label, first, small, of, explained }: Act, drawing: Drawing): HTMLElement {
  const id = newId()
  const button = make(
    'button',
    {
      type: 'button',
      part: first ? 'button button-first' : 'button',
      class: first ? 'first' : undefined,
      'aria-describedby': explained === undefined ? undefined : id,
    },
    make('span', {}, label),
    of === undefined ? undefined : make('span', { class: 'unseen' }, ` ${of}`),
    small === undefined ? undefined : make('small', {}, small),
  )
  button.addEventListener('click', () => drawing.onAct(act, fields))
  const words = explained === undefined ? undefined : make('p', { id, part: 'hint', class: 'hint' }, explained)
  return make('div', { class: 'act' }, button, words)
}

function drawForm({ act, fields, inputs, button }: Form, drawing: Drawing): HTMLElement {
  return formFor(act, fields, drawing, ...inputs.map(drawInput), submitButton(button))
}

function drawRow({ label, words, tag, act }: Row, drawing: Drawing): HTMLElement {
  const marked = tag === undefined ? undefined : make('span', { part: 'tag', class: 'tag' }, tag)
  const said = make('div', {}, make('span', { part: 'hint', class: 'hint' }, label), ' ', marked, make('br'), words)
  return make('div', { part: 'row', class: 'row' }, said, drawAct(act, drawing))
}

/** The roles are written out, since some browsers drop them where the style sheet makes cards of a table. */
function drawGrid({ act, fields, topic, channels, rows, button }: Grid, drawing: Drawing): HTMLElement {
  const head = [topic, ...channels].map((name) => make('th', { scope: 'col', role: 'columnheader' }, name))
  const body = rows.map(({ name, cells }) =>
    make(
      'tr',
      { role: 'row' },
      make('th', { scope: 'row', role: 'rowheader' }, name),
      ...cells.map((cell, index) => drawCell(cell, name, channels[index] ?? '')),
    ),
  )
  const table = make(
    'table',
    { part: 'grid', role: 'table' },
    make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...head)),
    make('tbody', { role: 'rowgroup' }, ...body),
  )
  return formFor(act, fields, drawing, table, submitButton(button))
}

function drawCell({ value, ticked, note }: Cell, topic: string, channel: string): HTMLElement {
  if (value === undefined) {
    const dash = make('span', { 'aria-hidden': 'true' }, '–')
    return make('td', { role: 'cell', class: 'none' }, dash, make('span', { class: 'unseen' }, note))
  }
  const box = make('input', { type: 'checkbox', name: 'receive', value, part: 'checkbox', checked: ticked })
  const words = [make('span', { class: 'unseen' }, `${topic}: `), make('span', { class: 'channel' }, channel)]
  const small = note === undefined ? undefined : make('small', {}, note)
  return make('td', { role: 'cell' }, make('label', { class: 'choice', part: 'choice' }, box, ...words, small))
}

function submitButton(label: string): HTMLElement {
  return make('button', { type: 'submit', part: 'button' }, label)
}

/** What the part sends by itself, and what the person filled in. */
function formFor(name: string, fields: Fields, drawing: Drawing, ...children: readonly HTMLElement[]): HTMLElement {
  const form = make('form', { part: 'form' }, ...children)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const filled: Record<string, string | readonly string[]> = { ...fields }
    const data = new FormData(form)
    for (const key of new Set(data.keys())) filled[key] = data.getAll(key).map(String)
    drawing.onAct(name, filled)
  })
  return form
}
