import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uuidV7 } from '@verzet/core'
import { type Command, Option } from 'commander'
import { type Language, languages, loadTexts } from '../../adapters/http/pages/text.ts'
import { type ReportMail, reportMail } from '../../adapters/http/staff/insight/report-mail.tsx'
import type { Hub } from '../../services/hub.ts'
import { countInsight, recountInsight } from '../../services/insight/count-insight.ts'
import { lastMonth } from '../../services/insight/days.ts'
import { readAddress } from '../../services/staff/accounts.ts'
import { staffWhoMay } from '../../services/staff/staff-who-may.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import type { Config } from '../config.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'
import { packageDirectory } from '../package-directory.ts'
import { smarthostOf } from '../start-mail.ts'

type ReportOptions = PlaceOptions & {
  month?: string
  brand?: string
  lang: Language
  out?: string
  send?: true
  to?: string[]
  json?: true
}

export function addReportCommand(program: Command): void {
  program.addCommand(
    hubCommand('report', 'a month of leaving, as an accessible page or mail', [
      'verzet report --month 2026-10 --out october.html',
      'verzet report --send',
      'verzet report --month 2026-10 --lang fr --send --to marketing@example.com',
    ])
      .option('--month <month>', 'like 2026-10 (default: the last month that is over)')
      .option('--brand <brand>', 'the brand (default: the only one)')
      .addOption(new Option('--lang <language>', 'language of the report').choices([...languages]).default('nl'))
      .option('--out <file>', 'write the HTML to this file instead of stdout')
      .option('--send', 'mail it to every member of staff who may see insight')
      .option('--to <address...>', 'with --send: mail it to these addresses instead')
      .addOption(jsonOption('with --send: print what became of each mail as JSON'))
      .action(report),
  )
  program.addCommand(
    plainCommand('insight', 'the counts behind the pages of insight', ['verzet insight recount']).addCommand(
      hubCommand('recount', 'throw the counts away and make them anew from what is recorded', [
        'verzet insight recount',
      ])
        .addOption(jsonOption())
        .action(recount),
    ),
  )
}

async function recount(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const { days } = await recountInsight(hub.db, hub.clock())
    if (options.json) printJson({ days })
    else print(`${days} days were counted anew.`)
    return exitCodes.ok
  })
}

async function report(options: ReportOptions): Promise<void> {
  if (options.to !== undefined && options.send === undefined) throw usageProblem('--to goes with --send')
  const unreadable = options.to?.find((address) => readAddress(address) === undefined)
  if (unreadable !== undefined) throw usageProblem(`--to takes e-mail addresses, and ${unreadable} is none`)
  await withHub(options, async (hub, config) => {
    await countInsight(hub.db, hub.clock())
    const brand = brandOf(hub, options.brand)
    const month = options.month ?? lastMonth(hub.clock())
    const texts = loadTexts(join(packageDirectory(), 'locales'))
    const mail = await reportMail(hub, texts, { brand, month, language: options.lang })
    if (mail === undefined) throw usageProblem('--month takes a month like 2026-10')
    if (options.out !== undefined) await writeFile(options.out, mail.html)
    else if (!options.send) print(mail.html)
    return options.send ? send(hub, config, { brand, mail, options }) : exitCodes.ok
  })
}

function brandOf(hub: Hub, name: string | undefined): BrandRow {
  if (name !== undefined) return brandNamed(hub.catalog, name)
  const [first, ...others] = hub.catalog.brands()
  if (first === undefined) throw dataProblem('there is no brand yet')
  if (others.length > 0) throw usageProblem('say which brand with --brand')
  return first
}

type Sending = { readonly brand: BrandRow; readonly mail: ReportMail; readonly options: ReportOptions }

async function send(hub: Hub, config: Config, { brand, mail, options }: Sending) {
  if (config.smarthost === undefined) throw dataProblem('set VERZET_SMARTHOST to send mail')
  const to = options.to ?? (await staffWhoMay(hub.db, 'insight')).map(({ email }) => email)
  if (to.length === 0) throw dataProblem('nobody on the staff may see insight; name addresses with --to')
  await using smarthost = smarthostOf(config, hub)
  const outcomes: { to: string; outcome: string; reason?: string }[] = []
  for (const address of to) {
    const outcome = await smarthost.send({
      id: uuidV7(hub.clock(), hub.random(10)),
      to: address,
      fromName: brand.controller,
      ...mail,
      language: options.lang,
      autoSubmitted: 'auto-generated',
    })
    outcomes.push({
      to: address,
      outcome: outcome.kind,
      ...(outcome.kind !== 'sent' && { reason: outcome.reason }),
    })
  }
  if (options.json) printJson(outcomes)
  else
    for (const one of outcomes) print(`${one.to}  ${one.outcome}${one.reason === undefined ? '' : `: ${one.reason}`}`)
  return outcomes.every(({ outcome }) => outcome === 'sent') ? exitCodes.ok : exitCodes.unavailable
}
