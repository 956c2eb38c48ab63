import { describe, expect, it } from 'vitest'
import { type LeaveForm, labelIn, questionsSchema, wordsCharactersMax } from './leave-form.ts'
import { readAnswers } from './read-answers.ts'

const labels = { en: 'Why?', nl: 'Waarom?' }
const choices = [
  { id: 'bored', labels },
  { id: 'never', labels, alert: 'never_signed_up' as const },
  { id: 'spam', labels, alert: 'spam' as const },
]
const form: LeaveForm = {
  version: 3,
  questions: [
    { kind: 'single', id: 'why', labels, choices },
    { kind: 'multiple', id: 'what', labels, choices },
    { kind: 'scale', id: 'mark', labels, from: 0, to: 10 },
    { kind: 'text', id: 'words', labels },
  ],
}

describe('the questions of a form', () => {
  const isTaken = (questions: unknown) => questionsSchema.safeParse(questions).success
  const text = { kind: 'text', id: 'a', labels }

  it('are taken in every kind, and none at all is a form too', () => {
    expect(isTaken(form.questions)).toBe(true)
    expect(isTaken([])).toBe(true)
  })
  it('have no way to be mandatory', () => {
    expect(isTaken([{ ...text, required: true }])).toBe(false)
  })
  it('have a text in one language at least', () => {
    expect(isTaken([{ ...text, labels: {} }])).toBe(false)
    expect(isTaken([{ ...text, labels: { dutch: 'Waarom?' } }])).toBe(false)
  })
  it('have names of their own, and none that the form itself needs', () => {
    expect(isTaken([{ kind: 'scale', id: 'a', labels, from: 1, to: 5 }, text])).toBe(false)
    for (const id of ['choice', 'form', 'return', 'lang', 'A', '../x', ''])
      expect(isTaken([{ ...text, id }])).toBe(false)
    expect(isTaken([{ kind: 'single', id: 'a', labels, choices: [choices[0], choices[0]] }])).toBe(false)
  })
  it('fit on one screen', () => {
    const scales = Array.from({ length: 7 }, (_, index) => ({ kind: 'scale', id: `s${index}`, labels, from: 1, to: 5 }))
    expect(isTaken(scales.slice(0, 6))).toBe(true)
    expect(isTaken(scales)).toBe(false)
    expect(isTaken([{ kind: 'scale', id: 's', labels, from: 0, to: 11 }])).toBe(false)
    expect(isTaken([{ kind: 'single', id: 'a', labels, choices: choices.slice(0, 1) }])).toBe(false)
  })
  it('ask for free text once', () => {
    expect(isTaken([text, { ...text, id: 'b' }])).toBe(false)
  })
})

describe('a label', () => {
  it('is the one in the reader’s language, else one that the reader may know', () => {
    expect(labelIn(labels, 'nl')).toEqual({ text: 'Waarom?', language: 'nl' })
    expect(labelIn(labels, 'de')).toEqual({ text: 'Why?', language: 'en' })
    expect(labelIn({ it: 'Perché?' }, 'de')).toEqual({ text: 'Perché?', language: 'it' })
  })
})

describe('answers', () => {
  const read = (fields: Record<string, string[]>) => readAnswers(form, (name) => fields[name] ?? [])

  it('are read question by question', () => {
    const { answers, reason, comment } = read({
      why: ['bored'],
      what: ['spam', 'bored'],
      mark: ['7'],
      words: [' Hm \r\n!'],
    })
    expect(answers).toEqual([
      { question: 'why', picked: ['bored'] },
      { question: 'what', picked: ['bored', 'spam'] },
      { question: 'mark', picked: ['7'] },
      { question: 'words', picked: [], words: 'Hm \n!' },
    ])
    expect([reason, comment]).toEqual(['bored', 'Hm \n!'])
  })
  it('leave out what was not offered, and what was left empty', () => {
    const odd = { why: ['made up', 'bored', 'never'], what: ['x'], mark: ['11', '-1', '1e1', ''], words: [' \u0000 '] }
    expect(read(odd).answers).toEqual([{ question: 'why', picked: ['bored'] }])
    expect(read({ other: ['bored'] })).toEqual({ answers: [], reason: null, comment: null, alerts: [] })
  })
  it('cut words to what fits, and never through a character', () => {
    const words = read({ words: ['🙂'.repeat(wordsCharactersMax)] }).comment ?? ''
    expect(words).toBe('🙂'.repeat(wordsCharactersMax / 2))
    expect(read({ words: [`${'a'.repeat(wordsCharactersMax - 1)}🙂`] }).comment?.isWellFormed()).toBe(true)
  })
  it('raise each alert once', () => {
    expect(read({ why: ['never'], what: ['never', 'spam'] }).alerts).toEqual(['never_signed_up', 'spam'])
    expect(read({ why: ['bored'] }).alerts).toEqual([])
  })
})
