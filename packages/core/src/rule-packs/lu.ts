import type { LegalSource, RulePack } from '../rule-pack.ts'
import {
  chatAsElectronicMail,
  ePrivacyConsent,
  ePrivacyCustomers,
  gdprLegitimateInterest,
  gdprObjection,
  pushConsent,
} from './european-sources.ts'

const electronicMail: LegalSource = {
  text: 'Law of 30 May 2005 on privacy in electronic communications art. 11: unsolicited electronic messages need consent; own customers may be written to about similar products if they can refuse free of charge.',
  toConfirm: true,
}

/** Luxembourg. */
export const luxembourg: RulePack = {
  country: 'LU',
  version: 'LU@2026-11-01',
  channels: {
    email: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyCustomers] }],
    sms: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyConsent] }],
    whatsapp: [{ silence: 'opt_in', customers: true, sources: [electronicMail, chatAsElectronicMail] }],
    phone: [
      {
        silence: 'opt_in',
        sources: [
          {
            text: 'Law of 30 May 2005 art. 11 read strictly: consent before any call, customers included.',
            toConfirm: true,
          },
        ],
      },
    ],
    post: [{ silence: 'opt_out', sources: [gdprLegitimateInterest, gdprObjection] }],
    push: [{ silence: 'opt_in', sources: [pushConsent, gdprObjection] }],
  },
}
