/**
 * What docs/scale.md says, computed again: `node bench/simulate-scale.mjs [--points 1000000,100000000,1000000000]
 * [--gates 1,100,10000] [--noes 1000] [--fan-out 100] [--seconds 10] [--from cold-start.json,gate-index.json] [--json]`.
 *
 * `--from` takes what `cold-start.mjs --json` and `gate-index.mjs --json` wrote, and puts its numbers in the place of those
 * below. What a follower costs is measured here, in a second: lines written to sockets of this machine. Everything else is
 * arithmetic, and a simulation of changes that travel from a hub to its gates, straight or through relays.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '1000000,10000000,100000000,1000000000' },
    gates: { type: 'string', default: '1,100,10000' },
    noes: { type: 'string', default: '1000' },
    'fan-out': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    'network-ms': { type: 'string', default: '0.5' },
    'link-gigabits': { type: 'string', default: '10' },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
    sink: { type: 'boolean', default: false },
  },
})
const [noes, fanOut, seconds] = [values.noes, values['fan-out'], values.seconds].map(Number)
const numbers = (text) => text.split(',').map(Number)

/** A change as the feed writes it. */
const line = `${JSON.stringify({
  type: 'change',
  contactPoint: { key: 'b89d378f-9b34-f693-925d-26e36e169d66' },
  fingerprint: '4d8396ef3d2c34ad',
  standing: {
    groups: [
      {
        items: [{ at: 1795315223936, id: '01a20120-4d80-7cea-aa5f-27c3428404f5', kind: 'objection', scope: {} }],
        relation: null,
      },
    ],
  },
  recordedAt: '2026-11-22T02:40:23.936Z',
  position: 'A'.repeat(100),
})}\n`

/** By entry: what the gate holds, what travels, what is saved; and how fast. Measured at 2 and 10 million, 90 of 100 refusals. */
const measured = {
  bytesInGate: 18.5,
  bytesInGateWithIds: 50.5,
  bytesOnTheWay: 8.4,
  bytesOnTheWayWithIds: 22.8,
  /** A table whose pages are half kept free for changes. */
  bytesInDatabase: 512,
  loadSecondsPerMillion: 0.29,
  fileSecondsPerMillion: 0.087,
  firstSecondsPerMillion: 0.95,
  lineBytes: line.length,
}

if (values.sink) runSink()
else await main()

async function main() {
  for (const path of values.from?.split(',') ?? []) takeNumbers(JSON.parse(readFileSync(path, 'utf8')))
  const costs = await measureFollower()
  const sizes = numbers(values.points).flatMap((points) => numbers(values.gates).map((gates) => sizeOf(points, gates)))
  const travels = numbers(values.gates).flatMap((gates) => {
    const straight = simulate({ gates, levels: [gates], ...costs })
    if (gates <= fanOut) return [straight]
    return [straight, simulate({ gates, levels: [Math.ceil(gates / fanOut), fanOut], ...costs })]
  })
  if (values.json) console.log(JSON.stringify({ measured, costs, noes, sizes, travels }, null, 2))
  else print(costs, sizes, travels)
}

/** The bench files name their rows; the largest index says most. */
function takeNumbers({ results }) {
  const largest = Math.max(...results.map((row) => row.entries))
  const find = (text) => results.find((row) => row.entries === largest && row.name.includes(text))
  const take = (name, text, read) => {
    const row = find(text)
    if (row !== undefined) measured[name] = read(row)
  }
  const perMillion = (row) => row.seconds / (row.entries / 1e6)
  take('bytesInGate', 'next gate, without', (row) => row.bytesPerEntry)
  take('bytesInGateWithIds', 'next gate, with choice', (row) => row.bytesPerEntry)
  take('loadSecondsPerMillion', 'next gate, without', perMillion)
  take('firstSecondsPerMillion', 'first gate, without', perMillion)
  take('fileSecondsPerMillion', 'snapshot file, without', perMillion)
}

function sizeOf(points, gates) {
  const millions = points / 1e6
  const linkBytes = (Number(values['link-gigabits']) * 1e9) / 8
  // All gates at once, as after a break of everything: each has to get the bytes, the hub has to send them all.
  const sending = (points * measured.bytesOnTheWay * gates) / linkBytes
  return {
    points,
    gates,
    gateGigabytes: (points * measured.bytesInGate) / 1e9,
    gateGigabytesWithIds: (points * measured.bytesInGateWithIds) / 1e9,
    databaseGigabytes: (points * measured.bytesInDatabase) / 1e9,
    snapshotGigabytes: (points * measured.bytesOnTheWay) / 1e9,
    feedMegabytesPerSecond: (noes * gates * measured.lineBytes) / 1e6,
    fromFileSeconds: millions * measured.fileSecondsPerMillion,
    nextGateSeconds: millions * measured.loadSecondsPerMillion,
    // A gate takes in what comes while the hub still reads.
    firstGateSeconds: millions * Math.max(measured.firstSecondsPerMillion, measured.loadSecondsPerMillion),
    allAtOnceSeconds: Math.max(sending, millions * measured.firstSecondsPerMillion),
  }
}

/**
 * Changes come at random. Each node hands what has come to its children, one child after the other, and begins again with
 * what came meanwhile: the busier it is, the more goes at once. A relay does the same with what it is handed.
 */
function simulate({ gates, levels, wakeUs, lineUs: ownUs }) {
  // A line is not on its way before its last byte is, however little the processor had to do.
  const lineUs = Math.max(ownUs, (measured.lineBytes * 8) / (Number(values['link-gigabits']) * 1e3))
  const random = makeRandom(gates + levels.length)
  const commits = []
  for (let at = 0; at < seconds * 1e6; ) {
    at += (-Math.log(1 - random()) * 1e6) / noes
    commits.push({ at, from: at })
  }
  const lagsUs = []
  let busyPart = 0
  // All nodes of a level are alike: the one in the middle and the last are followed, as what comes late stays late.
  const follow = (arrivals, depth) => {
    const children = levels[depth]
    const { batches, busyUs } = serve(arrivals, children * wakeUs, children * lineUs)
    if (depth === 0) busyPart = busyUs / (seconds * 1e6)
    for (const place of new Set([0.5, 1])) {
      const received = batches.flatMap(({ start, each, items }) =>
        items.map(({ from }) => ({ at: start + place * each + Number(values['network-ms']) * 1e3, from })),
      )
      if (depth + 1 < levels.length) follow(received, depth + 1)
      else for (const { at, from } of received) lagsUs.push(at - from)
    }
  }
  follow(commits, 0)
  lagsUs.sort((one, other) => one - other)
  const part = (share) => (lagsUs[Math.min(lagsUs.length - 1, Math.floor(share * lagsUs.length))] ?? 0) / 1e3
  return { gates, levels, p50Ms: part(0.5), p99Ms: part(0.99), maxMs: part(1), busyPart }
}

function serve(arrivals, perBatchUs, perItemUs) {
  const batches = []
  let busyUs = 0
  let free = 0
  for (let next = 0; next < arrivals.length; ) {
    const start = Math.max(free, arrivals[next].at)
    const items = []
    while (next < arrivals.length && arrivals[next].at <= start) items.push(arrivals[next++])
    const each = perBatchUs + items.length * perItemUs
    batches.push({ start, each, items })
    busyUs += each
    free = start + each
  }
  return { batches, busyUs }
}

/** The same numbers for the same seed (Marsaglia, 2003). */
function makeRandom(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 4_294_967_296
  }
}

/** Processor time of writing to a follower: once each time, and for each line. */
async function measureFollower() {
  const sink = spawn(process.execPath, [fileURLToPath(import.meta.url), '--sink'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(sink.stdout, 'data')
  const sockets = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const write = async (lines, rounds) => {
    const before = process.cpuUsage()
    for (let round = 0; round < rounds; round += 1) {
      for (const socket of sockets) socket.write(line.repeat(lines))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { user, system } = process.cpuUsage(before)
    await Promise.all(sockets.map((socket) => (socket.writableLength > 0 ? once(socket, 'drain') : undefined)))
    return (user + system) / (rounds * sockets.length)
  }
  await write(1, 50)
  const [one, many] = [await write(1, 300), await write(50, 30)]
  for (const socket of sockets) socket.destroy()
  sink.kill()
  const lineUs = Math.max(0.05, (many - one) / 49)
  return { wakeUs: Math.max(1, one - lineUs), lineUs }
}

function runSink() {
  import('node:net').then(({ createServer }) => {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)))
  })
}

function print({ wakeUs, lineUs }, sizes, travels) {
  console.log(`A follower costs ${wakeUs.toFixed(1)} µs of processor time each time it is written to, and`)
  console.log(
    `${lineUs.toFixed(2)} µs for each line of ${measured.lineBytes} bytes (measured here). ${noes} noes a second.\n`,
  )
  console.log(
    '| contact points | gates | gate, GB | with ids, GB | database, GB | snapshot, GB | feed, MB/s | from file, s | next gate, s | first gate, s | all at once, s |',
  )
  console.log(`|${'---:|'.repeat(11)}`)
  for (const row of sizes) {
    const { points, gates, ...rest } = row
    const figures = Object.values(rest).map((figure) =>
      figure >= 100 ? Math.round(figure) : Number(figure.toPrecision(2)),
    )
    console.log(`| ${[points, gates, ...figures].map((figure) => figure.toLocaleString('en')).join(' | ')} |`)
  }
  console.log('\n| gates | way | p50, ms | p99, ms | longest, ms | first node busy |\n|---:|---|---:|---:|---:|---:|')
  for (const { gates, levels, p50Ms, p99Ms, maxMs, busyPart } of travels) {
    const way = levels.length === 1 ? 'straight' : `${levels[0]} relays of ${levels[1]}`
    const busy = busyPart > 1 ? 'cannot keep up' : `${Math.round(busyPart * 100)} %`
    console.log(
      `| ${gates.toLocaleString('en')} | ${way} | ${[p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1)).join(' | ')} | ${busy} |`,
    )
  }
}
