#!/usr/bin/env node
/**
 * `node bench/relay.mjs [--mails 10000] [--connections 20] [--bytes 16000] [--refused 10]`: how many mails a second the
 * relay passes on to a mail server that takes everything, each to another person, rewritten and signed twice (RSA-2048
 * and Ed25519), and how much memory it takes. `--refused` is the share, in percent, of people who said no.
 */
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir } from './hub-process.mjs'
import { letter, memoryOf, prepareRelay, processorMsOf, recipientsOf } from './relay-hub.mjs'
import { percentile, sendAll, startSink } from './smtp-load.mjs'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '20' },
    bytes: { type: 'string', default: '16000' },
    refused: { type: 'string', default: '10' },
  },
})
const [mails, connections, bytes, refused] = [values.mails, values.connections, values.bytes, values.refused].map(
  Number,
)

await ensureBuilt()
const place = makeDataDir()
const sink = await startSink()
let hub
try {
  hub = await prepareRelay({ dataDir: place.dataDir, mails, refused, sinkPort: sink.port })
  const before = memoryOf(hub.child.pid, 'VmRSS')
  const usedBefore = processorMsOf(hub.child.pid)
  const recipients = recipientsOf(mails)
  const { name: user, password: pass } = hub.signIn
  const port = Number(hub.relayListen[0].split(':').at(-1))
  const run = await sendAll({
    port,
    auth: { user, pass },
    from: 'news@shop.example',
    recipients,
    message: (recipient) => letter(recipient, bytes),
    connections,
  })
  const noes = recipients.filter((_, index) => index % 100 < refused)
  console.table({
    machine: { value: await describeMachine() },
    'mails a second': { value: Math.round(mails / run.seconds) },
    'passed on a second': { value: Math.round(sink.recipients.size / run.seconds) },
    'p50, ms': { value: percentile(run.latenciesMs, 0.5).toFixed(1) },
    'p99, ms': { value: percentile(run.latenciesMs, 0.99).toFixed(1) },
    'processor of the hub, ms a mail': { value: ((processorMsOf(hub.child.pid) - usedBefore) / mails).toFixed(2) },
    'memory before, MB': { value: before },
    'memory at most, MB': { value: memoryOf(hub.child.pid, 'VmHWM') },
    answers: { value: JSON.stringify(run.answers) },
    'reached somebody who said no': { value: noes.filter((one) => sink.recipients.has(one)).length },
    'arrived twice': { value: [...sink.recipients.values()].filter((count) => count > 1).length },
  })
} finally {
  await hub?.stop()
  await sink.stop()
  place.remove()
}
