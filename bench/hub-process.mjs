// Starts the real hub, as built, in a data directory of its own, and fills it through its own command line.
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const bundle = fileURLToPath(new URL('../packages/server/dist/verzet.mjs', import.meta.url))

export function makeDataDir() {
  const dataDir = mkdtempSync(join(tmpdir(), 'verzet-bench-'))
  return {
    dataDir,
    remove() {
      // Where the hub runs as root its cluster lies elsewhere, and this is a link to it.
      const cluster = join(dataDir, 'postgres')
      if (existsSync(cluster)) rmSync(dirname(realpathSync(cluster)), { recursive: true, force: true })
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The hub ready to serve, with what it said of itself. */
export async function startHub(dataDir, args = ['serve'], env = {}) {
  const child = spawn(process.execPath, [bundle, ...args, '--json', '--port', '0', '--data', dataDir], {
    env: { ...process.env, VERZET_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const [line] = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', (text) => resolve([text]))),
    exited.then((code) => {
      throw new Error(`the hub ended with ${code} before it was ready`)
    }),
  ])
  const ready = JSON.parse(line)
  return {
    ...ready,
    port: Number(new URL(ready.url).port),
    child,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

export async function runVerzet(dataDir, args) {
  const child = spawn(process.execPath, [bundle, ...args, '--data', dataDir], { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = async (stream) => {
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  }
  const [out, error, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((r) => child.once('exit', r)),
  ])
  if (code !== 0) throw new Error(`verzet ${args[0]} ended with ${code}: ${error.slice(-2000)}`)
  return out
}

/** `count` people with an address and a number each. */
export async function writePeople(path, count) {
  const out = createWriteStream(path)
  out.write('id,email,phone,language\n')
  for (let index = 0; index < count; index += 1) {
    const phone = `+3247${String(index % 10_000_000).padStart(7, '0')}`
    const line = `K-${index},person${index}@mail${index % 97}.example.be,${phone},${index % 2 ? 'nl' : 'fr'}\n`
    if (!out.write(line)) await new Promise((resolve) => out.once('drain', resolve))
  }
  await new Promise((resolve) => out.end(resolve))
}

/** One column of a CSV without quoted commas in the columns before it. */
export async function readColumn(path, name) {
  const lines = createInterface({ input: createReadStream(path) })
  const values = []
  let column = -1
  for await (const line of lines) {
    const cells = line.split(',')
    if (column < 0) column = cells.indexOf(name)
    else values.push(cells[column])
  }
  return values
}

export async function describeMachine() {
  const cpu = (await readFile('/proc/cpuinfo', 'utf8').catch(() => '')).match(/model name\s*: (.*)/)?.[1] ?? 'unknown'
  const { availableParallelism, totalmem, release } = await import('node:os')
  return `${availableParallelism()} cores of ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`
}
