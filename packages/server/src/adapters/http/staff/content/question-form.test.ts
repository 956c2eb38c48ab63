import { describe, expect, it } from 'vitest'
import { type FormQuestion, questionsSchema } from '../../../../services/forms/leave-form.ts'
import { changedQuestions } from './question-form.ts'

const before: readonly FormQuestion[] = [
  {
    kind: 'single',
    id: 'reason',
    labels: { nl: 'Waarom?', en: 'Why?' },
    choices: [
      { id: 'too_many', labels: { nl: 'Te veel' } },
      { id: 'spam', labels: { nl: 'Spam' }, alert: 'spam' },
    ],
  },
  { kind: 'text', id: 'comment', labels: { nl: 'Anders?' } },
]
const change = (fields: Record<string, string>) => changedQuestions(before, (name) => fields[name], 'nl')

describe('the questions after a form was sent', () => {
  it('are what they were where the form says nothing', () => {
    expect(change({})).toEqual(before)
  })
  it('have the new words under the ids that answers are counted by', () => {
    const [reason] = change({ 'q0.label.nl': 'Waarom weg?', 'q0.label.en': '', 'q0.c0.label.fr': 'Trop' })
    expect(reason).toMatchObject({ id: 'reason', labels: { nl: 'Waarom weg?' } })
    expect(reason?.labels).not.toHaveProperty('en')
    expect(reason?.kind === 'single' && reason.choices[0]).toEqual({
      id: 'too_many',
      labels: { nl: 'Te veel', fr: 'Trop' },
    })
  })
  it('come in the order that was asked for', () => {
    expect(change({ 'q0.order': '2', 'q1.order': '1' }).map(({ id }) => id)).toEqual(['comment', 'reason'])
  })
  it('lose what was removed and keep what a choice alerts', () => {
    const [reason] = change({ 'q0.c0.remove': 'yes', 'q1.remove': 'yes', 'q0.new.nl': 'Te duur', 'q0.new.en': 'Spam' })
    expect(reason?.kind === 'single' && reason.choices).toEqual([
      { id: 'spam', labels: { nl: 'Spam' }, alert: 'spam' },
      { id: 'spam_2', labels: { nl: 'Te duur', en: 'Spam' } },
    ])
  })
  it.each(['single', 'multiple', 'scale', 'text'])('gain one of kind %s that can be published', (kind) => {
    const fields = { 'add.kind': kind, 'add.label.nl': 'Hoe été?', 'add.choices': 'Goed\r\n\r\nSlecht' }
    const added = changedQuestions(
      before.slice(0, 1),
      (name) => Object.entries(fields).find(([key]) => key === name)?.[1],
      'nl',
    )
    expect(questionsSchema.safeParse(added)).toMatchObject({ success: true })
    expect(added.at(-1)).toMatchObject({ id: 'hoe_e_te', kind })
  })
})
