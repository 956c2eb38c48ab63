import { makePrintedCode, showPrintedCode } from '@verzet/core'
import type { CheckContext } from '../way-out-target.ts'
import { languagesFor } from '../words.ts'

/** 52 characters, as a token in a path has; and what opens it. */
export const token = 'ASbC3dEf0123456789_-abcdefghijklmnopqrstuvwxyzABCDEF'
export const otherBrandToken = `${token.slice(0, -1)}G`
export const smsToken = `${token.slice(0, -1)}H`
export const hubUrl = 'https://verzet.acme.example'
export const page = `${hubUrl}/u/${token}`
export const mailbox = 'aeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai'
const plainCode = makePrintedCode(Buffer.from('a code 1'))
export const code = showPrintedCode(plainCode)

const brand = {
  id: 'acme',
  number: 1,
  name: 'Acme',
  controller: 'Acme NV',
  country: 'BE',
  settings: {},
}
const claims = {
  contactPointKey: '00000000-0000-0000-0000-000000000001',
  brandNumber: 1,
  topicNumber: 1,
  campaignNumber: 0,
  channel: 'email',
  offered: [],
  mintedAt: 0,
} as const

/** A hub that knows one brand, Acme of Belgium, and the links above. */
export function contextOf(changes: Partial<CheckContext> & { country?: string; language?: string } = {}): CheckContext {
  const { country = 'BE', language, ...rest } = changes
  const acme = { ...brand, country }
  return {
    hubUrl,
    mailDomain: 'weg.acme.example',
    openPath: (path) => {
      if (path === token) return { claims, brand: acme }
      if (path === smsToken) return { claims: { ...claims, channel: 'sms' }, brand: acme }
      return path === otherBrandToken ? { claims, brand: { ...acme, id: 'globex', name: 'Globex' } } : undefined
    },
    openMail: (localPart) => (localPart === mailbox ? { claims, brand: acme } : undefined),
    codes: new Map([[plainCode, { claims: { ...claims, channel: 'post' as const }, brand: acme }]]),
    brand: acme,
    languages: languagesFor(language),
    ...rest,
  }
}

/** The rules that were broken, each once, errors and warnings alone. */
export function broken(findings: readonly { rule: string; severity: string }[]): readonly string[] {
  return [...new Set(findings.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule))].toSorted()
}
