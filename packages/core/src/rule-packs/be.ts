import type { LegalSource, RulePack } from '../rule-pack.ts'
import {
  chatAsElectronicMail,
  ePrivacyCustomers,
  gdprLegitimateInterest,
  gdprObjection,
  pushConsent,
} from './european-sources.ts'

/** DNCM makes a new file every day and asks its licensees to fetch it at least every five days (dncm.be, "Purchase the list"). */
export const belMeNietMeerValidityDays = 5
/** How long a copy of the Robinson list is trusted. Its conditions name no age; a month is assumed: to confirm. */
export const robinsonValidityDays = 30

const consent: LegalSource = {
  text: 'Code of Economic Law art. XII.13: advertising by electronic mail needs prior, free, specific and informed consent, and the sender has to prove it.',
}
const customers: LegalSource = {
  text: 'Royal Decree of 4 April 2003 art. 1, 1°: no consent is needed for own customers who gave their address at a sale, for own similar products, if they could object free of charge and easily.',
}
const impersonal: LegalSource = {
  text: 'Royal Decree of 4 April 2003 art. 1, 2°: no consent is needed for impersonal addresses of legal persons, such as info@.',
}
const textMessages: LegalSource = {
  text: 'Code of Economic Law art. I.18: electronic mail is read as including text messages.',
  toConfirm: true,
}

/** Belgium. */
export const belgium: RulePack = {
  country: 'BE',
  version: 'BE@2026-11-22',
  channels: {
    email: [
      {
        silence: 'opt_in',
        customers: true,
        impersonal: true,
        sources: [consent, customers, impersonal, ePrivacyCustomers],
      },
    ],
    sms: [{ silence: 'opt_in', customers: true, sources: [consent, customers, textMessages] }],
    whatsapp: [
      { silence: 'opt_in', customers: true, sources: [consent, customers, textMessages, chatAsElectronicMail] },
    ],
    phone: [
      {
        silence: 'opt_out',
        registers: [{ id: 'bel-me-niet-meer', validityDays: belMeNietMeerValidityDays }],
        sources: [
          {
            text: 'Code of Economic Law art. VI.110 §2, as amended by the law of 8 February 2024: calls without an automatic system are allowed unless the subscriber or user objected.',
          },
          {
            text: 'Code of Economic Law art. VI.112: callers check the bel-me-niet-meer list, which binds towards customers and prospects, consumers and businesses alike.',
          },
          {
            text: 'DNCM, conditions of use: the list is downloaded again at least every five days.',
            toConfirm: true,
          },
          { text: 'A bill for consent before calls was pending in May 2025; its fate is unknown.', toConfirm: true },
        ],
      },
    ],
    post: [
      {
        silence: 'opt_out',
        registers: [{ id: 'robinson', validityDays: robinsonValidityDays, exceptCustomers: true, voluntary: true }],
        sources: [
          gdprLegitimateInterest,
          gdprObjection,
          {
            text: 'The Robinson list (BAM) is self-regulation and binds its members; no law makes it mandatory: a brand says that it holds itself to it.',
            toConfirm: true,
          },
          {
            text: 'General conditions of the Robinson list (BAM, robinson.be): the file is compared with the addresses of a prospecting mailing, so own customers are not held against it.',
            toConfirm: true,
          },
          { text: 'How old a copy of the Robinson list may be: 30 days assumed.', toConfirm: true },
        ],
      },
    ],
    push: [{ silence: 'opt_in', sources: [pushConsent, gdprObjection] }],
  },
  acknowledge: {
    channels: ['email'],
    sources: [
      {
        text: 'Royal Decree of 4 April 2003 art. 2, 1°: who objects gets, within a reasonable time, an acknowledgement by e-mail that the request was registered.',
      },
    ],
  },
}
