import { decisionReasons } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { isAboutPerson, postponementFor, refusalFor } from './refusals.ts'

describe('what a client is told of a recipient who may not be written to', () => {
  it('keeps the mail where the campaign is held or the hub itself does not know, and nowhere else', () => {
    const kept = decisionReasons.filter((reason) => postponementFor(reason) !== undefined)
    expect(kept.sort()).toEqual(['campaign_held', 'register_missing', 'register_stale', 'stale'])
  })

  it('says of a held campaign that it is one, in words that strike nobody off a list', () => {
    expect(postponementFor('campaign_held')).toMatchObject({ code: 451, status: '4.7.1' })
    expect(postponementFor('campaign_held')?.text).toContain('campaign_held')
  })

  it('refuses for good what the person said, by policy and not as a dead mailbox', () => {
    expect(refusalFor('objection')).toMatchObject({ code: 550, status: '5.7.1' })
    expect([isAboutPerson('objection'), isAboutPerson('unknown_topic')]).toEqual([true, false])
  })
})
