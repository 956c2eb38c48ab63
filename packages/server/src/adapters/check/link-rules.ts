import { assertNever, type Channel } from '@verzet/core'
import { type Finding, finding } from './check-rules.ts'
import type { CheckContext, WayOutTarget } from './way-out-target.ts'
import { loginWords, says } from './words.ts'

/** A way out that was found in a message: where it leads, how it is called, where it stands. */
export type FoundWayOut = {
  readonly url: string
  readonly label: string
  readonly target: WayOutTarget
  readonly where: string
}

/** Whether the links of a message lead where they have to. The same for every kind of message. */
export function checkLinks(context: CheckContext, wayOuts: readonly FoundWayOut[], channel: Channel): Finding[] {
  const isHeard = wayOuts.some(isOfThisHub)
  // Beside a way out of this hub, settings elsewhere ("my account") are no way out at all.
  const each = wayOuts
    .filter(({ target }) => !isHeard || target.kind !== 'foreign' || target.offers.includes('stop'))
    .flatMap((wayOut) => [...checkAddress(context, wayOut), ...checkTarget(context, wayOut, channel)])
  if (wayOuts.length === 0 || isHeard) return each
  return [...each, finding('link-of-this-hub', 'No way out leads to this hub: what is said there does not reach it.')]
}

export function isOfThisHub({ target }: Pick<FoundWayOut, 'target'>): boolean {
  return target.kind !== 'foreign'
}

function checkAddress(context: CheckContext, { url, label, where }: FoundWayOut): Finding[] {
  const found: Finding[] = []
  if (/^http:/i.test(url) && !isLoopbackHub(context, url)) {
    found.push(finding('https-only', 'A way out leads to http; use https.', where))
  }
  // After a slash: a token may hold any of these words, and stands behind /u/ alone.
  if (/\/(?:log-?in|sign-?in|sso|account\/login)\b/i.test(url) || says(loginWords, context.languages, label)) {
    found.push(finding('no-login', 'A way out leads to a login, or says so.', where))
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
      return [
        finding(
          'link-opens',
          'A link to this hub does not open: its token or code was cut, changed or never made here.',
          where,
        ),
      ]
    case 'foreign':
      return [
        finding(
          'link-foreign',
          `A way out leads to ${target.host}. Whether it works, holds on every channel, and changes nothing by being looked at cannot be known here.`,
          where,
        ),
      ]
    default:
      return assertNever(target)
  }
}

function checkOwn(
  { brand }: CheckContext,
  { link, isHubHost }: WayOutTarget & { kind: 'own' },
  where: string,
  channel: Channel,
): Finding[] {
  const found: Finding[] = []
  if (!isHubHost) {
    found.push(
      finding(
        'link-host',
        'The token is of this hub, the address is not: see that it leads here, and without a redirect.',
        where,
      ),
    )
  }
  if (brand !== undefined && link.brand.id !== brand.id) {
    found.push(finding('link-brand', `A link was made for the brand ${link.brand.id}, not for ${brand.id}.`, where))
  }
  if (link.claims.channel !== channel) {
    found.push(finding('link-channel', `A link was made for ${link.claims.channel} and travels by ${channel}.`, where))
  }
  return found
}

/** Links that come from one place are often the same; one finding says it. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((one) => [`${one.rule} ${one.message} ${one.where ?? ''}`, one]))
  return [...seen.values()]
}
