import { campaignCharactersMax, channels } from '@verzet/core'
import { type Command, Option } from 'commander'
import { holdCampaign, releaseCampaign } from '../../services/campaigns/hold-campaign.ts'
import { type Campaign, listCampaigns, perThousand } from '../../services/campaigns/read-campaigns.ts'
import { reportSends } from '../../services/campaigns/report-sends.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { exitCodes, usageProblem } from '../exit-codes.ts'
import { printable } from '../review-lines.ts'

type ListOptions = PlaceOptions & { brand?: string; json?: boolean }
type HoldOptions = PlaceOptions & { brand: string; json?: boolean }
type SendsOptions = PlaceOptions & { brand: string; channel: string; on: string; source: string }

const byHand = 'command line'
const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const systemName = /^[a-z0-9][a-z0-9._-]{0,63}$/

export function addCampaignsCommand(program: Command): void {
  const list = hubCommand('list', 'show what came of each campaign, those that are held first', ['verzet campaigns'])
    .option('--brand <brand>', 'only this brand')
    .addOption(jsonOption())
    .action(showCampaigns)
  const hold = hubCommand('hold', 'refuse every message of a campaign until it is released', [
    'verzet campaigns hold spring-sale --brand acme',
  ])
    .argument('<campaign>', 'its name, as your mailing system says it')
    .requiredOption('--brand <brand>', 'whose campaign it is')
    .addOption(jsonOption())
    .action((campaign: string, options: HoldOptions) => change(campaign, options, true))
  const release = hubCommand('release', 'let a campaign that is held go on', [
    'verzet campaigns release spring-sale --brand acme',
  ])
    .argument('<campaign>', 'its name')
    .requiredOption('--brand <brand>', 'whose campaign it is')
    .addOption(jsonOption())
    .action((campaign: string, options: HoldOptions) => change(campaign, options, false))
  const sends = hubCommand('sends', 'say how many messages left by a system that asks nobody', [
    'verzet campaigns sends spring-sale 48200 --brand acme --channel email --on 2026-11-20 --source mailer',
  ])
    .argument('<campaign>', 'its name')
    .argument('<count>', 'how many messages; said again it replaces the number')
    .requiredOption('--brand <brand>', 'whose campaign it is')
    .addOption(new Option('--channel <channel>', 'how they travelled').choices(channels).makeOptionMandatory())
    .requiredOption('--on <day>', 'the day they left, as 2026-11-20')
    .requiredOption('--source <system>', 'the name of the system, in small letters')
    .action(reportCount)
  const group = plainCommand('campaigns', 'what came of campaigns, and holding one', ['verzet campaigns'])
  group.addCommand(list, { isDefault: true }).addCommand(hold).addCommand(release).addCommand(sends)
  program.addCommand(group)
}

async function showCampaigns(options: ListOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const brand = options.brand === undefined ? undefined : brandNamed(hub.catalog, options.brand).id
    const campaigns = await listCampaigns(hub.db, brand === undefined ? {} : { brand })
    if (options.json) printJson(campaigns)
    else if (campaigns.length === 0) print('No campaigns.')
    for (const campaign of options.json ? [] : campaigns) print(lineOf(campaign))
    return exitCodes.ok
  })
}

function lineOf(one: Campaign): string {
  const { brand, campaign, hold, sends, left, paused, complained, bounced } = one
  const rate = perThousand(left, sends)
  const share = rate === undefined ? '' : ` (${rate.toFixed(1)} per thousand)`
  const counts = `${sends} sent, ${left} left${share}, ${paused} paused, ${complained} complained, ${bounced} bounced`
  return `${brand}/${printable(campaign)}  ${hold === undefined ? '' : `HELD since ${hold.heldAt.toISOString()}  `}${counts}`
}

async function change(campaign: string, options: HoldOptions, isHold: boolean): Promise<void> {
  checkName(campaign)
  await withHub(options, async (hub) => {
    const { id: brand } = brandNamed(hub.catalog, options.brand)
    const act = isHold ? holdCampaign : releaseCampaign
    const outcome = await act(hub, { brand, campaign }, byHand)
    if (outcome.kind !== 'done') throw usageProblem(`there is no brand ${brand}`)
    const { changed, isKnown } = outcome
    if (options.json) printJson({ held: isHold, changed, known: isKnown })
    else {
      print(
        `${brand}/${printable(campaign)} ${changed ? 'is now' : 'was already'} ${isHold ? 'held' : 'free to leave'}.`,
      )
      if (!isKnown) print('No link, mail, claim or report has carried this name yet: check its spelling.')
    }
    return exitCodes.ok
  })
}

async function reportCount(campaign: string, count: string, options: SendsOptions): Promise<void> {
  checkName(campaign)
  const channel = channels.find((one) => one === options.channel)
  const sends = Number(count)
  if (channel === undefined || !Number.isSafeInteger(sends) || sends < 0) throw usageProblem('the count is no number')
  if (!dayPattern.test(options.on) || Number.isNaN(Date.parse(options.on))) throw usageProblem('--on is no day')
  if (!systemName.test(options.source)) throw usageProblem('--source is the name of a system, in small letters')
  await withHub(options, async (hub) => {
    const { id: brand } = brandNamed(hub.catalog, options.brand)
    const report = { brand, campaign, channel, sentOn: options.on, source: options.source, sends }
    const outcome = await reportSends(hub, report)
    if (outcome.kind !== 'kept') throw usageProblem('--on lies in the future')
    print(`${sends} kept for ${brand}/${printable(campaign)}.`)
    return exitCodes.ok
  })
}

function checkName(campaign: string): void {
  if (campaign === '' || campaign.length > campaignCharactersMax) {
    throw usageProblem(`a campaign's name has 1 to ${campaignCharactersMax} characters`)
  }
}
