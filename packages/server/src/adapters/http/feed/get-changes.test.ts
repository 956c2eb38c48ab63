import { once } from 'node:events'
import { connect } from 'node:net'
import { type Standing, uuidV7 } from '@verzet/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import type { ChoiceToRecord } from '../../../services/record-choices.ts'

let api: TestApi
let origin: string
beforeEach(async () => {
  api = await createTestApi()
  origin = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(async () => api[Symbol.asyncDispose]())

type Line = {
  type: string
  position: string
  code?: string
  contactPoint?: { key: string }
  standing?: Standing | null
  fingerprint?: string
}

/** Reads NDJSON lines of a stream, until `until` says that it is enough or the stream ends. */
async function read(
  path: string,
  until: (lines: Line[]) => boolean = () => false,
  signal?: AbortSignal,
): Promise<Line[]> {
  const stop = new AbortController()
  const response = await fetch(`${origin}${path}`, {
    headers: { authorization: `Bearer ${api.key}` },
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
  })
  expect(response.status).toBe(200)
  const lines: Line[] = []
  let rest = ''
  try {
    for await (const chunk of response.body ?? []) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts.map((part): Line => JSON.parse(part)))
      if (until(lines)) break
    }
  } finally {
    stop.abort()
  }
  return lines
}

/** As many objections by e-mail, each of another person unless the numbers come again. */
function objections(numbers: number[]): ChoiceToRecord[] {
  return numbers.map((number) => {
    const named = keyContactPoint(api.hub.secrets, { type: 'email', value: `n${number}@voorbeeld.be` })
    if (named.kind !== 'ok') throw new Error('unreachable')
    const { keyed } = named
    const recordedAt = Date.now()
    return {
      id: uuidV7(recordedAt, api.hub.random(10)),
      evidenceId: uuidV7(recordedAt, api.hub.random(10)),
      subjectKey: keyed.key,
      subject: { type: 'email', value: keyed.contactPoint.normalised, fingerprint: keyed.fingerprint },
      words: {
        kind: 'objection',
        scope: number % 3 === 0 ? {} : { topic: `t${number % 5}` },
        author: 'person',
        saidAt: recordedAt,
      },
      context: { signal: 'api' },
      recordedAt,
      actor: 'test',
    }
  })
}

function signalOnce() {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { give, given }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const write = (numbers: number[]) => api.hub.committer.record(objections(numbers))

async function storedStandings(): Promise<Map<string, Standing>> {
  const rows = await api.hub.db.query<{ key: string; record: Standing }>(
    'select contact_key as key, record from standings',
  )
  return new Map(rows.filter(({ record }) => record.groups.length > 0).map(({ key, record }) => [key, record]))
}

function apply(copy: Map<string, Standing>, lines: readonly Line[]): void {
  for (const { type, contactPoint, standing } of lines) {
    if (contactPoint === undefined || (type !== 'standing' && type !== 'change')) continue
    if (standing) copy.set(contactPoint.key, standing)
    else copy.delete(contactPoint.key)
  }
}

describe('the feed', () => {
  it('sends a snapshot, its end, and that it is up to date, as the document describes', async () => {
    await write(range(30))
    const answer = await api.ask('GET', '/v1/changes?follow=false')
    expect(answer.status).toBe(200)
    const lines = answer.text
      .trim()
      .split('\n')
      .map((line): Line => JSON.parse(line))
    expect(lines.map((line) => line.type)).toEqual([...range(30).map(() => 'standing'), 'snapshot_end', 'position'])
    expect(lines[0]?.fingerprint).toMatch(/^[0-9a-f]{16}$/)
    const copy = new Map<string, Standing>()
    apply(copy, lines)
    expect(copy).toEqual(await storedStandings())
  })

  it('goes on with every change in the order of commits, without a gap, soon after the commit', async () => {
    const following = read('/v1/changes', (lines) => lines.filter((line) => line.type === 'change').length >= 200)
    await expect.poll(() => api.hub.db.query(`select 1 from partitions where last_seq > 0`)).toEqual([])
    for (const number of range(200)) await write([number % 50])
    const lines = await following
    const copy = new Map<string, Standing>()
    apply(copy, lines)
    expect(copy).toEqual(await storedStandings())
  })

  it('tells a follower of a commit of its own process within a tenth of a second', async () => {
    let heardAt = 0
    const upToDate = signalOnce()
    const following = read('/v1/changes', (lines) => {
      if (lines.some((line) => line.type === 'position')) upToDate.give()
      heardAt = performance.now()
      return lines.some((line) => line.type === 'change')
    })
    await upToDate.given
    await write([1])
    const committedAt = performance.now()
    await following
    expect(heardAt - committedAt).toBeLessThan(100)
  })

  it('ends in the same state from wherever a reader comes back', async () => {
    await write(range(200))
    const copy = new Map<string, Standing>()
    let cursor: string | undefined
    const writing = (async () => {
      for (const round of range(30)) await write(range(10).map((number) => (round * 7 + number * 13) % 230))
    })()
    for (const round of range(25)) {
      const taken = 1 + ((round * 37) % 60)
      const path: string = cursor === undefined ? '/v1/changes' : `/v1/changes?after=${cursor}`
      // Every third reader ends by itself; the others are torn off after some lines, and forget what came behind them.
      const lines =
        round % 3 === 0
          ? await read(`${path}${cursor === undefined ? '?' : '&'}follow=false`)
          : await read(path, (all) => all.length >= 1)
      const kept = lines.slice(0, taken)
      apply(copy, kept)
      cursor = kept.at(-1)?.position ?? cursor
    }
    await writing
    apply(copy, await read(`/v1/changes?after=${cursor}&follow=false`))
    expect(copy).toEqual(await storedStandings())
  })

  it('speaks server-sent events, and takes Last-Event-ID', async () => {
    await write([1])
    const sse = (id?: string) =>
      api.ask('GET', '/v1/changes?follow=false', {
        headers: { accept: 'text/event-stream', ...(id !== undefined && { 'last-event-id': id }) },
      })
    const first = await sse()
    expect(first.headers['content-type']).toBe('text/event-stream')
    const events = first.text.split('\n\n').filter((event) => event !== '')
    expect(events.map((event) => /^event: (\w+)$/m.exec(event)?.[1])).toEqual(['standing', 'snapshot_end', 'position'])
    const id = /^id: (.+)$/m.exec(events[1] ?? '')?.[1]
    await write([2])
    expect((await sse(id)).text).toMatch(/^event: change\n/)
  })

  it('refuses what is no cursor, no format and no flag', async () => {
    const bad = await api.ask('GET', '/v1/changes?after=nonsense')
    expect([bad.status, at(bad.body, 'errors', 0, 'field')]).toEqual([400, 'after'])
    expect((await api.ask('GET', '/v1/changes', { headers: { accept: 'text/html' } })).status).toBe(406)
    expect((await api.ask('GET', '/v1/changes?follow=maybe')).status).toBe(400)
    expect((await api.ask('GET', '/v1/changes?since=1')).status).toBe(400)
    expect((await api.ask('GET', '/v1/changes', { key: await api.keyFor('gate:read') })).status).toBe(403)
  })

  it('answers 503 when the database is gone before the first line', async () => {
    await api.ask('GET', '/v1/changes?follow=false')
    await api.hub.db.pool.end()
    expect((await api.ask('GET', '/v1/changes?follow=false')).status).toBe(503)
  })
})

describe('a follower', () => {
  it('that reads nothing does not keep the hub from closing', async () => {
    await write(range(3_000))
    const deaf = connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {})
    deaf.write(`GET /v1/changes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\n\r\n`)
    // Asked what there is, it takes one bufferful; nobody takes that from it.
    await once(deaf, 'readable')
    const startedAt = performance.now()
    await api.app.close()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    deaf.destroy()
  })

  it('is told when the hub closes, and its stream ends', async () => {
    const upToDate = signalOnce()
    const following = read('/v1/changes', (lines) => {
      if (lines.some((line) => line.type === 'position')) upToDate.give()
      return false
    })
    await upToDate.given
    await api.app.close()
    const last = (await following).at(-1)
    expect([last?.type, last?.code]).toEqual(['error', 'closing'])
  })
})
