import { bottomCharactersMax, topCharactersMax } from '../check-limits.ts'
import { type Finding, finding } from '../check-rules.ts'
import { type FoundWayOut, isOfThisHub } from '../link-rules.ts'
import { type CheckContext, readTarget } from '../way-out-target.ts'
import { loginWords, preferenceWords, says, stopWords } from '../words.ts'
import type { BodyView, ViewedLink } from './body-view.ts'
import type { EmailPart, ReadEmail } from './read-email.ts'
import { checkReading, isSeen } from './reading-rules.ts'
import { type Excuse, excuseOf } from './relayed.ts'

type PartWayOut = FoundWayOut & { readonly link: ViewedLink }

/** The ways out in each part of a mail that a reader may be shown: where they stand, what they offer, how they read. */
export function checkWayOuts(context: CheckContext, email: ReadEmail): Finding[] {
  const excuse = excuseOf(context, email)
  const unread = email.unread.map((reason) => missing(excuse, `There is no way out to be seen: ${reason}`))
  return [...unread, ...email.parts.flatMap((part) => checkPart(context, part, excuse))]
}

function missing({ isInHeader }: Excuse, message: string, where?: string): Finding {
  if (!isInHeader) return finding('way-out-present', `${message}.`, where)
  return finding('way-out-in-header', `${message}. What there is stands in List-Unsubscribe alone.`, where)
}

/** Every way out in the parts, for what is asked of their addresses. */
export function wayOutsOf(context: CheckContext, email: ReadEmail): readonly FoundWayOut[] {
  return email.parts.flatMap(({ light, where }) => wayOutsIn(context, light, where))
}

function wayOutsIn(context: CheckContext, view: BodyView, where: string): readonly PartWayOut[] {
  return view.links.flatMap((link) => {
    const target = readTarget(context, link.url, link.label)
    return target === undefined ? [] : [{ url: link.url, label: link.label, target, where, link }]
  })
}

/** Where there are ways out of this hub, a link elsewhere that only sounds like one is not measured as one. */
function relevant(wayOuts: readonly PartWayOut[]): readonly PartWayOut[] {
  const own = wayOuts.filter(isOfThisHub)
  return own.length > 0 ? own : wayOuts
}

function checkPart(context: CheckContext, part: EmailPart, excuse: Excuse): Finding[] {
  const { where } = part
  const wayOuts = wayOutsIn(context, part.light, where)
  if (wayOuts.length === 0) {
    return [missing(excuse, 'There is no way out: nothing a reader could follow to stop this advertising', where)]
  }
  const seen = relevant(wayOuts).filter(({ link }) => isSeen(link))
  return [
    ...checkPlaces(seen, where, excuse),
    ...checkChoices(seen, where),
    ...checkWords(context, seen),
    ...checkReading(
      relevant(wayOuts).map(({ link }) => link),
      where,
    ),
    ...otherViews(part).flatMap(([view, name]) =>
      checkReading(
        relevant(wayOutsIn(context, view, where)).map(({ link }) => link),
        `${where}, ${name}`,
      ),
    ),
  ]
}

function otherViews({ dark, narrow }: EmailPart): readonly (readonly [BodyView, string])[] {
  return [
    ...(dark === undefined ? [] : [[dark, 'in dark'] as const]),
    ...(narrow === undefined ? [] : [[narrow, 'on a narrow screen'] as const]),
  ]
}

function checkPlaces(seen: readonly PartWayOut[], where: string, { isRelayed }: Excuse): Finding[] {
  // Hidden ones are no places at all, whoever put them there.
  const isPlaced = isRelayed && seen.length > 0
  const found: Finding[] = []
  if (!seen.some(({ link }) => link.before <= topCharactersMax)) {
    const rule = isPlaced ? 'way-out-placed' : 'way-out-top'
    found.push(finding(rule, `No way out stands within the first ${topCharactersMax} characters.`, where))
  }
  if (!seen.some(({ link }) => link.after <= bottomCharactersMax)) {
    const rule = isPlaced ? 'way-out-placed' : 'way-out-bottom'
    found.push(finding(rule, `No way out stands within the last ${bottomCharactersMax} characters.`, where))
  }
  return found
}

function checkChoices(seen: readonly PartWayOut[], where: string): Finding[] {
  const offered = new Set(seen.flatMap(({ target }) => (target.kind === 'broken' ? [] : target.offers)))
  const missing = [
    ...(offered.has('stop') ? [] : ['to stop all advertising']),
    ...(offered.has('preferences') ? [] : ['to change what one gets']),
  ]
  return missing.map((choice) => finding('both-choices', `No way out offers ${choice}.`, where))
}

function checkWords(context: CheckContext, seen: readonly PartWayOut[]): Finding[] {
  const { languages } = context
  return seen.flatMap(({ label, link, where }) => {
    const found: Finding[] = []
    if (!says(stopWords, languages, label) && !says(preferenceWords, languages, label) && !link.isWordless) {
      const among = languages.length === 1 ? ` in the language of the mail (${languages.join()})` : ''
      found.push(finding('way-out-plain', `The words of a way out do not say what it does${among}.`, where))
    }
    if (says(loginWords, languages, link.context) && !says(loginWords, languages, label)) {
      found.push(
        finding('no-login-words', 'Beside a way out the text speaks of logging in; none may be needed.', where),
      )
    }
    return found
  })
}
