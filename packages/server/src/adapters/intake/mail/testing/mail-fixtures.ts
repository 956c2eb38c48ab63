import { readdirSync, readFileSync } from 'node:fs'
import {
  type LinkClaims,
  linkFromMail,
  linkFromPath,
  linkMailToken,
  linkPathToken,
  openLink,
  sealLink,
  sealRing,
} from '@verzet/core'
import type { OpenedLink } from '../../../../services/open-link.ts'
import { complaintProviders } from '../complaint.ts'
import type { MailContext } from '../judge-mail.ts'

const directory = new URL('../fixtures/', import.meta.url)
const ring = sealRing([{ id: 1, secret: Buffer.alloc(32, 'secret of the fixtures ') }], 'link')
const brand = {
  id: 'acme',
  number: 1,
  name: 'Acme',
  controller: 'Acme NV',
  country: 'BE',
  settings: {},
}

const claims: LinkClaims = {
  contactPointKey: '0e6f7c1a-52b3-4d11-9a60-7d3f2b1c4e58',
  brandNumber: 1,
  topicNumber: 0,
  campaignNumber: 0,
  channel: 'email',
  offered: [],
  mintedAt: Date.UTC(2026, 10, 2),
}

export const fixtureNames = readdirSync(directory)
  .filter((file) => file.endsWith('.eml'))
  .map((file) => file.slice(0, -4))
  .sort()

/** Text fixtures carry `{{MAIL_TOKEN}}` and `{{PATH_TOKEN}}` where a real mail carries a sealed token. */
export function readFixture(name: string, sealed: Buffer = sealLink(ring, claims)): Buffer {
  const text = readFileSync(new URL(`${name}.eml`, directory)).toString('latin1')
  return Buffer.from(
    text
      .replaceAll('{{MAIL_TOKEN}}', linkMailToken(sealed))
      .replaceAll('{{UPPER_MAIL_TOKEN}}', linkMailToken(sealed).toUpperCase())
      .replaceAll('{{PATH_TOKEN}}', linkPathToken(sealed)),
    'latin1',
  )
}

const open = (sealed: Buffer | undefined): OpenedLink | undefined => {
  const opened = sealed && openLink(ring, sealed)
  return opened && { claims: opened, brand }
}

export const fixtureContext: MailContext = {
  tokens: { mail: (localPart) => open(linkFromMail(localPart)), path: (token) => open(linkFromPath(token)) },
  optOutDomain: 'optout.verzet.example',
  complaintProviders,
}
