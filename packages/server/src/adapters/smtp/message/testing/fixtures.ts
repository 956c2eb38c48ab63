import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { MailLanguage } from '../../../../services/mail-language.ts'
import { loadWayOutLabels } from '../../../mail/way-out-labels.ts'
import { decodeBody } from '../charset.ts'
import { type MessagePart, readMessage } from '../message-parts.ts'
import type { PartState, RewriteWay } from '../rewrite-message.ts'
import { decodeTransfer } from '../transfer-encoding.ts'

const directory = new URL('../fixtures/', import.meta.url)
const labels = loadWayOutLabels(fileURLToPath(new URL('../../../../../locales', import.meta.url)))

/** What the relay has to make of a fixture: what is done to each kind of part, and why not. */
export type Verdict = { readonly html: PartState; readonly text: PartState; readonly reason?: string }
export type Refusal = { readonly refused: string }

export const verdicts: Readonly<Record<string, Verdict | Refusal>> = JSON.parse(
  readFileSync(new URL('verdicts.json', directory), 'utf8'),
) as Record<string, Verdict | Refusal>

export function refusedFixtures(): readonly (readonly [string, string])[] {
  return Object.entries(verdicts).flatMap(([name, verdict]) =>
    'refused' in verdict ? [[name, verdict.refused] as const] : [],
  )
}

export function rewrittenFixtures(): readonly (readonly [string, Verdict])[] {
  return Object.entries(verdicts).flatMap(([name, verdict]) => ('refused' in verdict ? [] : [[name, verdict] as const]))
}

export function fixtureNames(): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => name.slice(0, -'.eml'.length))
}

export function readFixture(name: string): Buffer {
  return readFileSync(new URL(`${name}.eml`, directory))
}

const token = 'ASbC3dEf0123456789_-abcdefghijklmnopqrstuvwxyzABCDEF'
const mailbox = 'aeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai'

export function wayOut(language: MailLanguage = 'fr', changes: Partial<RewriteWay> = {}): RewriteWay {
  const page = `https://verzet.acme.example/u/${token}`
  return {
    links: {
      page,
      stopAll: `${page}#stop`,
      preferences: `${page}#preferences`,
      mailto: `mailto:${mailbox}@weg.acme.example`,
      headers: { 'List-Id': '<nieuws.acme.weg.acme.example>' },
    },
    labels: labels[language],
    language,
    accent: '#0b5d3b',
    feedbackId: '12:acme:nieuws:verzet',
    complaintAddress: 'klachten@weg.acme.example; report=arf',
    complaintFeedbackId: mailbox,
    mustCarry: true,
    headersOnlyAllowed: true,
    ...changes,
  }
}

/** Every part, the outer before the inner. */
export function allParts(raw: Buffer): readonly MessagePart[] {
  const read = readMessage(raw)
  if (read.kind === 'unreadable') throw new Error(`unreadable: ${read.reason}`)
  const flatten = (part: MessagePart): readonly MessagePart[] => [part, ...part.parts.flatMap(flatten)]
  return flatten(read.root)
}

export function encodedBody(raw: Buffer, part: MessagePart): Buffer {
  return raw.subarray(part.bodyStart, part.bodyEnd)
}

/** The body as its header says it is to be read; as ASCII with more where nobody knows the charset. */
export function textOf(raw: Buffer, part: MessagePart): string {
  const bytes = decodeTransfer(encodedBody(raw, part), part.encoding)?.bytes ?? Buffer.alloc(0)
  const charset = part.contentType?.parameters.get('charset')?.value ?? 'us-ascii'
  try {
    return new TextDecoder(charset, { ignoreBOM: charset !== 'utf-16' && charset !== 'utf-8' }).decode(bytes)
  } catch {
    // Not known to the platform: what Python makes of these is asked in charsets.test.ts.
    return decodeBody(bytes, charset) ?? bytes.toString('latin1')
  }
}
