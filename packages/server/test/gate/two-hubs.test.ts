import { decodePosition, encodePosition, partitionOf } from '@verzet/core'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createHttpServer } from '../../src/adapters/http/server.ts'
import { ChoiceCommitter } from '../../src/services/choice-committer.ts'
import type { Hub } from '../../src/services/hub.ts'
import { changesAfter, lastSequence } from '../../src/storage/changes.ts'
import { type Database, openDatabase } from '../../src/storage/database.ts'
import { createTestApi, type TestApi } from '../api.ts'
import { email, spoken } from '../people.ts'

const line = z.looseObject({
  type: z.string(),
  contactPoint: z.looseObject({ key: z.string() }).optional(),
  position: z.string(),
})
type Line = z.infer<typeof line>

/** Two hubs as two machines run them: what they have in common is the database and the secrets. */
let first: TestApi
let second: { hub: Hub; app: FastifyInstance; db: Database; recording: Database }
let urls: readonly string[]

beforeAll(async () => {
  first = await createTestApi()
  const { connectionString } = first.hub.testDatabase
  const db = await openDatabase({ connectionString, poolSize: 6 })
  const recording = await openDatabase({ connectionString, poolSize: 2, pipeline: true })
  const committer = new ChoiceCommitter(recording, first.hub.secrets.pepper)
  const hub = { ...first.hub, db, committer }
  second = { hub, app: await createHttpServer(hub, { logger: false, version: '0.0.0' }), db, recording }
  const apps = [first.app, second.app]
  urls = await Promise.all(apps.map((app) => app.listen({ host: '127.0.0.1', port: 0 })))
})
afterAll(async () => {
  second.app.server.closeAllConnections()
  await second.app.close()
  await second.hub.committer[Symbol.asyncDispose]()
  await second.recording[Symbol.asyncDispose]()
  await second.db[Symbol.asyncDispose]()
  first.app.server.closeAllConnections()
  await first[Symbol.asyncDispose]()
})

async function object(hub: Hub, names: readonly number[]): Promise<void> {
  await hub.committer.record(
    names.map((name) =>
      spoken(hub, email(`n${name}@voorbeeld.be`), { kind: 'objection', scope: { topic: `t${name}` } }),
    ),
  )
}

/** As many lines as are taken, and no more once it is up to date, before the follower goes elsewhere; the rest is never seen by it. */
async function take(url: string, after: string, count: number): Promise<Line[]> {
  const stop = new AbortController()

  const response = await fetch(`${url}/v1/changes?after=${after}`, {
    headers: { authorization: `Bearer ${first.key}` },
    signal: stop.signal,
  })
  expect(response.status).toBe(200)
  const taken: Line[] = []
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const piece of response.body ?? []) {
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        taken.push(line.parse(JSON.parse(part)))
        if (taken.length >= count || (taken.at(-1)?.type === 'position' && count > 2)) return taken
      }
    }
  } finally {
    stop.abort()
  }
  return taken
}

describe('two hubs on one database', () => {
  it('serve one feed: a follower that moves between them gets every change once and in order', async () => {
    const from = await lastSequence(first.hub.db)
    let isWriting = true
    const writing = (async () => {
      for (let round = 0; round < 60; round += 1) {
        const names = Array.from({ length: 8 }, (_, index) => (round * 31 + index * 7) % 90)
        await Promise.all([object(first.hub, names.slice(0, 5)), object(second.hub, names.slice(3))])
      }
      isWriting = false
    })()
    const last = [...from]
    const seen: string[] = []
    let cursor = encodePosition({ last: from })
    for (let turn = 0; ; turn += 1) {
      const isLast = !isWriting
      const lines = await take(urls[turn % 2] ?? '', cursor, 3 + ((turn * 17) % 23))
      for (const { type, contactPoint, position } of lines) {
        cursor = position
        if (type !== 'change' || contactPoint === undefined) continue
        const partition = partitionOf(contactPoint.key)
        const number = decodePosition(position)?.last[partition] ?? 0n
        expect(number, `turn ${turn}`).toBe((last[partition] ?? 0n) + 1n)
        last[partition] = number
        seen.push(`${partition}.${number}`)
      }
      if (isLast && lines.at(-1)?.type === 'position') break
    }
    await writing
    const all = await changesAfter(
      first.hub.db,
      from.map((number, partition) => ({ partition, last: number })),
      10_000,
    )
    expect(all.length).toBeGreaterThan(400)
    expect(seen.toSorted()).toEqual(all.map(({ partition, seq }) => `${partition}.${seq}`).toSorted())
    expect(last).toEqual(await lastSequence(second.hub.db))
  }, 60_000)

  it('tell the followers of one within a second of what the other commits', async () => {
    const before = await fetch(`${urls[0]}/v1/changes?follow=false`, {
      headers: { authorization: `Bearer ${first.key}` },
    })
    const cursor = line.parse(JSON.parse((await before.text()).trim().split('\n').at(-1) ?? '')).position
    // It is up to date, and waits.
    const waiting = take(urls[0] ?? '', cursor, 2)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const saidAt = performance.now()
    await object(second.hub, [1_000])
    expect((await waiting).map(({ type }) => type)).toEqual(['position', 'change'])
    expect(performance.now() - saidAt).toBeLessThan(1_000)
  })
})
