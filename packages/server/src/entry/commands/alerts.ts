import type { Command } from 'commander'
import { type AlertView, readAlerts, seeAlert } from '../../services/alerts/read-alerts.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'

type ListOptions = PlaceOptions & { brand?: string; all?: boolean; json?: boolean }

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

export function addAlertsCommand(program: Command): void {
  const list = hubCommand('list', 'show who says they never signed up, or that this is spam', ['verzet alerts list'])
    .option('--brand <brand>', 'only this brand')
    .option('--all', 'also those that were seen')
    .addOption(jsonOption())
    .action(listAlerts)
  const seen = hubCommand('seen', 'say that an alert was seen', ['verzet alerts seen 0190a5c2-…'])
    .argument('<id>', 'as "verzet alerts list" shows it')
    .action(markSeen)
  const group = plainCommand('alerts', 'what the privacy officer has to look into', ['verzet alerts list'])
  program.addCommand(group.addCommand(list, { isDefault: true }).addCommand(seen))
}

async function listAlerts(options: ListOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const brand = options.brand === undefined ? undefined : brandNamed(hub.catalog, options.brand).id
    const alerts = await readAlerts(hub.db, { isOpen: options.all !== true, ...(brand !== undefined && { brand }) })
    if (options.json) printJson(alerts)
    else if (alerts.length === 0) print('No alerts.')
    for (const alert of options.json ? [] : alerts) print(alertLine(alert))
    return exitCodes.ok
  })
}

function alertLine({ id, raisedAt, kinds, brand, topic, campaign, masked, externalIds, seenAt }: AlertView): string {
  const brought = [brand, topic, campaign].filter((part) => part !== null).join('/')
  const who = [masked, ...externalIds].join(' ')
  const seen = seenAt === null ? '' : `  seen ${seenAt.toISOString()}`
  return `${id}  ${raisedAt.toISOString()}  ${kinds.join(',')}  ${brought}  ${who}${seen}`
}

async function markSeen(id: string, options: PlaceOptions): Promise<void> {
  if (!uuid.test(id)) throw usageProblem('the id of an alert looks like 0190a5c2-7b1e-7c3d-8e9f-0123456789ab')
  await withHub(options, async (hub) => {
    const alert = await seeAlert(hub.db, id, 'command line', hub.clock())
    if (alert === undefined) throw dataProblem('there is no such alert')
    print('Marked as seen.')
    return exitCodes.ok
  })
}
