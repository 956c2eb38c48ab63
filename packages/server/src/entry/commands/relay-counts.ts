import type { Command } from 'commander'
import { readRelayCounts } from '../../services/count-relayed-mails.ts'
import type { RelayedMailCount } from '../../storage/relayed-mails.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { exitCodes, usageProblem } from '../exit-codes.ts'

type CountOptions = PlaceOptions & {
  brand?: string
  campaign?: string
  since?: string
  until?: string
  json?: true
}

export function relayCountsCommand(): Command {
  return hubCommand('counts', 'how many mails were passed on, dropped or refused by the next hop', [
    'verzet relay counts --brand acme --campaign spring',
    'verzet relay counts --since 2026-11-01 --json',
  ])
    .option('--brand <brand>', 'only this brand')
    .option('--campaign <name>', 'only this campaign')
    .option('--since <time>', 'from this day (UTC) or time on')
    .option('--until <time>', 'before this day (UTC) or time')
    .addOption(jsonOption())
    .action(showCounts)
}

async function showCounts(options: CountOptions): Promise<void> {
  const since = readMoment(options.since, '--since')
  const until = readMoment(options.until, '--until')
  await withHub(options, async (hub) => {
    const brand = options.brand === undefined ? undefined : brandNamed(hub.catalog, options.brand).id
    const counted = await readRelayCounts(hub.db, {
      ...(brand !== undefined && { brand }),
      ...(options.campaign !== undefined && { campaign: options.campaign }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    })
    if (options.json) {
      printJson(counted)
      return exitCodes.ok
    }
    for (const one of counted.counts) print(countLine(one))
    const { sent, dropped, failed, headersOnly } = counted.total
    print(`${sent} sent (${headersOnly} with the ways out in the header alone), ${dropped} dropped, ${failed} failed`)
    return exitCodes.ok
  })
}

function countLine({ brand, topic, campaign, outcome, reason, count }: RelayedMailCount): string {
  const about = [brand, topic, ...(campaign === null ? [] : [campaign])].join('/')
  return `${about}  ${outcome}${reason === null ? '' : ` (${reason})`}  ${count}`
}

/** A day, or a time with its offset: a local time would be a guess (RFC 3339 §4.4). */
function readMoment(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const isMoment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
  const at = isMoment ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw usageProblem(`${option} takes a day like 2026-11-01 or a time like 2026-11-01T09:30:00Z`)
  return at
}
