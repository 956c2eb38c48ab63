import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createGate, type Gate } from '@verzet/gate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addBrand,
  buildHub,
  call,
  cleanEnvironment,
  type HubProcess,
  makeDataDir,
  startHub,
} from '../end-to-end/hub-process.ts'
import { freePort } from '../peers/free-port.ts'

const refused = 300
const about = { brand: 'proef', channel: 'email', topic: 'nieuws' } as const
const person = (number: number) => ({ type: 'email' as const, value: `n${number}@voorbeeld.be` })

let dataDir: Awaited<ReturnType<typeof makeDataDir>>
let port: number
let hub: HubProcess

beforeAll(async () => {
  await buildHub()
  dataDir = await makeDataDir()
  port = await freePort()
  hub = await start()
  await addBrand(hub)
  for (let first = 0; first < refused; first += 30) {
    await Promise.all(
      Array.from({ length: 30 }, (_, offset) =>
        call(hub, 'POST', '/v1/choices', {
          contactPoint: person(first + offset),
          kind: 'objection',
          scope: {},
          author: 'person',
        }),
      ),
    )
  }
}, 120_000)
afterAll(async () => {
  await hub.stop()
  await dataDir[Symbol.asyncDispose]()
})

const start = () => startHub({ dataDir: dataDir.path, port, env: cleanEnvironment() })

/**
 * Passes bytes on between the gate and the hub. Once the feed was asked for and so many bytes of the answer went through,
 * `happen` is called; nothing of what comes after that goes through.
 */
async function openGap(afterBytes: number, happen: () => void) {
  const open = new Set<Socket>()
  let hasHappened = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    open.add(near).add(far)
    let isFeed = false
    let passed = 0
    near.on('data', (piece) => {
      isFeed ||= piece.includes('GET /v1/changes')
      far.write(piece)
    })
    far.on('data', (piece) => {
      if (!isFeed || hasHappened) {
        near.write(piece)
        return
      }
      near.write(piece.subarray(0, Math.max(0, afterBytes - passed)))
      passed += piece.length
      if (passed < afterBytes) return
      hasHappened = true
      happen()
      far.destroy()
      near.end()
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function reasons(gate: Gate): Set<string> {
  return new Set(Array.from({ length: refused }, (_, number) => gate.decide(person(number), about).reason))
}

describe('a hub that is killed in the middle of a snapshot', () => {
  it.each([700, 3_000])(
    'leaves a gate that denies, and loads everything once the hub is back: after %i bytes',
    async (bytes) => {
      let kill: Promise<unknown> | undefined
      await using gap = await openGap(bytes, () => {
        hub.kill('SIGKILL')
        kill = hub.ended
      })
      const errors: string[] = []
      const gate = createGate({
        url: gap.url,
        key: hub.ready.apiKey,
        onError: ({ message }) => void errors.push(message),
      })
      try {
        while (kill === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
        await kill
        // What came is not everything, and nothing of it is answered from.
        expect(reasons(gate)).toEqual(new Set(['stale']))
        hub = await start()
        await gate.ready
        expect(reasons(gate)).toEqual(new Set(['objection']))
        expect(gate.decide(person(refused), about).decision).toBe('deny')
        expect(gate.metrics().entries).toBe(refused)
        expect(errors.length).toBeGreaterThan(0)
      } finally {
        await gate.close()
      }
    },
    60_000,
  )
})
