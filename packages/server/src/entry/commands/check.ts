import { readFileSync, statSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { pdfBytesMax } from '../../adapters/check/check-limits.ts'
import { type CheckReport, checkMessage, type MessageToCheck } from '../../adapters/check/check-message.ts'
import { type CheckKind, checkKinds } from '../../adapters/check/check-rules.ts'
import { reportInWords, type ToldReport } from '../../adapters/check/findings-in-words.ts'
import { type FetchPage, pageFetcher } from '../../adapters/check/follow/fetch-page.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'

type Options = PlaceOptions & {
  kind?: string
  brand?: string
  topic?: string
  language?: string
  sender?: string
  dkimKey?: string
  follow?: boolean
  json?: boolean
}

export function addCheckCommand(program: Command): void {
  program.addCommand(
    hubCommand('check', 'say whether a message may leave, and what is wrong with it', [
      'verzet check campaign.eml --brand shop',
      'echo "Shop: 20% off. Stop? shop.example/c/4H2QK7M9C1" | verzet check - --kind sms --sender Shop --language en',
      'verzet check letter.pdf --brand shop --json',
      'verzet check campaign.eml --brand shop --follow',
    ])
      .argument('<file>', 'the message (.eml, .txt, .pdf), or - for stdin')
      .option('--kind <kind>', `what it is: ${checkKinds.join(', ')} (default: as the file's name ends)`)
      .option('--brand <brand>', 'who sends it (default: the only brand)')
      .option('--topic <topic>', 'what it is about; a service topic needs no way out')
      .option('--language <language>', 'accept the words of this language alone: nl, fr, de or en')
      .option('--sender <sender>', 'the sender of an SMS')
      .option('--dkim-key <file>', 'a DKIM record or public key, to verify the signature of a mail with')
      .option('--follow', 'open the ways out of a mail as a link scanner would, and look that nothing changes')
      .addOption(jsonOption())
      .addHelpText('after', '\nEnds with 0 when the message may leave, and with 1 when an error forbids it.\n')
      .action(check),
  )
}

async function check(file: string, options: Options): Promise<void> {
  const kind = kindOf(file, options.kind)
  const wanted: MessageToCheck = {
    kind,
    message: await readMessageFile(file),
    ...(options.brand !== undefined && { brand: options.brand }),
    ...(options.topic !== undefined && { topic: options.topic }),
    ...(options.language !== undefined && { language: options.language }),
    ...(options.sender !== undefined && { sender: options.sender }),
    ...(options.dkimKey !== undefined && { dkimKey: readFileSync(options.dkimKey, 'utf8') }),
  }
  await withHub(options, async (hub) => {
    const fetchPage = options.follow === true ? pageFetcher(new URL(hub.place.url).origin) : undefined
    const report = reportInWords(hub.sayInEnglish, await reportFor(hub, wanted, fetchPage))
    if (options.json) printJson(report)
    else for (const line of inWords(report)) print(line)
    return report.mayLeave ? exitCodes.ok : exitCodes.negative
  })
}

const kindsByEnding: Readonly<Record<string, CheckKind>> = { eml: 'email', pdf: 'print' }

function kindOf(file: string, given: string | undefined): CheckKind {
  if (given !== undefined) return oneOf(checkKinds, given, '--kind')
  const kind = kindsByEnding[file.split('.').at(-1)?.toLowerCase() ?? '']
  if (kind === undefined) throw usageProblem(`say what ${file} is with --kind: ${checkKinds.join(', ')}`)
  return kind
}

/** No kind of message is larger than a PDF, so more than that is not read into memory. */
async function readMessageFile(file: string): Promise<Buffer> {
  if (file !== '-') {
    if (statSync(file).size > pdfBytesMax) throw tooLarge(pdfBytesMax)
    return readFileSync(file)
  }
  let size = 0
  return buffer(
    (async function* bounded() {
      for await (const chunk of process.stdin) {
        size += chunk.length
        if (size > pdfBytesMax) throw tooLarge(pdfBytesMax)
        yield chunk
      }
    })(),
  )
}

function tooLarge(bytesMax: number) {
  return dataProblem(`the message is larger than ${bytesMax} bytes`)
}

async function reportFor(
  hub: Parameters<typeof checkMessage>[0],
  wanted: MessageToCheck,
  fetchPage: FetchPage | undefined,
): Promise<CheckReport> {
  const outcome = await checkMessage(hub, wanted, fetchPage)
  switch (outcome.kind) {
    case 'checked':
      return outcome.report
    case 'unknown_brand':
      throw usageProblem(`there is no brand ${wanted.brand}; "verzet brands" lists them`)
    case 'unknown_topic':
      throw usageProblem(`the brand has no topic ${wanted.topic}; "verzet topics" lists them`)
    case 'too_large':
      throw tooLarge(outcome.bytesMax)
  }
}

function inWords({ mayLeave, errors, warnings, findings }: ToldReport): string[] {
  const lines = findings.map(
    ({ rule, severity, message, where, source }) =>
      `${severity.toUpperCase()} ${rule}${where === undefined ? '' : ` (${where})`}: ${message}\n  ${source}`,
  )
  const count = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`
  return [...lines, `${mayLeave ? 'MAY LEAVE' : 'MUST NOT LEAVE'} — ${count}`]
}
