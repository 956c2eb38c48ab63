import type { HashSecrets } from '@verzet/core'
import type { StandingSubject } from './amend-standings.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { MailSubject } from './mail-verdict.ts'
import { typeOfChannel } from './open-link.ts'

/** The contact point a mail is about; undefined for an address that is none. */
export function subjectOfMail(secrets: HashSecrets, subject: MailSubject): StandingSubject | undefined {
  if (subject.kind === 'address') return subjectOfAddress(secrets, subject.address)
  const { contactPointKey: key, channel } = subject.link.claims
  return { key, type: typeOfChannel(channel), fingerprint: 0n }
}

export function subjectOfAddress(secrets: HashSecrets, address: string): StandingSubject | undefined {
  const named = keyContactPoint(secrets, { type: 'email', value: address })
  if (named.kind !== 'ok') return undefined
  const { key, fingerprint, contactPoint } = named.keyed
  return { key, type: 'email', value: contactPoint.normalised, fingerprint }
}
