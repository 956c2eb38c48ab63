import { uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { askGate } from './ask-gate.ts'
import { importObjections, type ObjectionToImport } from './import-objections.ts'
import { importRelations } from './import-relations.ts'
import { keyContactPoint } from './key-contact-point.ts'

let clock = Date.UTC(2026, 10, 21)
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => clock })
})
afterAll(() => hub[Symbol.asyncDispose]())

const tools = () => ({ pepper: hub.secrets.pepper, random: hub.random })
const key = (type: 'email' | 'customer', value: string) => {
  const named = keyContactPoint(hub.secrets, { type, value })
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

function no(value: string, other: Partial<ObjectionToImport> = {}): ObjectionToImport {
  const keyed = key(value.includes('@') ? 'email' : 'customer', value)
  return { id: uuidV7(1, Buffer.from(keyed.key.slice(0, 10))), keyed, scope: {}, saidAt: null, ...other }
}

const bringIn = (...objections: ObjectionToImport[]) =>
  importObjections(hub.db, tools(), objections, 'test', clock, async () => {})

async function ask(address: string) {
  const question = {
    contactPoint: { type: 'email' as const, value: address },
    brand: 'acme',
    channel: 'email' as const,
    topic: 'news',
  }
  const [answer] = await askGate(hub.db, hub.catalog, hub.secrets, [question], clock)
  return `${answer?.decision} ${answer?.reason}`
}

async function agree(address: string) {
  clock += 1_000
  const { key: subjectKey } = key('email', address)
  const id = uuidV7(clock, hub.random(10))
  const words = { kind: 'consent' as const, scope: {}, author: 'person' as const, saidAt: clock }
  await hub.committer.record([
    {
      id,
      evidenceId: uuidV7(clock, hub.random(10)),
      subjectKey,
      words,
      context: { signal: 'test' },
      recordedAt: clock,
      actor: 'test',
    },
  ])
  clock += 1_000
}

describe('bringing in refusals', () => {
  it('keeps a no of somebody nobody knew', async () => {
    expect(await bringIn(no('stranger@x.be'))).toEqual({ recorded: 1, stoodAlready: 0, repeated: 0 })
    expect(await ask('stranger@x.be')).toBe('deny objection')
    expect((await findContactPoints(hub.db, [key('email', 'stranger@x.be').key])).size).toBe(1)
  })

  it('reaches the other addresses of a relation that is known', async () => {
    const relation = { keyed: key('customer', 'K1') }
    const contactPoints = [key('email', 'one@x.be'), key('email', 'two@x.be')]
    await importRelations(
      hub.db,
      tools(),
      [{ relation, contactPoints, consents: [] }],
      { basis: 'none', actor: 'test', file: '' },
      clock,
    )
    await bringIn(no('one@x.be'))
    expect(await ask('two@x.be')).toBe('deny objection')
    await bringIn(no('K2'))
    await importRelations(
      hub.db,
      tools(),
      [{ relation: { keyed: key('customer', 'K2') }, contactPoints: [key('email', 'k2@x.be')], consents: [] }],
      { basis: 'none', actor: 'test', file: '' },
      clock,
    )
    expect(await ask('k2@x.be')).toBe('deny objection')
  })

  it('records nothing where the same or a wider no stands', async () => {
    await bringIn(no('wide@x.be'))
    const narrow = no('wide@x.be', { id: uuidV7(2, Buffer.alloc(10, 1)), scope: { channel: 'email' } })
    expect(await bringIn(narrow)).toEqual({ recorded: 0, stoodAlready: 1, repeated: 0 })
  })

  it('leaves what the person said since when the same file comes again', async () => {
    await bringIn(no('back@x.be'))
    await agree('back@x.be')
    expect(await ask('back@x.be')).toBe('allow consent')
    expect(await bringIn(no('back@x.be'))).toEqual({ recorded: 0, stoodAlready: 0, repeated: 1 })
    expect(await ask('back@x.be')).toBe('allow consent')
  })

  it('lets a later consent of the person stand against a no dated before it', async () => {
    await bringIn(no('first@x.be', { id: uuidV7(3, Buffer.alloc(10, 2)), saidAt: clock - 1_000 }))
    await agree('first@x.be')
    await bringIn(no('first@x.be', { id: uuidV7(4, Buffer.alloc(10, 3)), saidAt: clock - 86_400_000 }))
    expect(await ask('first@x.be')).toBe('allow consent')
  })

  it('counts a no of unknown date from its arrival', async () => {
    await bringIn(no('unknown@x.be', { id: uuidV7(5, Buffer.alloc(10, 4)), saidAt: clock - 1_000 }))
    await agree('unknown@x.be')
    await bringIn(no('unknown@x.be', { id: uuidV7(6, Buffer.alloc(10, 5)) }))
    expect(await ask('unknown@x.be')).toBe('deny objection')
  })
})
