import { assertNever } from '@verzet/core'
import { noValues } from '../../../services/finding-text.ts'
import { bottomCharactersMax, partCharactersMax, topCharactersMax } from '../check-limits.ts'
import { type Finding, finding, type Place } from '../finding.ts'
import type { PartName } from '../finding-values.ts'
import { type FoundWayOut, isOfThisHub } from '../link-rules.ts'
import { type CheckContext, readTarget } from '../way-out-target.ts'
import { loginWords, preferenceWords, says, stopWords } from '../words.ts'
import type { BodyView, ViewedLink } from './body-view.ts'
import type { EmailPart, ReadEmail, Unread } from './read-email.ts'
import { checkReading, isSeen } from './reading-rules.ts'
import { type Excuse, excuseOf } from './relayed.ts'

type PartWayOut = FoundWayOut & { readonly link: ViewedLink }

/** The ways out in each part of a mail that a reader may be shown: where they stand, what they offer, how they read. */
export function checkWayOuts(context: CheckContext, email: ReadEmail): Finding[] {
  const excuse = excuseOf(context, email)
  const unread = email.unread.map((unread) => unseen(excuse, unread))
  return [...unread, ...email.parts.flatMap((part) => checkPart(context, part, excuse))]
}

function unseen({ isInHeader }: Excuse, unread: Unread): Finding {
  const rule = isInHeader ? 'way-out-in-header' : 'way-out-present'
  switch (unread.kind) {
    case 'closed':
      return finding(`${rule}.closed`, { reason: unread.reason })
    case 'encoding':
      return finding(`${rule}.encoding`, { part: unread.part })
    case 'large':
      return finding(`${rule}.large`, { part: unread.part, characters: partCharactersMax })
    case 'elements':
      return finding(isInHeader ? 'way-out-in-header.elements' : 'way-out-present.elements', noValues)
    default:
      return assertNever(unread)
  }
}

/** Every way out in the parts, for what is asked of their addresses. */
export function wayOutsOf(context: CheckContext, email: ReadEmail): readonly FoundWayOut[] {
  return email.parts.flatMap(({ light, name }) => wayOutsIn(context, light, name))
}

function wayOutsIn(context: CheckContext, view: BodyView, part: PartName): readonly PartWayOut[] {
  const where: Place = { kind: 'part', part }
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
  const { name } = part
  const where: Place = { kind: 'part', part: name }
  const wayOuts = wayOutsIn(context, part.light, name)
  if (wayOuts.length === 0) {
    return [finding(excuse.isInHeader ? 'way-out-in-header.none' : 'way-out-present.none', noValues, where)]
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
    ...otherViews(part).flatMap(([shown, view]) =>
      checkReading(
        relevant(wayOutsIn(context, shown, name)).map(({ link }) => link),
        { kind: 'part', part: name, view },
      ),
    ),
  ]
}

function otherViews({ dark, narrow }: EmailPart): readonly (readonly [BodyView, 'dark' | 'narrow'])[] {
  return [
    ...(dark === undefined ? [] : [[dark, 'dark'] as const]),
    ...(narrow === undefined ? [] : [[narrow, 'narrow'] as const]),
  ]
}

function checkPlaces(seen: readonly PartWayOut[], where: Place, { isRelayed }: Excuse): Finding[] {
  // Hidden ones are no places at all, whoever put them there.
  const isPlaced = isRelayed && seen.length > 0
  const found: Finding[] = []
  if (!seen.some(({ link }) => link.before <= topCharactersMax)) {
    const key = isPlaced ? 'way-out-placed.top' : 'way-out-top.none'
    found.push(finding(key, { characters: topCharactersMax }, where))
  }
  if (!seen.some(({ link }) => link.after <= bottomCharactersMax)) {
    const key = isPlaced ? 'way-out-placed.bottom' : 'way-out-bottom.none'
    found.push(finding(key, { characters: bottomCharactersMax }, where))
  }
  return found
}

function checkChoices(seen: readonly PartWayOut[], where: Place): Finding[] {
  const offered = new Set(seen.flatMap(({ target }) => (target.kind === 'broken' ? [] : target.offers)))
  const choices = ['stop', 'preferences'] as const
  return choices
    .filter((choice) => !offered.has(choice))
    .map((choice) => finding(`both-choices.${choice}`, noValues, where))
}

function checkWords(context: CheckContext, seen: readonly PartWayOut[]): Finding[] {
  const { languages } = context
  return seen.flatMap(({ label, link, where }) => {
    const found: Finding[] = []
    if (!says(stopWords, languages, label) && !says(preferenceWords, languages, label) && !link.isWordless) {
      const [language, ...others] = languages
      const isOne = language !== undefined && others.length === 0
      found.push(
        isOne ? finding('way-out-plain.language', { language }, where) : finding('way-out-plain.any', noValues, where),
      )
    }
    if (says(loginWords, languages, link.context) && !says(loginWords, languages, label)) {
      found.push(finding('no-login-words.beside', noValues, where))
    }
    return found
  })
}
