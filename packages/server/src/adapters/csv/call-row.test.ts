import { hashSecrets } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { readCallLine } from './call-row.ts'

const secrets = hashSecrets(Buffer.alloc(32, 1))
const header = ['phone', 'answer']

function callOf(answer: string, comment = '') {
  const columns = { phone: { phone: [0] }, answer: 1, comment: 2 }
  const reading = { header: [...header, 'comment'], columns, country: 'BE', offers: [] }
  return readCallLine(secrets, reading, ['0470 11 22 33', answer, comment], { file: 'f', now: 0 }).calls[0]
}

const answerOf = (answer: string, comment?: string) => callOf(answer, comment)?.answer

describe('the moment in a file of outcomes', () => {
  it('is now where it only stands for none, and the same call again is the same', () => {
    const now = Date.UTC(2026, 10, 21)
    const callAt = (at: string) => {
      const columns = { phone: { phone: [0] }, answer: 1, at: 2 }
      const reading = { header: [...header, 'at'], columns, country: 'BE', offers: [] }
      return readCallLine(secrets, reading, ['0470 11 22 33', '9', at], { file: 'f', now })
    }
    expect(callAt('1970-01-01 01:00')).toEqual(callAt(''))
    expect(callAt('1970-01-01 01:00')).toMatchObject({ reasons: [], calls: [{ calledAt: now, answer: 'objection' }] })
  })
})

describe('the answer in a file of outcomes', () => {
  it('is an objection however a dialler writes it', () => {
    for (const answer of [
      '9',
      '9#',
      '9.0',
      'STOP',
      'opt out',
      'Opt_Out',
      'DNC',
      'Do not call',
      'bezwaar',
      'Opposition.',
      'DTMF 9',
      'toets_9',
      'key: 9',
      'Afgemeld',
      'Désabonné',
    ])
      expect([answer, answerOf(answer)]).toEqual([answer, 'objection'])
  })

  it('is one in a sentence of the agent too', () => {
    for (const answer of ['wil niet meer gebeld worden', 'ne plus appeler svp', 'bitte nicht mehr anrufen'])
      expect([answer, answerOf(answer)]).toEqual([answer, 'objection'])
  })

  it('is one where the own words of the person say so, whatever the answer', () => {
    for (const comment of ['Bel me nooit meer!', 'ne m’appelez plus', 'STOP'])
      expect([answerOf('', comment), answerOf('1', comment)]).toEqual(['objection', 'objection'])
    expect([callOf('9')?.asked, callOf('9', 'Stop met alles')?.asked]).toEqual([undefined, 'all'])
    expect(answerOf('1', 'Belt zelf terug over de bestelling')).toBe('no_objection')
    expect(answerOf('', 'Klant was niet thuis')).toBeUndefined()
  })

  it('is none where it says another thing, and nothing where it is empty', () => {
    for (const answer of ['1', '99', 'no', 'nee', 'interested', 'call back tomorrow', 'niet geinteresseerd'])
      expect([answer, answerOf(answer)]).toEqual([answer, 'no_objection'])
    expect(answerOf('')).toBeUndefined()
  })
})
