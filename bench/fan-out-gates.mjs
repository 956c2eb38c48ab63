// A process with some gates, started by fan-out.mjs. It tells when each of them refuses somebody it was told to watch.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../scripts/install.mjs'

const { url, key, gates: count, natsUrl } = JSON.parse(process.argv[2])
const about = { brand: 'bench', channel: 'email', topic: 'news' }
/** How often it is looked whether somebody watched is refused by now: what is measured is at most this much too long. */
const lookEveryMs = 2

async function loadGates() {
  // Beside the hub's bundle, where the packages of npm are found.
  const bundle = join(root, `packages/server/dist/fan-out-gates-${process.pid}.mjs`)
  await build({
    stdin: { contents: "export * from '@verzet/gate'; export * from '@verzet/gate-nats'", resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [
      {
        name: 'packages-inside',
        setup: (setup) =>
          setup.onResolve({ filter: /^@verzet\// }, ({ path }) => ({
            path: join(root, 'packages', path.slice('@verzet/'.length), 'src/index.ts'),
          })),
      },
    ],
    outfile: bundle,
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(bundle).href)
  } finally {
    rmSync(bundle, { force: true })
  }
}

const { createGate, natsFeed } = await loadGates()
const feed = natsUrl === undefined ? undefined : natsFeed({ url: natsUrl })
const errors = new Map()
const onError = ({ message, cause }) => {
  const text = cause === undefined ? message : `${message} (${cause.cause ?? cause})`
  errors.set(text, (errors.get(text) ?? 0) + 1)
}
const gates = Array.from({ length: count }, () => createGate({ url, key, onError, ...(feed && { feed }) }))
await Promise.all(gates.map((gate) => gate.ready))

/** By address, the gates that do not refuse it yet. */
const watched = new Map()
/** Where each gate stood when it was last asked: until it moves it says the same, and asking takes the time of the others. */
const askedAt = new Map()

process.on('message', ({ watch, end }) => {
  if (watch !== undefined) watched.set(watch, { waiting: new Set(gates), refusedAt: [] })
  if (end === true) {
    const { user, system } = process.cpuUsage(startedWith)
    const gaps = gates.reduce((sum, gate) => sum + gate.metrics().gaps, 0)
    process.send({ ended: { cpuMs: (user + system) / 1_000, gaps, errors: [...errors], unseen: watched.size } }, () =>
      process.exit(0),
    )
  }
})

setInterval(() => {
  const moved = new Set(gates.filter((gate) => askedAt.get(gate) !== gate.position))
  for (const gate of moved) askedAt.set(gate, gate.position)
  for (const [address, { waiting, refusedAt }] of watched) {
    for (const gate of waiting) {
      if (!moved.has(gate)) continue
      if (gate.decide({ type: 'email', value: address }, about).reason !== 'objection') continue
      waiting.delete(gate)
      // One clock for all processes of a machine.
      refusedAt.push(Number(process.hrtime.bigint() / 1_000n))
    }
    if (waiting.size > 0) continue
    watched.delete(address)
    process.send({ refused: { address, refusedAt } })
  }
}, lookEveryMs)
/** Making the bundle and loading the gates is not what is measured. */
const startedWith = process.cpuUsage()
process.send({ ready: true })
