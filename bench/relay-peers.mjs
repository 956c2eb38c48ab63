#!/usr/bin/env node
/**
 * `node bench/relay-peers.mjs [--mails 10000] [--runs 3] [--connections 20] [--bytes 16000]`: mails a second from a client
 * to a mail server that takes everything, in one run through
 * - the relay: gate, ways out in the text, list fields, two signatures;
 * - Haraka with its DKIM plugin: one signature, nothing else;
 * - Postfix with a content filter that passes everything through and gives it back: no signature.
 * Needs root for Postfix, and npm for Haraka, which it installs into a directory of its own.
 */
import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir } from './hub-process.mjs'
import { median } from './load.mjs'
import { letter, prepareRelay, recipientsOf } from './relay-hub.mjs'
import { sendAll, startSink } from './smtp-load.mjs'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
    connections: { type: 'string', default: '20' },
    bytes: { type: 'string', default: '16000' },
  },
})
const [mails, runs, connections, bytes] = [values.mails, values.runs, values.connections, values.bytes].map(Number)
const recipients = recipientsOf(mails)
const from = 'news@shop.example'

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Until somebody answers there, or half a minute. */
async function waitForPort(port) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const isOpen = await new Promise((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** Memory of a process and all below it, in MB; what they share is counted once (PSS, proc(5)). */
function memoryOfTree(pid) {
  let total = proportionalMegabytes(pid)
  for (const other of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${other}/status`, 'utf8'))?.[1]
      if (Number(parent) === pid) total += memoryOfTree(Number(other))
    } catch {
      // It ended while it was looked at.
    }
  }
  return total
}

function proportionalMegabytes(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024
}

async function startVerzet(sink) {
  const place = makeDataDir()
  const hub = await prepareRelay({ dataDir: place.dataDir, mails, refused: 0, sinkPort: sink.port })
  const { name: user, password: pass } = hub.signIn
  return {
    port: Number(hub.relayListen[0].split(':').at(-1)),
    auth: { user, pass },
    pid: hub.child.pid,
    async stop() {
      await hub.stop()
      place.remove()
    },
  }
}

/** Two of its dependencies name versions that not every registry has. */
const harakaPackage = {
  private: true,
  dependencies: { Haraka: '3.3.4', 'haraka-plugin-dkim': '1.3.1' },
  overrides: { 'encoding-japanese': '2.2.0', libqp: '2.1.1' },
}

async function startHaraka(sink) {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-haraka-'))
  const file = (name, content) => writeFileSync(join(directory, name), content)
  file('package.json', JSON.stringify(harakaPackage))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=optional', '--ignore-scripts'], {
    cwd: directory,
    stdio: 'ignore',
  })
  for (const part of ['config/dkim/shop.example', 'plugins']) mkdirSync(join(directory, part), { recursive: true })
  cpSync(join(directory, 'node_modules/Haraka/config/connection.ini'), join(directory, 'config/connection.ini'))
  const port = await freePort()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  file('config/smtp.ini', `listen=127.0.0.1:${port}\nnodes=0\n`)
  file('config/plugins', 'take_all\ndkim\nqueue/smtp_forward\n')
  file('config/smtp_forward.ini', `host=127.0.0.1\nport=${sink.port}\nenable_outbound=true\nmax_connections=50\n`)
  file('config/dkim.ini', '[sign]\nenabled=true\nselector=bench\ndomain=shop.example\n[verify]\nenabled=false\n')
  file('config/dkim/shop.example/private', privateKey.export({ type: 'pkcs1', format: 'pem' }))
  file('config/dkim/shop.example/selector', 'bench\n')
  file('config/loglevel', 'ERROR\n')
  file('config/me', 'haraka.bench.example\n')
  file('plugins/take_all.js', 'exports.hook_rcpt = (next, connection) => { connection.relaying = true; next(OK) }\n')
  const child = spawn(process.execPath, [join(directory, 'node_modules/Haraka/bin/haraka'), '-c', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await waitForPort(port)
  return {
    port,
    pid: child.pid,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** In at one port, out to the filter, back in at another, and on to the next hop. */
async function startPostfix(sink) {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-postfix-bench-'))
  chmodSync(directory, 0o755)
  for (const part of ['config', 'queue', 'data']) mkdirSync(join(directory, part))
  const account = (option) => Number(execFileSync('id', [option, 'postfix'], { encoding: 'utf8' }))
  chownSync(join(directory, 'data'), account('-u'), account('-g'))
  const [port, back] = [await freePort(), await freePort()]
  const filter = createServer((socket) => {
    const onward = createConnection(back, '127.0.0.1').setNoDelay(true)
    for (const [one, other] of [
      [socket.setNoDelay(true), onward],
      [onward, socket],
    ]) {
      one.pipe(other)
      one.on('error', () => other.destroy())
    }
  })
  await new Promise((resolve) => filter.listen(0, '127.0.0.1', resolve))
  const common = 'cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\nrewrite unix - - n - - trivial-rewrite'
  const rest = ['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`).join('\n')
  const clients = ['smtp', 'error', 'retry'].map(
    (name) => `${name} unix - - n - - ${name === 'smtp' ? 'smtp' : 'error'}`,
  )
  writeFileSync(
    join(directory, 'config/master.cf'),
    `127.0.0.1:${port} inet n - n - - smtpd -o content_filter=smtp:[127.0.0.1]:${filter.address().port}
127.0.0.1:${back} inet n - n - - smtpd -o content_filter= -o smtpd_authorized_xforward_hosts=127.0.0.0/8
${common}\n${rest}\n${clients.join('\n')}
proxymap unix - - n - - proxymap\nanvil unix - - n - 1 anvil\nscache unix - - n - 1 scache
showq unix n - n - - showq\npostlog unix-dgram n - n - 1 postlogd\n`,
  )
  writeFileSync(
    join(directory, 'config/main.cf'),
    `compatibility_level = 3.6\nqueue_directory = ${directory}/queue\ndata_directory = ${directory}/data
maillog_file = ${directory}/log\nmaillog_file_prefixes = ${directory}\nmyhostname = postfix.bench.example
mydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\nmynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nsmtp_dns_support_level = disabled\nsmtp_host_lookup = native
relayhost = [127.0.0.1]:${sink.port}\nsmtpd_client_connection_count_limit = 500\ndefault_process_limit = 100
default_destination_concurrency_limit = 50\ninitial_destination_concurrency = 20\n`,
  )
  const postfix = (command) => execFileSync('postfix', ['-c', join(directory, 'config'), command], { stdio: 'ignore' })
  postfix('start')
  await waitForPort(port)
  const pid = Number(readFileSync(join(directory, 'queue/pid/master.pid'), 'utf8'))
  return {
    port,
    pid,
    async stop() {
      postfix('abort')
      await new Promise((resolve) => filter.close(resolve))
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** From the first mail sent to the last one that arrived: Postfix answers before it has passed on. */
async function measure(start) {
  const sink = await startSink()
  const server = await start(sink)
  try {
    const startedAt = performance.now()
    const { answers } = await sendAll({
      port: server.port,
      auth: server.auth,
      from,
      recipients,
      message: (recipient) => letter(recipient, bytes),
      connections,
    })
    const sent = Object.values(answers).reduce((sum, count) => sum + count, 0)
    if (sent !== mails || !Object.keys(answers).every((answer) => answer.startsWith('250'))) {
      throw new Error(`not every mail was taken: ${JSON.stringify(answers)}`)
    }
    const patienceEndsAt = performance.now() + 120_000
    while (sink.recipients.size < mails && performance.now() < patienceEndsAt) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    if (sink.recipients.size < mails) throw new Error(`only ${sink.recipients.size} of ${mails} mails arrived`)
    const perSecond = (mails / (performance.now() - startedAt)) * 1_000
    return { perSecond, megabytes: memoryOfTree(server.pid) }
  } finally {
    await server.stop()
    await sink.stop()
  }
}

await ensureBuilt()
const ways = { Verzet: startVerzet, Haraka: startHaraka, Postfix: startPostfix }
const measured = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
for (let run = 0; run < runs; run += 1) {
  for (const [name, start] of Object.entries(ways)) {
    const result = await measure(start)
    measured[name].push(result)
    process.stderr.write(`${name}: ${Math.round(result.perSecond)} mails/s, ${Math.round(result.megabytes)} MB\n`)
  }
}
const middle = (name, field) => median(measured[name].map((one) => one[field]))
process.stdout.write(`${await describeMachine()}, ${mails} mails of ${bytes} bytes, median of ${runs}\n`)
console.table(
  Object.fromEntries(
    Object.keys(ways).map((name) => [
      name,
      {
        'mails/s': Math.round(middle(name, 'perSecond')),
        'of Verzet': `${(middle(name, 'perSecond') / middle('Verzet', 'perSecond')).toFixed(2)}×`,
        'memory, MB': Math.round(middle(name, 'megabytes')),
      },
    ]),
  ),
)
