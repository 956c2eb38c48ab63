import { isClosedByNature } from '../../smtp/relay/refusals.ts'
import type { CheckContext } from '../way-out-target.ts'
import { headerWayOuts } from './header-rules.ts'
import { type ReadEmail, valuesOf } from './read-email.ts'

/** What excuses a mail from having its ways out at the top and the bottom of its text. */
export type Excuse = {
  /** The relay of this hub passed it on: where its ways out are not at both ends, its template placed them. */
  readonly isRelayed: boolean
  /** A link of this hub in `List-Unsubscribe` is all that a body that cannot be changed can have. */
  readonly isInHeader: boolean
}

/**
 * The relay lets some mails through that have no way out at both ends of the text: those of a template with placeholders
 * of its own, and those whose body it may not touch. The check must not forbid what the relay allowed, and says it.
 */
export function excuseOf(context: CheckContext, email: ReadEmail): Excuse {
  const isRelayed = valuesOf(email, 'received').some((value) => traceOf(context.mailDomain).test(value))
  const isHeard = headerWayOuts(context, email).some(({ target }) => target.kind === 'own')
  const isClosed = email.closed !== undefined && isClosedByNature(email.closed)
  return { isRelayed, isInHeader: isHeard && (isRelayed || isClosed) }
}

/** As relay/received-field.ts writes it. Whoever forges it deceives nobody but their own check. */
function traceOf(mailDomain: string): RegExp {
  return new RegExp(`\\bby ${mailDomain.replace(/[^a-z0-9-]/gi, '\\$&')} with (?:E?SMTP|LMTP)`, 'i')
}
