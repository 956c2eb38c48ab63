import { noValues } from '../../../services/finding-text.ts'
import { type Finding, finding } from '../finding.ts'
import { checkLinks, type FoundWayOut } from '../link-rules.ts'
import { checkSender } from '../sender-rules.ts'
import { hasUnfilledPlaceholder } from '../unfilled-placeholder.ts'
import type { CheckContext } from '../way-out-target.ts'
import { checkSignatures } from './dkim-rules.ts'
import { checkFrom, checkListFields, headerWayOuts } from './header-rules.ts'
import { type ReadEmail, seenText } from './read-email.ts'
import { checkWayOuts, wayOutsOf } from './way-out-rules.ts'

export type EmailFacts = {
  /** A service message needs no way out, but what it carries has to work. */
  readonly isAdvertising: boolean
  /** Whether a link belongs to somebody the mail is written to; undefined when that cannot be told. */
  readonly isForRecipient: (wayOut: FoundWayOut) => boolean | undefined
}

/** All rules about a mail, but for the verification of its signature. */
export function checkEmail(context: CheckContext, email: ReadEmail, facts: EmailFacts): Finding[] {
  const wayOuts = [...headerWayOuts(context, email), ...wayOutsOf(context, email)]
  const always = [
    ...checkFrom(context, email),
    ...checkPlaceholders(email),
    ...wayOuts.flatMap((wayOut) => checkRecipient(wayOut, facts)),
    ...checkSignatures(email, facts.isAdvertising),
  ]
  const linkFindings = checkLinks(context, wayOuts, 'email')
  if (!facts.isAdvertising) return [...always, ...linkFindings.filter(({ rule }) => rule !== 'link-of-this-hub')]
  return [
    ...checkWayOuts(context, email),
    ...linkFindings,
    ...checkListFields(email),
    // What is signed or encrypted is not opened: whom it names cannot be said.
    ...(email.closed === undefined ? checkSender(context, seenText(email)) : []),
    ...always,
  ]
}

function checkPlaceholders({ parts }: ReadEmail): Finding[] {
  return parts.flatMap(({ light, name }) => {
    const texts = [light.text, ...light.links.map(({ url }) => url)]
    if (!texts.some(hasUnfilledPlaceholder)) return []
    return [finding('placeholder-filled.mail', noValues, { kind: 'part', part: name })]
  })
}

function checkRecipient(wayOut: FoundWayOut, facts: EmailFacts): Finding[] {
  if (wayOut.target.kind !== 'own' || facts.isForRecipient(wayOut) !== false) return []
  return [finding('link-recipient.other', noValues, wayOut.where)]
}
