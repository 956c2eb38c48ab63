import type { LegalSource } from '../rule-pack.ts'

/** What the packs of the member states share: the European text that each national rule carries out. */

export const gdprObjection: LegalSource = {
  text: 'GDPR art. 21(2) and (3): anyone may object to direct marketing at any time, on any channel, and it then stops without weighing of interests.',
}

export const gdprLegitimateInterest: LegalSource = {
  text: 'GDPR art. 6(1)(f) with recital 47: addressed advertising by post may rest on a legitimate interest, until the person objects.',
}

export const ePrivacyConsent: LegalSource = {
  text: 'ePrivacy Directive 2002/58/EC art. 13(1): advertising by electronic mail needs consent beforehand; electronic mail includes text messages (recital 40).',
  toConfirm: true,
}

export const ePrivacyCustomers: LegalSource = {
  text: 'ePrivacy Directive 2002/58/EC art. 13(2): own customers may be written to about similar products of their own supplier, if they could refuse free of charge when the address was taken and can in every message.',
  toConfirm: true,
}

export const chatAsElectronicMail: LegalSource = {
  text: 'WhatsApp is judged as electronic mail in the sense of ePrivacy art. 2(h): a text sent over a public network that waits until its recipient collects it.',
  toConfirm: true,
}

export const pushConsent: LegalSource = {
  text: 'Push messages: no text names them. Reading or storing on the device needs consent (ePrivacy art. 5(3)) and no customer exception is assumed.',
  toConfirm: true,
}
