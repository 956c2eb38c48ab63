import type { LegalSource, RulePack } from '../rule-pack.ts'
import {
  chatAsElectronicMail,
  ePrivacyConsent,
  ePrivacyCustomers,
  gdprLegitimateInterest,
  gdprObjection,
  pushConsent,
} from './european-sources.ts'

/** How long a copy of Postfilter is trusted. The code asks for the newest file; a month is assumed: to confirm. */
export const postfilterValidityDays = 30
/** The register closed on 1 July 2021; only decisions about earlier days ask for it. To confirm. */
export const belMeNietValidityDays = 30

const electronicMail: LegalSource = {
  text: 'Telecommunicatiewet art. 11.7: electronic messages and automatic calls need consent; own customers may be written to if they could refuse when the address was taken and can in every message.',
}

/** The Netherlands. */
export const netherlands: RulePack = {
  country: 'NL',
  version: 'NL@2026-11-01',
  channels: {
    email: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyCustomers] }],
    sms: [{ silence: 'opt_in', customers: true, sources: [electronicMail, ePrivacyConsent] }],
    whatsapp: [{ silence: 'opt_in', customers: true, sources: [electronicMail, chatAsElectronicMail] }],
    phone: [
      {
        until: '2021-07-01',
        silence: 'opt_out',
        registers: [{ id: 'bel-me-niet', validityDays: belMeNietValidityDays }],
        sources: [
          {
            text: 'Telecommunicatiewet art. 11.7 as it read until 1 July 2021: calls were allowed unless the person objected or stood in the Bel-me-niet-register.',
            toConfirm: true,
          },
        ],
      },
      {
        from: '2021-07-01',
        until: '2026-07-01',
        silence: 'opt_in',
        customers: true,
        sources: [
          {
            text: 'Telecommunicatiewet art. 11.7, from 1 July 2021: calls to natural persons need consent, except to own customers; the Bel-me-niet-register closed.',
          },
        ],
      },
      {
        from: '2026-07-01',
        silence: 'opt_in',
        sources: [
          {
            text: 'Telecommunicatiewet art. 11.7, from 1 July 2026: the customer relation no longer allows calls; consent is needed.',
          },
          {
            text: 'Charities, charity lotteries and publishers of dailies, weeklies and magazines keep the customer exception; this pack does not apply it.',
            toConfirm: true,
          },
        ],
      },
    ],
    post: [
      {
        silence: 'opt_out',
        registers: [{ id: 'postfilter', validityDays: postfilterValidityDays, exceptCustomers: true }],
        sources: [
          {
            text: 'Code Postfilter (Reclamecode, 1 April 2021): senders of unsolicited addressed mail check the newest Postfilter and deceased files, except for their own customers, and name postfilter.nl.',
          },
          gdprLegitimateInterest,
          gdprObjection,
          { text: 'How old a copy of Postfilter may be: 30 days assumed.', toConfirm: true },
        ],
      },
    ],
    push: [{ silence: 'opt_in', sources: [pushConsent, gdprObjection] }],
  },
}
