import { assertNever, type Scope } from '@verzet/core'
import type { Command } from 'commander'
import { showReviewItem } from '../../adapters/http/api/review-schema.ts'
import { countryFor } from '../../services/country-for.ts'
import type { Hub } from '../../services/hub.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import { decideReview, type ReviewVerdict } from '../../services/review/decide.ts'
import {
  listReviews,
  type ReviewItem,
  type ReviewStatus,
  readReview,
  reviewPageMax,
  reviewStatuses,
} from '../../services/review/list.ts'
import { undoReview } from '../../services/review/undo.ts'
import {
  hubCommand,
  jsonOption,
  note,
  type PlaceOptions,
  plainCommand,
  print,
  printJson,
  withHub,
} from '../command-frame.ts'
import { channelOption, contactPointArgument, oneOf } from '../contact-argument.ts'
import { describeScope } from '../decision-words.ts'
import { type CommandFailed, dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'
import { reviewLine, reviewLines } from '../review-lines.ts'
import { assertScopeExists } from '../scope-options.ts'

const words = { 'opt-out': 'opt_out', narrow: 'narrow', 'not-a-no': 'not_a_no' } as const
const wordList = ['opt-out', 'narrow', 'not-a-no'] as const

type ListOptions = PlaceOptions & { status: string; json?: boolean }
type ShowOptions = PlaceOptions & { json?: boolean }
type DecideOptions = ShowOptions & {
  as: string
  brand?: string
  channel?: string
  topic?: string
  contact?: string
  type?: string
  note?: string
}

export function addReviewCommand(program: Command): void {
  const list = hubCommand('list', 'what waits for a human, the most urgent first', ['verzet review list'])
    .option('--status <status>', 'open or decided', 'open')
    .addOption(jsonOption())
    .action(listItems)
  const show = hubCommand('show', 'one item with what was written', ['verzet review show 0190a5c2-…'])
    .argument('<id>', 'as "verzet review list" shows it')
    .addOption(jsonOption())
    .action(showItem)
  const decide = hubCommand('decide', 'say what it is', [
    'verzet review decide 0190a5c2-… --as opt-out',
    'verzet review decide 0190a5c2-… --as narrow --brand shop --topic news',
    'verzet review decide 0190a5c2-… --as not-a-no --note "asks about an order"',
  ])
    .argument('<id>', 'as "verzet review list" shows it')
    .requiredOption('--as <word>', 'opt-out, narrow (with --brand, --channel or --topic) or not-a-no')
    .option('--brand <brand>', 'of a narrow no: only this brand')
    .option('--channel <channel>', 'of a narrow no: only this channel')
    .option('--topic <topic>', 'of a narrow no: only this topic')
    .option('--contact <contact>', 'whose no it is, where the item names nobody')
    .option('--type <type>', 'what --contact is, when it cannot be told from its looks')
    .option('--note <text>', 'why; forgotten together with what was written')
    .addOption(jsonOption())
    .action(decideItem)
  const undo = hubCommand('undo', 'take a decision back; the item waits again', ['verzet review undo 0190a5c2-…'])
    .argument('<id>', 'as "verzet review list --status decided" shows it')
    .addOption(jsonOption())
    .action(undoItem)
  const group = plainCommand('review', 'read and decide what people wrote that may be a no', ['verzet review list'])
  for (const command of [list, show, decide, undo]) group.addCommand(command)
  program.addCommand(group)
}

const nothing: Readonly<Record<ReviewStatus, string>> = {
  open: 'Nothing waits.',
  decided: 'Nothing was decided yet.',
  passed_over: 'Nothing was passed over in the last 30 days.',
}

async function listItems(options: ListOptions): Promise<void> {
  const status = oneOf(reviewStatuses, options.status, '--status')
  await withHub(options, async (hub) => {
    const { items, hasMore } = await listReviews(hub.db, { status, limit: reviewPageMax })
    if (options.json) printJson(items.map((item) => showReviewItem(item, hub.clock())))
    else for (const item of items) print(reviewLine(item, hub.clock()))
    if (!options.json && items.length === 0) note(nothing[status])
    if (hasMore) note(`There is more: these are the first ${reviewPageMax}.`)
    return exitCodes.ok
  })
}

async function showItem(id: string, options: ShowOptions): Promise<void> {
  await withHub(options, async (hub) => {
    show(await findItem(hub, id), hub, options)
    return exitCodes.ok
  })
}

async function decideItem(id: string, options: DecideOptions): Promise<void> {
  const decision = words[oneOf(wordList, options.as, '--as')]
  const scope: Scope = {
    ...(options.brand !== undefined && { brand: options.brand }),
    ...(options.channel !== undefined && { channel: channelOption(options.channel) }),
    ...(options.topic !== undefined && { topic: options.topic }),
  }
  const isNarrowed = Object.keys(scope).length > 0
  if ((decision === 'narrow') !== isNarrowed) {
    throw usageProblem('--as narrow takes --brand, --channel or --topic, and the others take none of them')
  }
  await withHub(options, async (hub) => {
    assertScopeExists(hub.catalog, scope)
    const named = options.contact === undefined ? undefined : nameContact(hub, options.contact, options)
    const verdict: ReviewVerdict = {
      decision,
      ...(isNarrowed && { scope }),
      ...(options.note !== undefined && { note: options.note }),
      ...(named !== undefined && { contactPoint: named }),
    }
    const item = await findItem(hub, id)
    const outcome = await decideReview(hub, item.row.id, verdict, 'command')
    switch (outcome.kind) {
      case 'decided':
        break
      case 'unknown_item':
        throw unknownItem(id)
      case 'already_decided':
        throw dataProblem('it was decided before; "verzet review undo" takes that back')
      case 'nobody_named':
        throw dataProblem('the item names nobody: add --contact, or decide --as not-a-no')
      case 'refused':
        throw dataProblem(outcome.faults.map((fault) => fault.hint).join(' '))
      default:
        return assertNever(outcome)
    }
    if (options.json) show(await findItem(hub, id), hub, options)
    else if (decision === 'not_a_no') print('Decided: not a no. Nothing waits for it any more.')
    else print(`Decided. Recorded: no to ${describeScope(isNarrowed ? scope : (item.row.proposedScope ?? {}))}.`)
    return exitCodes.ok
  })
}

async function undoItem(id: string, options: ShowOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const item = await findItem(hub, id)
    const outcome = await undoReview(hub, item.row.id, 'command')
    switch (outcome.kind) {
      case 'undone':
        break
      case 'unknown_item':
        throw unknownItem(id)
      case 'not_decided':
        throw dataProblem('nobody decided it yet')
      case 'forgotten':
        throw dataProblem('what was written was forgotten, so nobody can judge it anew')
      case 'too_late':
        throw dataProblem('a no stands from half an hour after it was decided: only the person can lift it now')
      default:
        return assertNever(outcome)
    }
    if (options.json) show(await findItem(hub, id), hub, options)
    else print('Taken back: it waits again, and so does what it may refuse.')
    return exitCodes.ok
  })
}

function show(item: ReviewItem, hub: Hub, options: ShowOptions): void {
  if (options.json) printJson(showReviewItem(item, hub.clock()))
  else for (const line of reviewLines(item, hub.clock())) print(line)
}

async function findItem(hub: Hub, id: string): Promise<ReviewItem> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  const item = isId ? await readReview(hub.db, id) : undefined
  if (item === undefined) throw unknownItem(id)
  return item
}

function unknownItem(id: string): CommandFailed {
  return dataProblem(`there is no item "${id}"; "verzet review list" shows them`)
}

function nameContact(hub: Hub, contact: string, { type, brand }: DecideOptions) {
  const named = keyContactPoint(hub.secrets, contactPointArgument(contact, type), countryFor(hub.catalog, brand))
  if (named.kind === 'ok') return named.keyed
  throw dataProblem(`"${contact}" cannot be read. ${named.hint}`)
}
