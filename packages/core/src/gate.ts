import { nextAllowedAt } from './cadence.ts'
import { type Channel, channelsServedBy } from './channel.ts'
import type { ContactPointType } from './contact-point.ts'
import { deliveryBlockOn } from './delivery-block.ts'
import { type ChannelRule, channelRuleAt, type RegisterRule, type RulePack } from './rule-pack.ts'
import { covers, type Scope } from './scope.ts'
import {
  latestFirst,
  type ReviewHold,
  type Standing,
  type StandingGroup,
  type StandingItem,
  undoes,
} from './standing.ts'
import type { Purpose } from './topic.ts'

export const decisionReasons = [
  'service',
  'consent',
  'customer_relation',
  'impersonal',
  'opt_out_regime',
  'objection',
  'no_basis',
  'registered',
  'register_missing',
  'register_stale',
  'unknown_topic',
  'unknown_brand',
  'brand_required',
  'channel_mismatch',
  'invalid_contact_point',
  'stale',
  'pause',
  'cadence',
  'under_review',
  'undeliverable',
  'campaign_held',
] as const
export type DecisionReason = (typeof decisionReasons)[number]

/** May this be sent to this person now? */
export type Question = {
  readonly contactPointType: ContactPointType
  readonly brand: string
  readonly channel: Channel
  readonly topic: string
  /** From the topic; absent when the brand has no such topic. */
  readonly purpose?: Purpose
  /** When the newest snapshot of each register was taken, ms since 1970, by register id. */
  readonly registers?: Readonly<Record<string, number>>
  /** The voluntary registers that the brand holds itself to, by id. */
  readonly pledgedRegisters?: readonly string[]
  /** True when the message belongs to a campaign that staff hold back (docs/decisions/006-campaign-hold.md). */
  readonly campaignHeld?: boolean
}

/** The gate's answer. `until` (ms since 1970) says from when asking again makes sense. */
export type Decision = {
  readonly decision: 'allow' | 'deny' | 'defer'
  readonly reason: DecisionReason
  readonly until?: number
  /** The choice that decided. */
  readonly choiceId?: string
  /** The version of the rule pack it was judged by. */
  readonly rulePack: string
}

/**
 * Answers one question from one standing; the same function in server, SDK, relay and command line.
 * An undefined standing is a contact point nobody said anything about. Reads no clock: `now` is ms since 1970.
 */
export function decide(question: Question, standing: Standing | undefined, pack: RulePack, now: number): Decision {
  const verdict = judge(question, standing ?? { groups: [] }, pack, now)
  return { ...verdict, rulePack: pack.version }
}

type Verdict = Omit<Decision, 'rulePack'>

function judge(question: Question, standing: Standing, pack: RulePack, now: number): Verdict {
  if (question.purpose === undefined) return { decision: 'deny', reason: 'unknown_topic' }
  if (!channelsServedBy(question.contactPointType).includes(question.channel)) {
    return { decision: 'deny', reason: 'channel_mismatch' }
  }
  const verdict = judgeWords(question, standing, pack, now)
  // What was said and the law answer first; a delivery fact refuses what they would let pass, service mail too.
  return verdict.decision === 'deny' ? verdict : (withheld(question, standing, now) ?? verdict)
}

/** What is no word of the person: a dead address lasts longer than a campaign that is held, and so it is the answer. */
function withheld(question: Question, standing: Standing, now: number): Verdict | undefined {
  const block = undeliverable(question, standing, now)
  if (block !== undefined || question.campaignHeld !== true) return block
  return { decision: 'deny', reason: 'campaign_held' }
}

function undeliverable(question: Question, standing: Standing, now: number): Verdict | undefined {
  const block = deliveryBlockOn(standing, question.channel, now)
  if (block === undefined) return undefined
  return { decision: 'deny', reason: 'undeliverable', ...(block.until !== undefined && { until: block.until }) }
}

function judgeWords(question: Question, standing: Standing, pack: RulePack, now: number): Verdict {
  if (question.purpose === 'service') return { decision: 'allow', reason: 'service' }
  const refusal = objected(question, standing)
  if (refusal !== undefined) return refusal
  // A restriction comes on top of a reason to write: where there is none, waiting would not help.
  const reason = basis(question, standing, pack, now)
  return reason.decision === 'allow' ? (restricted(question, standing, now) ?? reason) : reason
}

/** Rule 1: the latest word whose scope covers the message; each group by itself, one no is enough. */
function objected(question: Scope, standing: Standing): Verdict | undefined {
  const refusals = standing.groups.flatMap((group) => standingRefusals(question, group))
  const latest = refusals.sort(latestFirst)[0]
  return latest && { decision: 'deny', reason: 'objection', choiceId: latest.id }
}

function standingRefusals(question: Scope, group: StandingGroup): StandingItem[] {
  const covering = group.items.filter((item) => covers(item.scope, question))
  return covering.filter((item) => item.kind === 'objection' && !covering.some((other) => undoes(other, item)))
}

/** A pause, a cadence or words nobody has read yet restrict on top; the one that lasts longest is the answer. */
function restricted(question: Scope, standing: Standing, now: number): Verdict | undefined {
  const waits: Wait[] = standing.groups.flatMap((group) =>
    group.items.flatMap((item) => {
      if (!covers(item.scope, question) || endedByConsent(item, group)) return []
      if (item.kind === 'pause' && item.until > now) return [wait('pause', item.id, item.until)]
      if (item.kind !== 'cadence') return []
      if (standing.sends === undefined) return [wait('cadence', item.id, Number.POSITIVE_INFINITY)]
      const nextAt = nextAllowedAt(item.cadence, item.scope, standing.sends, now)
      return nextAt === null ? [] : [wait('cadence', item.id, nextAt)]
    }),
  )
  for (const hold of standing.held ?? []) if (covers(hold.scope, question)) waits.push(heldUntil(hold, now))
  const longest = waits.sort(longestFirst)[0]
  if (longest === undefined) return undefined
  const { until, ...rest } = longest
  return Number.isFinite(until) ? { ...rest, until } : rest
}

type Wait = {
  readonly decision: 'defer'
  readonly reason: 'pause' | 'cadence' | 'under_review'
  /** Absent where no choice makes it wait. */
  readonly choiceId?: string
  readonly until: number
}

function longestFirst(one: Wait, other: Wait): number {
  if (one.until !== other.until) return other.until > one.until ? 1 : -1
  return (one.choiceId ?? '') < (other.choiceId ?? '') ? -1 : 1
}

function wait(reason: 'pause' | 'cadence', choiceId: string, until: number): Wait {
  return { decision: 'defer', reason, choiceId, until }
}

/** Past its deadline nobody knows when the answer comes (rule 6). */
function heldUntil(hold: ReviewHold, now: number): Wait {
  return { decision: 'defer', reason: 'under_review', until: hold.until > now ? hold.until : Number.POSITIVE_INFINITY }
}

/** "A later consent of the person ends those it covers": the consent has to cover the whole restriction. */
function endedByConsent(item: StandingItem, group: StandingGroup): boolean {
  return group.items.some((other) => covers(other.scope, item.scope) && undoes(other, item))
}

/** Nobody refused: is there a reason to write at all? */
function basis(question: Question, standing: Standing, pack: RulePack, now: number): Verdict {
  const consents = standing.groups
    .flatMap((group) => group.items)
    .filter((item) => item.kind === 'consent' && covers(item.scope, question))
    .sort(latestFirst)
  const said = consents.find((item) => item.kind === 'consent' && item.lifts)
  if (said !== undefined) return { decision: 'allow', reason: 'consent', choiceId: said.id }
  const rule = channelRuleAt(pack, question.channel, now)
  // A listing is a no of the person: a consent that lifts no other no does not lift this one either (rule 2).
  const listing = rule && registered(question, standing, rule, now)
  if (listing !== undefined) return listing
  const held = consents[0]
  if (held !== undefined) return { decision: 'allow', reason: 'consent', choiceId: held.id }
  return rule === undefined ? { decision: 'deny', reason: 'no_basis' } : silence(standing, rule)
}

function registered(question: Question, standing: Standing, rule: ChannelRule, now: number): Verdict | undefined {
  // A customer number is on no list; which of the person's numbers are is not known here (rule 6).
  const isListable = question.contactPointType !== 'customer'
  for (const register of rule.registers ?? []) {
    if (register.exceptCustomers && standing.customer) continue
    if (register.voluntary && !question.pledgedRegisters?.includes(register.id)) continue
    const verdict = isListable
      ? consult(register, question, standing, now)
      : ({ decision: 'deny', reason: 'register_missing' } as const)
    if (verdict !== undefined) return verdict
  }
  return undefined
}

/** Rule 6: a register that was never read, or too long ago, does not answer "allow". */
function consult(register: RegisterRule, question: Question, standing: Standing, now: number): Verdict | undefined {
  if (standing.listedIn?.includes(register.id)) return { decision: 'deny', reason: 'registered' }
  const takenAt = question.registers?.[register.id]
  if (takenAt === undefined) return { decision: 'deny', reason: 'register_missing' }
  if (takenAt + register.validityDays * 86_400_000 <= now) return { decision: 'deny', reason: 'register_stale' }
  return undefined
}

function silence(standing: Standing, rule: ChannelRule): Verdict {
  if (rule.silence === 'opt_out') return { decision: 'allow', reason: 'opt_out_regime' }
  if (rule.customers && standing.customer) return { decision: 'allow', reason: 'customer_relation' }
  if (rule.impersonal && standing.impersonal) return { decision: 'allow', reason: 'impersonal' }
  return { decision: 'deny', reason: 'no_basis' }
}
