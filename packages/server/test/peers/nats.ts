import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export type Nats = AsyncDisposable & {
  readonly url: string
  /** SIGKILL. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Notes what its disk holds; what comes after is not synced as far as `loseUnsynced` is concerned. */
  sync(): Promise<void>
  /** SIGKILL, and the disk as it was noted: what a machine that loses its power leaves. */
  loseUnsynced(): Promise<void>
}

const startWithinMs = 10_000

/** A nats-server with JetStream of the test's own; `config` is what its configuration file says beside that. */
export async function startNats(config = ''): Promise<Nats> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-nats-'))
  const store = join(directory, 'store')
  const synced = join(directory, 'synced')
  const port = await freePort()
  const configFile = join(directory, 'nats.conf')
  await writeFile(configFile, config)
  let child: ChildProcess | undefined
  const start = async () => {
    const given = ['-c', configFile, '-js', '-sd', store, '-a', '127.0.0.1', '-p', String(port)]
    child = spawn('nats-server', given, { stdio: 'ignore' })
    await answers(child, port)
  }
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    start,
    async sync() {
      await rm(synced, { recursive: true, force: true })
      await cp(store, synced, { recursive: true })
    },
    async loseUnsynced() {
      await kill()
      await rm(store, { recursive: true, force: true })
      await cp(synced, store, { recursive: true })
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  const giveUpAt = Date.now() + startWithinMs
  for (;;) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error('nats-server did not start')
    const socket = connect(port, '127.0.0.1')
    // It greets whoever connects, once it is ready.
    const isReady = await Promise.race([
      once(socket, 'data').then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(resolve, 500, false)),
    ])
    socket.destroy()
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
