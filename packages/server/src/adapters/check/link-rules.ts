import { assertNever, type Channel } from '@verzet/core'
import { noValues } from '../../services/finding-text.ts'
import { type Finding, finding, type Place } from './finding.ts'
import type { CheckContext, WayOutTarget } from './way-out-target.ts'
import { loginWords, says } from './words.ts'

/** A way out that was found in a message: where it leads, how it is called, where it stands. */
export type FoundWayOut = {
  readonly url: string
  readonly label: string
  readonly target: WayOutTarget
  readonly where: Place
}

/** Whether the links of a message lead where they have to. The same for every kind of message. */
export function checkLinks(context: CheckContext, wayOuts: readonly FoundWayOut[], channel: Channel): Finding[] {
  const isHeard = wayOuts.some(isOfThisHub)
  // Beside a way out of this hub, settings elsewhere ("my account") are no way out at all.
  const each = wayOuts
    .filter(({ target }) => !isHeard || target.kind !== 'foreign' || target.offers.includes('stop'))
    .flatMap((wayOut) => [...checkAddress(context, wayOut), ...checkTarget(context, wayOut, channel)])
  if (wayOuts.length === 0 || isHeard) return each
  return [...each, finding('link-of-this-hub.none', noValues)]
}

export function isOfThisHub({ target }: Pick<FoundWayOut, 'target'>): boolean {
  return target.kind !== 'foreign'
}

function checkAddress(context: CheckContext, { url, label, where }: FoundWayOut): Finding[] {
  const found: Finding[] = []
  if (/^http:/i.test(url) && !isLoopbackHub(context, url)) {
    found.push(finding('https-only.http', noValues, where))
  }
  // After a slash: a token may hold any of these words, and stands behind /u/ alone.
  if (/\/(?:log-?in|sign-?in|sso|account\/login)\b/i.test(url) || says(loginWords, context.languages, label)) {
    found.push(finding('no-login.login', noValues, where))
  }
  return found
}

/** On the machine of somebody who tries the hub out there is no certificate, and nobody in between. */
function isLoopbackHub({ hubUrl }: CheckContext, url: string): boolean {
  const hub = new URL(hubUrl)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hub.hostname) && new URL(url).origin === hub.origin
}

function checkTarget(context: CheckContext, { target, where }: FoundWayOut, channel: Channel): Finding[] {
  switch (target.kind) {
    case 'own':
      return checkOwn(context, target, where, channel)
    case 'own_page':
      return []
    case 'broken':
      return [finding('link-opens.broken', noValues, where)]
    case 'foreign':
      return [finding('link-foreign.host', { host: target.host }, where)]
    default:
      return assertNever(target)
  }
}

function checkOwn(
  { brand }: CheckContext,
  { link, isHubHost }: WayOutTarget & { kind: 'own' },
  where: Place,
  channel: Channel,
): Finding[] {
  const found: Finding[] = []
  if (!isHubHost) found.push(finding('link-host.other', noValues, where))
  if (brand !== undefined && link.brand.id !== brand.id) {
    found.push(finding('link-brand.other', { made: link.brand.id, sent: brand.id }, where))
  }
  if (link.claims.channel !== channel) {
    found.push(finding('link-channel.other', { made: link.claims.channel, sent: channel }, where))
  }
  return found
}

/** Links that come from one place are often the same; one finding says it. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((one) => [JSON.stringify([one.key, one.values, one.where]), one]))
  return [...seen.values()]
}
