import { describe, expect, it } from 'vitest'
import type { View as DrawnView, Part } from '../../../../../element/src/view.ts'
import { type View, viewSchema } from './view-schema.ts'

/** Does not compile where the hub would send what the element does not know. */
const asDrawn = (view: View): DrawnView => view
const kinds: Record<Part['kind'], true> = { words: true, list: true, act: true, form: true, row: true, grid: true }

describe('what the hub sends', () => {
  it('is what the element draws, kind by kind', () => {
    const act = { kind: 'act' as const, act: 'stop', fields: { scope: 'all' }, label: 'Stop' }
    const field = { kind: 'email' as const, name: 'email', label: 'E-mail' }
    const parts: View['sections'][number]['parts'] = [
      { kind: 'words', words: 'Hello', tone: 'state' },
      { kind: 'list', items: ['one'] },
      act,
      { kind: 'form', act: 'add-contact', fields: {}, inputs: [field], button: 'Add' },
      { kind: 'row', label: 'E-mail', words: 'j•••', act },
      { kind: 'grid', act: 'preferences', fields: {}, topic: 'Topic', channels: [], rows: [], button: 'Save' },
    ]
    const view = asDrawn({ lang: 'en', sections: [{ id: 'stop', title: 'Stop', parts }] })
    expect(viewSchema.parse(view)).toEqual(view)
    expect(parts.map(({ kind }) => kind)).toEqual(Object.keys(kinds))
  })
})
