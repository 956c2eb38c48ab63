import { cleanDiagnostic, codesIn, isShortened, outcomeOf, type ReportedFailure } from './failure-words.ts'
import { allHeaders, firstHeader, type MailHeader } from './read-headers.ts'
import { addressIn, enclosedMessages, type MailPart, ownParts, type ReadMail } from './read-mail.ts'

/** What a delivery status says; `failures` is empty when it only tells of mail that arrived or was passed on. */
export type DeliveryStatus = { readonly failures: readonly ReportedFailure[]; readonly hasRecipients: boolean }

/** RFC 3464 and, for international addresses, RFC 6533. Undefined where there is no such part, or no recipient in it. */
export function readDeliveryStatus(mail: ReadMail): DeliveryStatus | undefined {
  const own = statusParts(mail.root)
  const parts = own.length > 0 ? own : wrappedReports(mail).flatMap(statusParts)
  const blocks = parts.flatMap((part) => (part.kind === 'fields' ? part.blocks : []))
  const recipients = blocks.filter((block) => recipientOf(block) !== undefined || isAbout(block))
  if (recipients.length === 0) return undefined
  return { failures: oncePerAddress(recipients.flatMap((block) => failureIn(block) ?? [])), hasRecipients: true }
}

function statusParts(part: MailPart): MailPart[] {
  return ownParts(part).filter(({ mediaType }) => /^message\/(?:global-)?delivery-status$/.test(mediaType))
}

/** Gateways that add a disclaimer enclose the whole report, and write in the name of who wrote it. */
function wrappedReports(mail: ReadMail): MailPart[] {
  const from = addressIn(firstHeader(mail.headers, 'from'))
  return enclosedMessages(mail).filter(
    ({ mediaType, headers }) =>
      mediaType === 'multipart/report' && from !== undefined && addressIn(firstHeader(headers, 'from')) === from,
  )
}

const severity = { hard: 2, soft: 1, delayed: 0 } as const

/** Some servers repeat a recipient for each of its hosts, each with its answer; what counts is the last hope. */
function oncePerAddress(failures: readonly ReportedFailure[]): ReportedFailure[] {
  const worst = new Map<string, ReportedFailure>()
  for (const [index, failure] of failures.entries()) {
    const name = failure.address?.toLowerCase() ?? `nobody ${index}`
    const before = worst.get(name)
    if (before === undefined || severity[failure.outcome] > severity[before.outcome]) worst.set(name, failure)
  }
  return [...worst.values()]
}

/** RFC 3464 §2.3.3 has five words for it; servers that write others ("error", "failure") mean that it failed. */
const arrivedActions = new Set(['delivered', 'relayed', 'expanded'])

/** A recipient's block without its recipient: seen from servers that redact. */
function isAbout(block: readonly MailHeader[]): boolean {
  return firstHeader(block, 'action') !== undefined
}

function failureIn(block: readonly MailHeader[]): ReportedFailure | undefined {
  const action = /^[a-z]+/.exec(firstHeader(block, 'action')?.toLowerCase() ?? '')?.[0]
  const spoken = allHeaders(block, 'diagnostic-code', 'x-display-name-diagnostic')
    .join(' ')
    .replace(/^[\w-]+;\s*/, '')
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(firstHeader(block, 'status') ?? '')?.[0] ?? codesIn(spoken).status
  // Without an action the status has to say it.
  const saysFailed = action === 'failed' || /^[45]/.test(status ?? firstHeader(block, 'status') ?? '')
  const isFailed = saysFailed && !arrivedActions.has(action ?? '')
  if (!isFailed && action !== 'delayed') return undefined
  const address = recipientOf(block)
  const outcome = action === 'delayed' ? ('delayed' as const) : outcomeOf(status, spoken)
  const diagnostic = cleanDiagnostic(spoken)
  return {
    outcome,
    ...(address !== undefined && { address }),
    ...(status !== undefined && { status }),
    ...(diagnostic !== '' && { diagnostic }),
  }
}

/** The address we wrote to comes first: the final one may be where it was forwarded, which we never knew. */
function recipientOf(block: readonly MailHeader[]): string | undefined {
  for (const name of ['original-recipient', 'final-recipient', 'x-actual-recipient']) {
    const value = firstHeader(block, name)
    const address = value === undefined ? undefined : typedAddress(value)
    if (address !== undefined) return address
  }
  return undefined
}

/** `rfc822; address` or `utf-8; address`, the latter with RFC 6533 §3's `\x{HEX}` for what is not ASCII. */
function typedAddress(value: string): string | undefined {
  const [, type = '', written = ''] = /^\s*([\w-]+)\s*;\s*(.*)$/.exec(value) ?? [undefined, 'rfc822', value.trim()]
  if (!/^(?:rfc822|utf-8|smtp|internet)$/i.test(type)) return undefined
  const plain = written
    .replace(/\([^()]*\)/g, '')
    .replace(/\\x\{([0-9a-f]{1,6})\}/gi, (whole, digits: string) => {
      const point = Number.parseInt(digits, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    })
    .trim()
    .replace(/^<|>$/g, '')
  return plain.includes('@') && !/\s/.test(plain) && !isShortened(plain) ? plain : undefined
}
