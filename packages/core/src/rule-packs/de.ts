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
  text: 'Gesetz gegen den unlauteren Wettbewerb § 7(2): advertising by electronic mail needs prior express consent.',
  toConfirm: true,
}
const customers: LegalSource = {
  text: 'Gesetz gegen den unlauteren Wettbewerb § 7(3): own customers may be written to about own similar goods, if told when the address was taken and in every message that they can object.',
  toConfirm: true,
}

/** Germany. */
export const germany: RulePack = {
  country: 'DE',
  version: 'DE@2026-11-01',
  channels: {
    email: [{ silence: 'opt_in', customers: true, sources: [electronicMail, customers, ePrivacyCustomers] }],
    sms: [{ silence: 'opt_in', customers: true, sources: [electronicMail, customers, ePrivacyConsent] }],
    whatsapp: [{ silence: 'opt_in', customers: true, sources: [electronicMail, customers, chatAsElectronicMail] }],
    phone: [
      {
        silence: 'opt_in',
        sources: [
          {
            text: 'Gesetz gegen den unlauteren Wettbewerb § 7(2): calls to consumers need prior express consent; § 7a: the consent is documented and kept for five years.',
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
          { text: 'The German Robinson lists are self-regulation; no law makes them mandatory.', toConfirm: true },
        ],
      },
    ],
    push: [{ silence: 'opt_in', sources: [pushConsent, gdprObjection] }],
  },
}
