import { make, newId } from './dom.ts'
import type { Choice, Field, Input } from './view.ts'

export function drawInput(input: Input): HTMLElement {
  switch (input.kind) {
    case 'pick':
      return drawPick(input)
    case 'one':
    case 'many':
      return drawOpen(input)
    default:
      return drawField(input)
  }
}

function drawField(field: Field): HTMLElement {
  const { kind, name, label, lang, hint, error, required, charactersMax, autocomplete, min, max } = field
  const id = newId()
  const hints = [error && `${id}e`, hint && `${id}h`].filter(Boolean).join(' ')
  const attributes = {
    id,
    name,
    part: 'input',
    required,
    maxlength: charactersMax,
    autocomplete,
    'aria-describedby': hints === '' ? undefined : hints,
    'aria-invalid': error === undefined ? undefined : 'true',
  }
  return make(
    'div',
    { class: 'field' },
    make('label', { for: id, lang, part: 'label' }, label),
    error === undefined ? undefined : make('p', { id: `${id}e`, part: 'error', class: 'error' }, error),
    hint === undefined ? undefined : make('p', { id: `${id}h`, part: 'hint', class: 'hint' }, hint),
    kind === 'long'
      ? make('textarea', { ...attributes, rows: 4 })
      : make('input', { ...attributes, type: kind, min, max }),
  )
}

function drawPick({ name, label, lang, options }: Choice): HTMLElement {
  const id = newId()
  const drawn = options.map(({ value, label: words, picked }) => make('option', { value, selected: picked }, words))
  return make(
    'div',
    { class: 'field' },
    make('label', { for: id, lang, part: 'label' }, label),
    make('select', { id, name, part: 'input' }, ...drawn),
  )
}

function drawOpen({ kind, name, label, heard, lang, hint, options }: Choice): HTMLElement {
  const id = newId()
  const type = kind === 'one' ? 'radio' : 'checkbox'
  return make(
    'fieldset',
    { 'aria-describedby': hint === undefined ? undefined : id },
    make('legend', { lang, part: 'label', class: heard ? 'unseen' : undefined }, label),
    hint === undefined ? undefined : make('p', { id, part: 'hint', class: 'hint' }, hint),
    ...options.map(({ value, label: words, lang: foreign }) =>
      make(
        'label',
        { class: 'choice', part: 'choice' },
        make('input', { type, name, value, part: type }),
        make('span', { lang: foreign }, words),
      ),
    ),
  )
}
