import { campaignFingerprint, type Standing, uuidV7 } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { Fingerprinter } from './fingerprinter.ts'
import { Questions } from './questions.ts'
import { StandingIndex } from './standing-index.ts'

const key = new Uint8Array(16).fill(3)
const topics = [{ id: 'news', purpose: 'marketing' as const }]
const catalog = {
  brands: [
    {
      id: 'acme',
      country: 'BE',
      pledgedRegisters: [],
      topics: [...topics, { id: 'orders', purpose: 'service' as const }],
    },
    { id: 'globex', country: 'BE', pledgedRegisters: [], topics },
  ],
  registers: {},
}
const jan = { type: 'email', value: 'jan@voorbeeld.be' } as const
const about = { brand: 'acme', channel: 'email', topic: 'orders', campaign: 'lente' } as const
const no: Standing = {
  groups: [{ relation: null, items: [{ kind: 'objection', id: uuidV7(0, key), scope: {}, at: 0 }] }],
}

function open(withChoiceIds = true) {
  const index = new StandingIndex({ withChoiceIds })
  const questions = new Questions(index, new Fingerprinter(key), catalog)
  const put = (brand: string, campaign: string, standing: Standing) => {
    const fingerprint = campaignFingerprint(key, brand, campaign)
    index.set(Number(fingerprint & 0xffffffffn), Number(fingerprint >> 32n), standing)
  }
  const reason = (changes: object = {}) => questions.answer(jan, { ...about, ...changes }, 1).reason
  return { index, questions, put, reason }
}

describe('a held campaign in the index', () => {
  it.each([true, false])(
    'is refused from the next question on and passes again once released, choice ids: %s',
    (ids) => {
      const { put, reason } = open(ids)
      expect(reason()).toBe('service')
      put('acme', 'lente', no)
      expect([reason(), reason({ brand: undefined }), reason()]).toEqual([
        'campaign_held',
        'campaign_held',
        'campaign_held',
      ])
      put('acme', 'lente', { groups: [] })
      expect(reason()).toBe('service')
    },
  )

  it('is that of one brand, and of one spelling', () => {
    const { put, reason } = open()
    put('acme', 'lente', no)
    expect(reason({ campaign: 'Lente' })).toBe('service')
    expect(reason({ campaign: undefined })).toBe('service')
    expect(reason({ brand: 'globex', topic: 'news' })).toBe('no_basis')
    // A slash in a name makes no other campaign's name of it.
    put('acme', 'a/b', no)
    expect([reason({ campaign: 'a/b' }), reason({ campaign: 'a' })]).toEqual(['campaign_held', 'service'])
  })

  it('keeps the answers of both apart where they are kept for a moment', () => {
    const { put, questions } = open()
    const located = () => questions.answerLocated(0, 'email', about, 1).reason
    expect(located()).toBe('service')
    put('acme', 'lente', no)
    expect(located()).toBe('campaign_held')
    put('acme', 'lente', { groups: [] })
    expect(located()).toBe('service')
  })
})
