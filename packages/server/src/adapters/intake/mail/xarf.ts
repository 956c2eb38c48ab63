import { z } from 'zod'
import { textCharactersMax } from './mail-limits.ts'
import { allHeaders, decodeBytes, firstHeader, readHeaders, readMediaType } from './read-headers.ts'
import { type MailPart, ownParts, type ReadMail } from './read-mail.ts'

/** What a mail reports in X-ARF: YAML in its older versions (0.1 and 0.2), JSON in its later ones (1 to 4). */
export type XarfReport =
  /** It says that it is a report, and no report can be read in it, or two that differ. */
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'report'
      /** `spam`, `login-attack` and the like, in lower case and with hyphens. */
      readonly type: string
      readonly addresses: readonly string[]
      /** The messages it returns within its JSON. */
      readonly returned: readonly MailPart[]
    }

/** A report returns one message; a few come with another sample or a log. */
const samplesMax = 5

const address = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([])
/** `Version` 1 to 3: https://github.com/abusix/xarf. */
const earlierSchema = z.object({
  ReporterInfo: z.looseObject({}),
  Report: z.object({
    ReportType: z.string(),
    SmtpRcptToAddress: address.optional(),
    Samples: z
      .array(z.object({ Base64Encoded: z.boolean().optional(), Payload: z.string() }))
      .catch([])
      .optional(),
  }),
})
/** Version 4: https://xarf.org. Its payloads are always in base64. */
const laterSchema = z.object({
  xarf_version: z.string(),
  type: z.string(),
  smtp_to: address.optional(),
  evidence: z
    .array(z.object({ payload: z.string() }))
    .catch([])
    .optional(),
})

/** Undefined for a mail that is no X-ARF report and does not say it is one. */
export function readXarf(mail: ReadMail): XarfReport | undefined {
  const parts = ownParts(mail.root)
  const isAnnounced = saysXarf(mail, parts)
  const reports = parts.flatMap((part) => {
    if (part.kind !== 'text') return []
    return readJson(part.text) ?? (isAnnounced || isReportFile(part) ? (readYaml(part.text) ?? []) : [])
  })
  const [report] = reports
  if (report === undefined) return isAnnounced ? { kind: 'unreadable' } : undefined
  return reports.every(({ type }) => type === report.type) ? report : { kind: 'unreadable' }
}

/** By the field of versions 0.1 and 0.2, by the type its JSON has in a report of RFC 5965, or by JSON that was cut off. */
function saysXarf({ headers }: ReadMail, parts: readonly MailPart[]): boolean {
  if (['x-xarf', 'x-arf'].some((name) => firstHeader(headers, name) !== undefined)) return true
  if (parts.some((part) => part.kind === 'text' && /^\s*\{[\s\S]{0,200}"xarf_version"\s*:/.test(part.text))) return true
  const fields = parts.flatMap((part) => (part.kind === 'fields' ? part.blocks.flat() : []))
  return allHeaders(fields, 'feedback-type').some((value) => value.trim().toLowerCase() === 'xarf')
}

function isReportFile({ parameters, headers }: MailPart): boolean {
  const disposition = readMediaType(firstHeader(headers, 'content-disposition') ?? '')
  const name = disposition.parameters.get('filename') ?? parameters.get('name')
  return name?.toLowerCase() === 'report.txt'
}

type Report = Extract<XarfReport, { kind: 'report' }>

function readJson(text: string): Report | undefined {
  const value = jsonIn(text)
  const later = laterSchema.safeParse(value)
  if (later.success) {
    const { type, smtp_to: to = [], evidence = [] } = later.data
    return reportOf(
      type,
      to,
      evidence.map(({ payload }) => Buffer.from(payload, 'base64')),
    )
  }
  const earlier = earlierSchema.safeParse(value)
  if (!earlier.success) return undefined
  const { ReportType: type, SmtpRcptToAddress: to = [], Samples: samples = [] } = earlier.data.Report
  return reportOf(
    type,
    to,
    samples.map(({ Payload, Base64Encoded }) => Buffer.from(Payload, Base64Encoded === false ? 'utf8' : 'base64')),
  )
}

function jsonIn(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The few lines of YAML that a report is made of: a name and a value each, which may stand in quotes. */
function readYaml(text: string): Report | undefined {
  const fields = [...text.matchAll(/^([A-Za-z][A-Za-z-]{1,40}):[ \t](.*)$/gm)].map(([, name = '', value = '']) => ({
    name: name.toLowerCase(),
    value: value.trim().replace(/^(["'])(.*)\1$/, '$2'),
  }))
  const valuesOf = (wanted: string) => fields.filter(({ name }) => name === wanted).map(({ value }) => value)
  const [type, another] = valuesOf('report-type')
  const isReport = ['reported-from', 'report-id', 'schema-url'].some((name) => valuesOf(name).length > 0)
  if (type === undefined || another !== undefined || !isReport) return undefined
  return reportOf(type, valuesOf('original-rcpt-to'), [])
}

function reportOf(type: string, addresses: readonly string[], samples: readonly Buffer[]): Report {
  const named = type
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  return { kind: 'report', type: named, addresses, returned: samples.slice(0, samplesMax).map(asMessage) }
}

/** Its header, and its body as it stands: enough to find a token of ours in either. */
function asMessage(bytes: Buffer): MailPart {
  const { headers, bodyAt } = readHeaders(bytes)
  const body = decodeBytes(bytes.subarray(bodyAt, bodyAt + textCharactersMax)).replace(/=\r?\n/g, '')
  const parameters = new Map<string, string>()
  return { kind: 'text', mediaType: 'text/plain', parameters, headers, text: '', links: [body], isAttachment: true }
}
