import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSidecarMetrics } from '../../src/adapters/sidecar/sidecar-metrics.ts'
import { startSidecarServer } from '../../src/adapters/sidecar/sidecar-server.ts'
import { casePosition, openCases } from '../../src/adapters/sidecar/testing/case-gate.ts'
import { isMissing } from './missing.ts'

const { gate, cases } = openCases()
const clientDirectory = (name: string) => fileURLToPath(new URL(`../../../../clients/${name}/`, import.meta.url))
const [first] = cases
if (first === undefined) throw new Error('there are no cases')

let directory: string
let path: string
let opened: AsyncDisposable | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-clients-'))
  path = join(directory, 'gate.sock')
})
afterEach(async () => {
  await opened?.[Symbol.asyncDispose]()
  opened = undefined
  rmSync(directory, { recursive: true, force: true })
})

/** A sidecar that says the same to everybody, or nothing, or goes. */
async function startStrange(answer: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket)))
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  server.listen(path)
  await once(server, 'listening')
  opened = {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const clients = [
  { name: 'python', program: 'python3', script: 'conformance.py' },
  { name: 'php', program: 'php', script: 'conformance.php' },
]

/** Names that Python writes its own way. */
const namesInPython: Readonly<Record<string, string>> = { choice_id: 'choiceId', rule_pack: 'rulePack' }

describe.each(clients)('the client for $name', ({ name, program, script }) => {
  async function ask(questions: readonly object[], address = `unix:${path}`): Promise<unknown[]> {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
    const child = spawn(program, [script, address], {
      cwd: clientDirectory(name),
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text
    })
    child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''))
    expect(await once(child, 'close')).toEqual([0, null])
    const found = out.trim().split('\n')
    return found.map((line) => {
      const decision: Record<string, unknown> = JSON.parse(line)
      return Object.fromEntries(Object.entries(decision).map(([key, value]) => [namesInPython[key] ?? key, value]))
    })
  }
  const isAway = isMissing(program)

  it.skipIf(isAway)('gives the answer of every decision case, asked and claimed, by socket and by port', async () => {
    const parts = { gate, metrics: createSidecarMetrics(gate), version: '0' }
    opened = await startSidecarServer(parts, { path })
    const questions = cases.map(({ question }, index) => ({ ...question, ...(index % 2 === 0 && { claim: true }) }))
    const expected = cases.map((one) => ({ ...one.expected, position: casePosition }))
    expect(await ask(questions)).toEqual(expected)
    await using loopback = await startSidecarServer(parts, { host: '127.0.0.1', port: 0 })
    expect(await ask(questions, `127.0.0.1:${loopback.port}`)).toEqual(expected)
  })

  it.skipIf(isAway)('denies without a sidecar, and where it is silent, goes away or talks nonsense', async () => {
    const unreachable = { decision: 'deny', reason: 'unreachable' }
    expect(await ask([first.question, first.question])).toEqual([unreachable, unreachable])
    for (const answer of [
      () => {},
      (socket: Socket) => void socket.destroy(),
      (socket: Socket) => void socket.end('{"decision":"allow"'),
      (socket: Socket) => void socket.write('yes\n'),
    ]) {
      await startStrange(answer)
      expect(await ask([first.question])).toEqual([unreachable])
      await opened?.[Symbol.asyncDispose]()
    }
    await startStrange((socket) => void socket.write('{"code":"invalid_request","status":400}\n'))
    expect(await ask([first.question])).toEqual([{ decision: 'deny', reason: 'refused', problem: 'invalid_request' }])
  })
})
