import PostalMime from 'postal-mime'
import { judgeMail } from '../../../src/adapters/intake/mail/judge-mail.ts'
import { readMail } from '../../../src/adapters/intake/mail/read-mail.ts'
import { fixtureContext } from '../../../src/adapters/intake/mail/testing/mail-fixtures.ts'
import { waysInPlainLetters } from '../../../src/adapters/smtp/message/plain-words.ts'
import { rewriteMessage } from '../../../src/adapters/smtp/message/rewrite-message.ts'
import { wayOut } from '../../../src/adapters/smtp/message/testing/fixtures.ts'
import {
  outline,
  shownParts,
  skeleton,
  untouchableBodies,
} from '../../../src/adapters/smtp/message/testing/invariants.ts'
import { waysOutHtml, waysOutText } from '../../../src/adapters/smtp/message/ways-out.ts'
import { comparePairs, type MailPair } from './mime-oracle.ts'
import { type Mutant, makeMutant } from './mutants.ts'

export type Finding = { readonly number: number; readonly story: string; readonly problem: string }

export type FuzzResult = {
  readonly mutants: number
  readonly findings: readonly Finding[]
  /** What the relay and the judge made of them. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Of those that were rewritten, how many another parser found flawless before. */
  readonly valid: number
  readonly slowest: { readonly number: number; readonly story: string; readonly milliseconds: number }
  readonly heapBytesMost: number
}

export type FuzzOptions = {
  readonly seed: number
  /** The number of the first mutant. */
  readonly first: number
  readonly count: number
  /** Whether Python reads every pair as well. */
  readonly asksOracle: boolean
  readonly onProgress?: (done: number) => void
}

/** A mutant takes about a millisecond, the largest a tenth of a second; this catches time that grows with a square. */
const millisecondsMax = 3_000
/** Twice a block of HTML, whose lines are long in quoted-printable. */
const waysOutBytesMax = 9_000
const pairsPerQuestion = 400

const way = wayOut()
const ours = [waysOutHtml(way), waysOutText(way), waysOutText(waysInPlainLetters(way))]

/** Puts mutants through the judge of mail that comes home and the rewriting of mail that leaves, and checks all it can. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const findings: Finding[] = []
  const outcomes: Record<string, number> = {}
  const pairs: MailPair[] = []
  const stories = new Map<number, string>()
  let [valid, heapBytesMost] = [0, 0]
  let slowest: FuzzResult['slowest'] = { number: options.first, story: '', milliseconds: 0 }
  const ask = () => {
    const answer = comparePairs(pairs.splice(0))
    valid += answer.valid
    for (const { number, problem } of answer.problems)
      findings.push({ number, problem, story: stories.get(number) ?? '' })
    stories.clear()
  }
  for (let number = options.first; number < options.first + options.count; number++) {
    const mutant = makeMutant(options.seed, number)
    const report = (problem: string) => findings.push({ number, problem, story: mutant.story })
    let message: Buffer | undefined
    const took = [
      await timed(async () => count(outcomes, `judged ${await judge(mutant, report)}`)),
      await timed(async () => {
        message = rewrite(mutant, report, outcomes)
      }),
    ]
    if (message !== undefined) {
      pairs.push({ number, before: mutant.raw, after: message, ours })
      stories.set(number, mutant.story)
      await compareParts(mutant.raw, message, report)
    }
    const milliseconds = Math.round(Math.max(...took))
    if (milliseconds > slowest.milliseconds) slowest = { number, story: mutant.story, milliseconds }
    if (milliseconds > millisecondsMax) report(`took ${took.map(Math.round).join(' and ')} ms`)
    if (number % 500 === 0) heapBytesMost = Math.max(heapBytesMost, process.memoryUsage().heapUsed)
    if (!options.asksOracle) pairs.length = 0
    if (pairs.length >= pairsPerQuestion) ask()
    options.onProgress?.(number + 1 - options.first)
  }
  ask()
  return { mutants: options.count, findings, outcomes, valid, slowest, heapBytesMost }
}

type Report = (problem: string) => void

async function judge(mutant: Mutant, report: Report): Promise<string> {
  try {
    return judgeMail(await readMail(mutant.raw), fixtureContext).kind
  } catch (error) {
    report(`the judge threw: ${String(error)}`)
    return 'not at all'
  }
}

/** The message as it leaves, after what can be said of it without another parser. */
function rewrite({ raw }: Mutant, report: Report, outcomes: Record<string, number>): Buffer | undefined {
  try {
    const done = rewriteMessage(raw, way)
    count(outcomes, done.kind)
    if (done.kind === 'refused') return undefined
    const { message } = done
    // A byte of windows-1252 can be three of UTF-8, and each of them three characters of quoted-printable.
    const addedBytesMax = 10_000 + shownParts(raw).length * waysOutBytesMax
    if (message.length > raw.length * 9.5 + addedBytesMax) report(`grew from ${raw.length} to ${message.length} bytes`)
    if (outline(message).join() !== outline(raw).join()) report('has other parts by our own reader')
    if (skeleton(message) !== skeleton(raw)) report('has other boundaries or other text around them')
    const [kept, before] = [untouchableBodies(message, raw), untouchableBodies(raw, raw)]
    if (!Buffer.concat(kept).equals(Buffer.concat(before))) report('a part that is not shown was changed')
    return message
  } catch (error) {
    report(`the rewriting threw: ${String(error)}`)
    return undefined
  }
}

/** By postal-mime, which the rewriting does not use. */
async function compareParts(raw: Buffer, message: Buffer, report: Report): Promise<void> {
  const [before, after] = await Promise.all([attachmentsOf(raw), attachmentsOf(message)])
  if (before === undefined) return
  if (after === undefined) report('postal-mime reads it no more')
  else if (before.length !== after.length) report(`has ${after.length} attachments instead of ${before.length}`)
  else if (before.some((content, index) => !content.equals(after[index] ?? Buffer.alloc(0)))) {
    report('an attachment has other bytes')
  }
}

async function attachmentsOf(raw: Buffer): Promise<readonly Buffer[] | undefined> {
  try {
    const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' })
    // It takes the AMP alternative for an attachment; for readers it is a body, and it is changed.
    const attached = attachments.filter(({ mimeType }) => mimeType !== 'text/x-amp-html')
    return attached.map(({ content }) =>
      typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    )
  } catch {
    return undefined
  }
}

/** Of the processor, not of the clock: other tests run beside this one. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function count(outcomes: Record<string, number>, name: string): void {
  outcomes[name] = (outcomes[name] ?? 0) + 1
}
