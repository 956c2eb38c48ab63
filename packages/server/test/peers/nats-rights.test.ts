import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NatsLink, natsNames, openPublished } from '@verzet/gate-nats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { natsStream } from '../../src/adapters/nats/nats-stream.ts'
import { repository } from '../end-to-end/hub-process.ts'
import { isMissing } from './missing.ts'
import { type Nats, startNats } from './nats.ts'

const names = natsNames()

/** What the operator's page says to write, with passwords. */
function documentedRights(): string {
  const page = readFileSync(join(repository, 'docs/operate/fan-out.md'), 'utf8')
  const block = /```\n(authorization \{[\s\S]*?)```/.exec(page)?.[1] ?? ''
  return block.replace('$HUB', 'hub-password').replace('$GATE', 'gate-password')
}

describe.skipIf(isMissing('nats-server'))('the rights that the operator’s page gives', () => {
  let nats: Nats
  let hub: NatsLink
  let gate: NatsLink

  beforeAll(async () => {
    nats = await startNats(documentedRights())
    const as = (user: string) => new NatsLink({ url: nats.url.replace('//', `//${user}:${user}-password@`) }, 'test')
    hub = as('hub')
    gate = as('gate')
  })
  afterAll(async () => {
    await hub[Symbol.asyncDispose]()
    await gate[Symbol.asyncDispose]()
    await nats[Symbol.asyncDispose]()
  })

  it('let the hub publish and a gate read, and nobody else connect', async () => {
    const stream = natsStream(hub, names)
    expect(await stream.end()).toEqual({ sequence: 0, position: undefined })
    const stop = new AbortController()
    const lines: string[] = []
    const published = await openPublished(await gate.connection(), names, stop.signal)
    const reading = (async () => {
      for await (const some of published) lines.push(...some)
    })()
    await stream.append([{ partition: 3, seq: 1n, text: '{"type":"change"}' }], 0)
    await expect.poll(() => lines).toEqual(['{"type":"change"}'])
    await stream.announce('{"type":"position"}')
    await expect.poll(() => lines).toHaveLength(2)
    stop.abort()
    await reading
    const stranger = new NatsLink({ url: nats.url }, 'test')
    await expect(stranger.connection()).rejects.toThrow()
    await stranger[Symbol.asyncDispose]()
  })

  it('keep a gate from publishing anything that others believe', async () => {
    const stream = natsStream(hub, names)
    const before = await stream.end()
    const connection = await gate.connection()
    for (const subject of [names.changesOf(0), names.position, names.committed]) connection.publish(subject, '{}')
    await connection.flush()
    await expect(natsStream(gate, names).empty()).rejects.toThrow()
    expect((await stream.end()).sequence).toBe(before.sequence)
  })
})
