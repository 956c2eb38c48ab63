import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from './run-cli.ts'

const command = fileURLToPath(new URL('../../bin/verzet.mjs', import.meta.url))
const hub = ['--hub', 'http://127.0.0.1:1', '--key', 'vz_none']
const question = { contactPoint: { type: 'email', value: 'jan@voorbeeld.be' }, channel: 'email', topic: 'news' }

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-sidecar-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [command, 'sidecar', ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })

/** What the command refuses, without a process for each. */
const run = async (...args: string[]) =>
  (await buildProgram('sidecar')).parseAsync(['node', 'verzet', 'sidecar', ...args])

describe('verzet sidecar', () => {
  it('answers where it was told to, denies while the hub is away, and ends with 0 when it is stopped', async () => {
    const socket = join(directory, 'gate.sock')
    const listen = ['--socket', socket, '--listen', '127.0.0.1:0', '--policy-listen', '[::1]:0', '--topic', 'news']
    const child = start(...hub, ...listen, '--json')
    const closed = once(child, 'close')
    const [line] = await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
    const ready = JSON.parse(line)
    expect(ready).toEqual({
      places: [`unix:${socket}`, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)],
      policy: expect.stringMatching(/^\[::1\]:\d+$/),
    })
    const client = createConnection(socket).setEncoding('utf8')
    client.write(`${JSON.stringify(question)}\n`)
    const [text] = await once(client, 'data')
    expect(JSON.parse(text)).toMatchObject({ decision: 'deny', reason: 'stale' })
    const answer = await fetch(`${ready.places[1]}/v1/gate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    })
    expect(await answer.json()).toMatchObject({ decision: 'deny', reason: 'stale' })
    child.kill('SIGTERM')
    expect(await closed).toEqual([0, null])
  })

  it('says how it is called', async () => {
    const cases: [string[], RegExp][] = [
      [hub, /--socket, --listen or --policy-listen/],
      [[...hub, '--listen', '0.0.0.0:8421'], /--listen takes a loopback address/],
      [[...hub, '--policy-listen', '127.0.0.1:0'], /--policy-listen needs --topic/],
      [['--hub', 'http://x', '--socket', 'x'], /--key or --key-file/],
      [[...hub, '--socket', 'x', '--nats', 'http://nats:4222'], /--nats takes an address like/],
      [['--hub', 'ftp://x', '--key', 'x', '--socket', 'x'], /--hub takes a web address/],
      [[...hub, '--socket', 'x', '--stale-after', '0'], /--stale-after takes/],
    ]
    for (const [args, says] of cases) await expect(run(...args)).rejects.toThrow(says)
  })

  it('takes its key from a file that nobody else reads', async () => {
    const file = join(directory, 'key')
    writeFileSync(file, 'vz_none\n', { mode: 0o644 })
    const args = ['--hub', 'http://127.0.0.1:1', '--key-file', file, '--socket', 'x.sock']
    await expect(run(...args)).rejects.toThrow('can be read by others')
  })
})
