import { contactPointTypes } from '@verzet/core'
import { z } from 'zod'
import type { FeedEvent } from '../../../services/follow-changes.ts'
import * as schemas from '../api/schemas.ts'

/** How an event is written. */
export type FeedFormat = {
  readonly contentType: string
  readonly takesLastEventId: boolean
  write(event: FeedEvent): string
}

/** A change goes to everybody who follows, as the same event: its line is made once. */
const changeTexts = new WeakMap<FeedEvent, string>()

/** One JSON object a line. */
export const ndjson: FeedFormat = {
  contentType: 'application/x-ndjson',
  takesLastEventId: false,
  write(event) {
    if (event.type !== 'change') return `${JSON.stringify(event)}\n`
    const known = changeTexts.get(event)
    if (known !== undefined) return known
    const text = `${JSON.stringify(event)}\n`
    changeTexts.set(event, text)
    return text
  },
}

/** Events named by their type, with the cursor as their id; a heartbeat is a comment, and its cursor comes with the next event. */
export const serverSentEvents: FeedFormat = {
  contentType: 'text/event-stream',
  takesLastEventId: true,
  write: (event) =>
    event.type === 'position'
      ? `: keep-alive\nevent: position\nid: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`
      : `event: ${event.type}\nid: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`,
}

const fingerprint = z.string().regex(/^[0-9a-f]{16}$/)
/** As the gate reads it: what `decide` takes. */
const record = z.looseObject({ groups: z.array(z.looseObject({})) })

export const feedEvent = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('standing'),
      contactPoint: z.strictObject({
        key: schemas.uuid,
        type: z.enum([...contactPointTypes, 'campaign']).meta({ description: '`campaign`: one that is held.' }),
      }),
      fingerprint,
      standing: record,
      position: schemas.position,
    }),
    z.strictObject({ type: z.literal('snapshot_end'), position: schemas.position }),
    z.strictObject({
      type: z.literal('change'),
      contactPoint: z.strictObject({ key: schemas.uuid }),
      fingerprint,
      standing: record.nullable(),
      recordedAt: schemas.moment,
      position: schemas.position,
    }),
    z.strictObject({ type: z.literal('position'), position: schemas.position }),
    z.strictObject({
      type: z.literal('error'),
      code: z.enum(['too_slow', 'unavailable', 'closing']),
      position: schemas.position,
    }),
  ])
  .meta({ id: 'FeedEvent' })
