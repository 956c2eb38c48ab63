import { uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { importRelations } from './import-relations.ts'
import { keyContactPoint } from './key-contact-point.ts'
import { type Mailing, mintLinkRows } from './mint-link-rows.ts'
import { openPathLink } from './open-link.ts'

const now = Date.UTC(2026, 10, 21)
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())

const key = (value: string) => {
  const named = keyContactPoint(hub.secrets, { type: 'email', value })
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

function mailing(): Mailing {
  const brand = hub.catalog.brand('acme')
  const topic = hub.catalog.topic('acme', 'news')
  if (brand === undefined || topic === undefined) throw new Error('the test hub has no such topic')
  return { brand, topic, campaignNumber: 0, channel: 'email', offered: ['all', 'topic'] }
}

it('makes links for whom the gate allows, in order, and none for the others', async () => {
  const yes = key('yes@x.be')
  const consent = { id: uuidV7(1, Buffer.alloc(10)), contactKey: yes.key, scope: {}, saidAt: now, source: 'form' }
  await importRelations(
    hub.db,
    { pepper: hub.secrets.pepper, random: hub.random },
    [{ contactPoints: [yes], consents: [consent] }],
    { basis: 'consent', actor: 'test', file: '' },
    now,
  )
  const rows = await mintLinkRows(hub, mailing(), [key('nobody@x.be'), yes, yes], { withRefused: false })
  expect(rows.map((row) => [row.decision.decision, row.links !== undefined])).toEqual([
    ['deny', false],
    ['allow', true],
    ['allow', true],
  ])
  const opened = openPathLink(hub.linkRing, hub.catalog, rows[1]?.links?.page.split('/').at(-1) ?? '')
  expect(opened?.claims).toMatchObject({ contactPointKey: yes.key, channel: 'email', offered: ['all', 'topic'] })
})

it('gives a refused one its links too when it is to be marked', async () => {
  const [row] = await mintLinkRows(hub, mailing(), [key('stranger@x.be')], { withRefused: true })
  expect(row?.decision).toMatchObject({ decision: 'deny', reason: 'no_basis' })
  expect(row?.links?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
})
