import type { LegalSource, RulePack } from '../rule-pack.ts'
import {
  chatAsElectronicMail,
  ePrivacyConsent,
  ePrivacyCustomers,
  gdprLegitimateInterest,
  gdprObjection,
  pushConsent,
} from './european-sources.ts'

/** Regular callers had to compare their files with Bloctel at least every thirty days: to confirm. */
export const bloctelValidityDays = 30

const electronicMail: LegalSource = {
  text: 'Code des postes et des communications électroniques art. L. 34-5: electronic prospecting of natural persons needs consent; own customers may be written to about similar products if they can refuse free of charge.',
  toConfirm: true,
}

/** France. */
export const france: RulePack = {
  country: 'FR',
  version: 'FR@2026-11-01',
  channels: {
    email: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyCustomers] }],
    sms: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyConsent] }],
    whatsapp: [{ silence: 'opt_in', customers: true, sources: [electronicMail, chatAsElectronicMail] }],
    phone: [
      {
        until: '2026-08-11',
        silence: 'opt_out',
        registers: [{ id: 'bloctel', validityDays: bloctelValidityDays }],
        sources: [
          {
            text: 'Code de la consommation art. L. 223-1 as it read until 11 August 2026: calls were allowed unless the consumer stood in the Bloctel list. Its exception for running contracts is not applied.',
            toConfirm: true,
          },
        ],
      },
      {
        from: '2026-08-11',
        silence: 'opt_in',
        sources: [
          {
            text: 'Code de la consommation art. L. 223-1, from 11 August 2026: calls need consent beforehand; Bloctel ended.',
          },
          {
            text: 'Calls about a running contract may remain allowed; being a customer alone is not taken as enough.',
            toConfirm: true,
          },
        ],
      },
    ],
    post: [
      {
        silence: 'opt_out',
        sources: [
          gdprLegitimateInterest,
          gdprObjection,
          {
            text: 'The French list against addressed mail is self-regulation; no law makes it mandatory.',
            toConfirm: true,
          },
        ],
      },
    ],
    push: [{ silence: 'opt_in', sources: [pushConsent, gdprObjection] }],
  },
}
