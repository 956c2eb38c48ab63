import type { ChannelRule, RulePack } from '../rule-pack.ts'
import { gdprObjection } from './european-sources.ts'

const consentOnly: ChannelRule = {
  silence: 'opt_in',
  sources: [
    { text: 'No rule is known for this country, or the country is unknown: only consent opens a channel.' },
    gdprObjection,
  ],
}

/** Where no other pack applies: consent on every channel, with no exception, because not knowing means not sending (rule 6). */
export const defaultRulePack: RulePack = {
  country: 'default',
  version: 'default@2026-11-01',
  channels: {
    email: [consentOnly],
    sms: [consentOnly],
    whatsapp: [consentOnly],
    phone: [consentOnly],
    post: [consentOnly],
    push: [consentOnly],
  },
}
