import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeHub } from '../../src/entry/compose.ts'
import { readConfig } from '../../src/entry/config.ts'
import { addRelayCredential } from '../../src/services/relay-credentials.ts'
import { saveBrand } from '../../src/services/save-brand.ts'
import { saveTopic } from '../../src/services/save-topic.ts'
import { buildHub, makeDataDir, spawnHub } from '../end-to-end/hub-process.ts'
import { email, type Point, saveTestRelation, say } from '../people.ts'
import { freePort } from './free-port.ts'
import { type Inbox, startInbox } from './inbox.ts'
import { isMissing } from './missing.ts'
import type { Postfix } from './postfix.ts'
import { eventually, swaks } from './programs.ts'
import { startSender } from './relay-stage.ts'

type RunningHub = ReturnType<typeof spawnHub>

const domain = 'lezers.example'
const startWithinMs = 30_000
const readersPerRound = 150
/** Every so many readers one has said no. */
const refusedEvery = 6
/** Killed when so many have arrived: then others are under way. */
const arrivedBeforeKill = 12

describe.skipIf(isMissing('postfix', 'swaks'))('a relay or a next hop that is killed while mail passes', () => {
  let directory: Awaited<ReturnType<typeof makeDataDir>>
  let inbox: Inbox
  let sender: Postfix
  let hub: RunningHub
  let relayPort: number
  const readers: Point[] = []
  const refused = new Set<string>()

  /** A hub as an operator runs it, once it says that it is ready. */
  const start = async (): Promise<RunningHub> => {
    const running = spawnHub({
      dataDir: directory.path,
      env: {
        VERZET_RELAY_LISTEN: `127.0.0.1:${relayPort}`,
        VERZET_RELAY_NEXT_HOP: `smtp://127.0.0.1:${inbox.postfix.port}`,
      },
    })
    await eventually(
      async () => running.stdout(),
      (said) => said.includes('\n') || running.child.exitCode !== null,
      startWithinMs,
    )
    if (running.child.exitCode !== null) throw new Error(`the hub did not start: ${running.stderr()}`)
    return running
  }

  beforeAll(async () => {
    await buildHub()
    directory = await makeDataDir()
    relayPort = await freePort()
    inbox = await startInbox(domain)
    const signIn = await fill()
    sender = await startSender(relayPort, signIn, 'none')
    hub = await start()
  }, 180_000)
  afterAll(async () => {
    hub?.kill('SIGTERM')
    await hub?.ended
    for (const part of [sender, inbox, directory]) await part?.[Symbol.asyncDispose]()
  }, 60_000)

  /** People who may be written to and people who said no, in the database that the process will open. */
  async function fill() {
    await using made = await composeHub(readConfig({ data: directory.path }, {}))
    const brand = { id: 'acme', name: 'Acme', controller: 'Acme NV', country: 'BE', settings: {} }
    await saveBrand(made.db, made.catalog, brand, made.clock(), 'test')
    const topic = { brand: 'acme', id: 'news', purpose: 'marketing', names: { nl: 'Nieuws' } } as const
    await saveTopic(made.db, made.catalog, topic, made.clock(), 'test')
    for (let number = 0; number < 2 * readersPerRound; number++) {
      const reader = email(`lezer${number}@${domain}`)
      await saveTestRelation(made, `K-${number}`, [reader], { customerSince: '2024-01-01' })
      readers.push(reader)
      if (number % refusedEvery > 0) continue
      await say(made, reader, { kind: 'objection' })
      refused.add(reader.value)
    }
    const wish = { brand, topic: 'news', whenRefused: 'refuse', headersOnly: false, linksInService: false } as const
    const signIn = await addRelayCredential(made.db, wish, made.clock(), made.random)
    if (signIn.kind !== 'made') throw new Error('the name is taken')
    return { user: signIn.name, pass: signIn.password }
  }

  const sendAll = async (to: readonly Point[]) => {
    const names = to.map(({ value }) => value).join(',')
    await swaks('--server', `127.0.0.1:${sender.port}`, '--from', 'nieuws@acme.example', '--to', names)
  }
  const emptied = () =>
    eventually(
      async () => {
        await sender.flush()
        return sender.queued()
      },
      (count) => count === 0,
      90_000,
    )
  const allowed = (some: readonly Point[]) => some.map(({ value }) => value).filter((value) => !refused.has(value))
  const arrived = async () => (await inbox.delivered()).map(({ to }) => to)

  it('loses no mail and delivers none to whom said no, when the relay is killed', { timeout: 180_000 }, async () => {
    const some = readers.slice(0, readersPerRound)
    await sendAll(some)
    await eventually(
      () => inbox.count(),
      (count) => count >= arrivedBeforeKill,
    )
    hub.kill('SIGKILL')
    await hub.ended
    const before = await inbox.count()
    expect(before).toBeLessThan(allowed(some).length)
    hub = await start()
    await emptied()
    await eventually(
      () => inbox.count(),
      (count) => count >= allowed(some).length,
    )
    const names = await arrived()
    expect([...new Set(names)].toSorted()).toEqual(allowed(some).toSorted())
    // What the next hop had taken and the relay could no longer say comes twice; all others once.
    expect(names.length - new Set(names).size).toBeLessThanOrEqual(postfixConnections)
  })

  it('loses no mail and delivers none to whom said no, when the next hop is killed', { timeout: 180_000 }, async () => {
    const some = readers.slice(readersPerRound)
    const earlier = await inbox.count()
    await sendAll(some)
    await eventually(
      () => inbox.count(),
      (count) => count >= earlier + arrivedBeforeKill,
    )
    await inbox.postfix.stop()
    expect(await inbox.count()).toBeLessThan(earlier + allowed(some).length)
    await inbox.postfix.start()
    await emptied()
    await eventually(
      async () => new Set(await arrived()).size,
      (count) => count >= allowed(readers).length,
      30_000,
    )
    const names = await arrived()
    expect([...new Set(names)].toSorted()).toEqual(allowed(readers).toSorted())
    expect(names.filter((name) => refused.has(name))).toEqual([])
    expect(await sender.log()).not.toMatch(/status=bounced(?!.*5\.7\.1)/)
  })
})

/** What Postfix sends to one destination at a time by default; each may have had one mail under way. */
const postfixConnections = 20
