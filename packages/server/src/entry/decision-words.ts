import { type Author, assertNever, type Choice, type Decision, type DecisionReason, type Scope } from '@verzet/core'

/** The gate's answer as one line for a person at a terminal. `choice` is the one that decided, when it is known. */
export function describeDecision(decision: Decision, choice?: Choice): string {
  const until = decision.until === undefined ? '' : `, until ${new Date(decision.until).toISOString().slice(0, 16)} UTC`
  return `${decision.decision.toUpperCase()} — ${describeReason(decision.reason, choice)}${until}`
}

function describeReason(reason: DecisionReason, choice: Choice | undefined): string {
  switch (reason) {
    case 'objection':
    case 'pause':
    case 'cadence':
      return `${reason} ${saidBy(choice)}`
    case 'consent':
      return `consent ${saidBy(choice)}`
    case 'service':
      return 'service message, which an objection to marketing does not stop'
    case 'customer_relation':
      return 'own customer, which the rules of the country accept on this channel'
    case 'impersonal':
      return 'impersonal address of a company, which the rules of the country accept'
    case 'opt_out_regime':
      return 'nobody objected, and the rules of the country ask for no consent on this channel'
    case 'no_basis':
      return 'no consent, and the rules of the country ask for one'
    case 'registered':
      return 'listed in a do-not-contact register'
    case 'register_missing':
      return 'a do-not-contact register has to be consulted and was never imported'
    case 'register_stale':
      return 'the copy of a do-not-contact register is too old'
    case 'unknown_topic':
      return 'the brand has no such topic ("verzet topics" lists them)'
    case 'unknown_brand':
      return 'there is no such brand ("verzet brands" lists them)'
    case 'brand_required':
      return 'several brands have this topic: add --brand'
    case 'channel_mismatch':
      return 'this kind of address cannot be reached on that channel'
    case 'invalid_contact_point':
      return 'this is not an address or number that can be read'
    case 'undeliverable':
      return 'messages do not arrive there: a bounce or a dead number, not a word of the person'
    case 'under_review':
      return 'something they wrote may be a no, and nobody has read it yet ("verzet review list")'
    case 'campaign_held':
      return 'the campaign is held ("verzet campaigns" lists them)'
    case 'stale':
      return 'what is known here is too old to answer from'
    default:
      return assertNever(reason)
  }
}

function saidBy(choice: Choice | undefined): string {
  if (choice === undefined) return 'that stands'
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const moment =
    choice.saidAt === null ? `of unknown date, recorded on ${day(choice.recordedAt)}` : `said on ${day(choice.saidAt)}`
  return `${moment} ${byWhom[choice.author]} (${describeScope(choice.scope)})`
}

const byWhom: Record<Author, string> = {
  person: 'by the person',
  agent: 'to an agent',
  provider: 'through a provider',
  controller: 'as stated by the organisation',
}

export function describeScope(scope: Scope): string {
  const parts = [scope.brand, scope.channel && `by ${scope.channel}`, scope.topic && `about ${scope.topic}`]
  const said = parts.filter((part) => part !== undefined && part !== '')
  return said.length === 0 ? 'all marketing' : said.join(', ')
}
