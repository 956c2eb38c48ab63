import { assertNever, type Channel, channels, maskContactPoint, normaliseContactPoint } from '@verzet/core'
import { cancelRequest, requestContactPoint, requestErasure } from '../../../services/ask-by-link.ts'
import type { Hub } from '../../../services/hub.ts'
import {
  endRestrictions,
  lessByLink,
  pauseByLink,
  removeContactByLink,
  stopByLink,
  undoByLink,
} from '../../../services/person-acts.ts'
import { saveDetails } from '../../../services/save-details.ts'
import { type GridBox, savePreferences } from '../../../services/save-preferences.ts'
import type { Act } from '../pages/acts.tsx'
import { readLanguage } from '../pages/text.ts'
import { type ActDone, afterLift, askLift, done, isUuid, noticeOf, readPauseEnd, refused } from './act-outcome.ts'
import { type FormFields, field, fieldValues } from './form-body.ts'
import type { Reading } from './frame.ts'
import { confirm, remind, stay, takeOffered } from './leaving-acts.ts'
import { nameOf, type PersonPage } from './person-model.ts'

const nameCharsMax = 120
/** A page offers one undo for all that one press recorded. */
const undoChoicesMax = 100

/** Reads one form of the page and carries it out; the answers to the questions have a reader of their own. Everything in it is hostile until it was read here. */
export async function performAct(
  hub: Hub,
  act: Exclude<Act, 'reason'>,
  page: PersonPage,
  form: FormFields,
  reading: Reading,
): Promise<ActDone> {
  switch (act) {
    case 'stop':
      return stop(hub, page, form, reading)
    case 'less':
      return less(hub, page, form, reading)
    case 'pause':
      return pause(hub, page, form, reading)
    case 'preferences':
      return preferences(hub, page, form, reading)
    case 'details':
      return details(hub, page, form)
    case 'add-contact':
      return addContact(hub, page, form, reading)
    case 'remove-contact':
      return removeContact(hub, page, form)
    case 'erase':
      return erase(hub, page, reading)
    case 'undo':
      return undo(hub, page, form)
    case 'confirm':
      return confirm(hub, page, form)
    case 'stay':
      return stay(hub, page, form, reading)
    case 'alternative':
      return takeOffered(hub, page, form, reading)
    case 'remind':
      return remind(hub, page, form)
    default:
      return assertNever(act)
  }
}

/**
 * A stop whose scope got lost on the way is a stop of everything: silence means everything (rule 3). So is one of a topic
 * that is a service by now, which no stop of that topic would touch.
 */
async function stop(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const { link } = page
  const asked = field(form, 'scope')
  if (asked === 'topic' && link.topic?.purpose === 'marketing') {
    return done(
      { kind: 'topic_stopped', topic: nameOf(link.topic, reading.language) },
      await stopByLink(hub, link, 'topic'),
    )
  }
  if (asked === 'channel') {
    return done({ kind: 'channel_stopped', channel: link.claims.channel }, await stopByLink(hub, link, 'channel'))
  }
  return done({ kind: 'all_stopped' }, await stopByLink(hub, link, 'all'))
}

async function less(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const asked = field(form, 'cadence')
  if (asked === 'end') return ended(await endRestrictions(hub, page.link, 'cadence'), 'less_ended')
  const read = /^([1-9]\d?)\/(week|month)$/.exec(asked ?? '')
  if (read === null) return refused('choice_missing')
  const cadence = { max: Number(read[1]), per: read[2] === 'week' ? ('week' as const) : ('month' as const) }
  return afterLift(hub, page, await lessByLink(hub, page.link, cadence), reading, { kind: 'less_often', cadence })
}

async function pause(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const days = field(form, 'days')
  if (days === 'end') return ended(await endRestrictions(hub, page.link, 'pause'), 'pause_ended')
  const until = readPauseEnd(page, reading, days, field(form, 'until'))
  if (until === undefined) return refused('date_refused')
  return afterLift(hub, page, await pauseByLink(hub, page.link, until), reading, {
    kind: 'paused',
    until: new Date(until),
  })
}

function ended(isEnded: boolean, kind: 'pause_ended' | 'less_ended'): ActDone {
  return isEnded ? done({ kind }) : refused('nothing_changed')
}

async function preferences(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const shown = readBoxes(page, fieldValues(form, 'shown'))
  const was = new Set(fieldValues(form, 'was'))
  const receive = new Set(fieldValues(form, 'receive'))
  const nameOfBox = ({ channel, topic }: GridBox) => `${channel}:${topic.id}`
  const boxes = {
    refused: shown.filter((box) => was.has(nameOfBox(box)) && !receive.has(nameOfBox(box))),
    wanted: shown.filter((box) => !was.has(nameOfBox(box)) && receive.has(nameOfBox(box))),
  }
  const result = await savePreferences(hub, page.link, boxes)
  const asked = await askLift(hub, page, result, reading)
  const isNothingDone = result.off.length === 0 && result.on.length === 0
  const isLifted = asked?.kind === 'lifted'
  if (asked !== undefined && asked.kind !== 'asked' && asked.kind !== 'lifted' && isNothingDone)
    return refused(noticeOf(asked))
  const change = (to: 'on' | 'off' | 'pending') => (box: GridBox) => ({
    topic: nameOf(box.topic, reading.language),
    channel: box.channel,
    to,
  })
  const changes = [
    ...result.off.map(change('off')),
    ...result.on.map(change('on')),
    ...(asked?.kind === 'asked' || isLifted ? result.pending.map(change(isLifted ? 'on' : 'pending')) : []),
  ]
  const nothingLeft = shown.length > 0 && shown.every((box) => !receive.has(nameOfBox(box)))
  const choiceIds = isLifted ? [...result.choiceIds, ...asked.choiceIds] : result.choiceIds
  return done({ kind: 'preferences_saved', changes, nothingLeft }, { ...result, choiceIds })
}

function readBoxes(page: PersonPage, values: readonly string[]): GridBox[] {
  return [...new Set(values)].flatMap((value) => {
    const [channelName, ...rest] = value.split(':')
    const channel = channels.find((known): known is Channel => known === channelName)
    const topic = page.topics.find(({ id }) => id === rest.join(':'))
    return channel === undefined || topic === undefined ? [] : [{ channel, topic }]
  })
}

async function details(hub: Hub, page: PersonPage, form: FormFields): Promise<ActDone> {
  const name = (field(form, 'name') ?? '').normalize('NFC').trim()
  if ([...name].length > nameCharsMax || /[\p{Cc}\p{Cs}]/u.test(name)) return refused('name_refused')
  const language = readLanguage(field(form, 'language'))
  if (name === '' && language === undefined) return refused('nothing_changed')
  const isSaved = await saveDetails(hub, page.person, { ...(name !== '' && { name }), ...(language && { language }) })
  if (!isSaved) return refused('nothing_changed')
  return field(form, 'from') === 'switch' ? { kind: 'show_page' } : done({ kind: 'details_saved' })
}

async function addContact(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const read = normaliseContactPoint({ type: 'email', value: field(form, 'email') ?? '' })
  if (read.kind !== 'ok') return refused('email_refused')
  const asked = await requestContactPoint(hub, page.link, read.contactPoint, reading.language)
  return asked.kind === 'asked' ? done({ kind: 'contact_point_added', masked: asked.masked }) : refused(noticeOf(asked))
}

async function removeContact(hub: Hub, page: PersonPage, form: FormFields): Promise<ActDone> {
  const reference = field(form, 'contact') ?? ''
  const waiting = page.pendingContacts.find((one) => one.reference === reference)
  if (waiting !== undefined && (await cancelRequest(hub, page.link, reference))) {
    return done({ kind: 'contact_point_removed', masked: waiting.masked })
  }
  const point = page.person.contactPoints.find(({ key }) => key === reference)
  if (typeof point?.value !== 'string' || !(await removeContactByLink(hub, page.link, reference)))
    return refused('nothing_changed')
  return done({
    kind: 'contact_point_removed',
    masked: maskContactPoint({ type: point.type, normalised: point.value }),
  })
}

/** GDPR art. 17(1)(c): who asks to be forgotten has objected; that holds before the confirmation is even sent. */
async function erase(hub: Hub, page: PersonPage, reading: Reading): Promise<ActDone> {
  const result = await stopByLink(hub, page.link, 'all', false)
  const asked = await requestErasure(hub, page.link, reading.language)
  // Without an address to confirm from, the stop is what holds, and the page says no more than that.
  return asked.kind === 'asked'
    ? done({ kind: 'erasure_asked', masked: asked.masked })
    : done({ kind: 'all_stopped' }, result)
}

async function undo(hub: Hub, page: PersonPage, form: FormFields): Promise<ActDone> {
  const ids = (field(form, 'choice') ?? '').split('.').filter(isUuid).slice(0, undoChoicesMax)
  return (await undoByLink(hub, page.link, ids)) ? done({ kind: 'undone' }) : refused('undo_too_late')
}
