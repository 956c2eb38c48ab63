/**
 * How many messages a second the relay rewrites and signs on one core: `node bench/rewrite.mjs`. Each message is read,
 * given its list fields and its ways out in the HTML and the text part, and signed twice (RSA-2048 and Ed25519), as for
 * one recipient. Prints a table; needs no database.
 */
import { generateKeyPairSync } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../scripts/install.mjs'

const source = join(root, 'packages/server/src/adapters/smtp/message')
// Beside the sources, so that their dependencies are found; removed as soon as it is loaded.
const bundle = join(root, 'packages/server/dist', `rewrite-bench-${process.pid}.mjs`)
const secondsPerRow = Number(process.env.BENCH_SECONDS ?? 3)

async function load() {
  await build({
    stdin: {
      contents: "export * from './rewrite-message.ts'\nexport * from './dkim-sign.ts'\n",
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@verzet/core': join(root, 'packages/core/src/index.ts') },
    outfile: bundle,
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(bundle).href)
  } finally {
    rmSync(bundle, { force: true })
  }
}

const page = `https://verzet.example/u/${'a'.repeat(52)}`
const way = {
  links: {
    page,
    stopAll: `${page}#stop`,
    preferences: `${page}#preferences`,
    mailto: `mailto:${'a'.repeat(63)}@optout.example`,
    headers: { 'List-Id': '<news.acme.optout.example>' },
  },
  labels: { stop: 'Arrêter toute publicité', preferences: 'Modifier mes préférences' },
  language: 'fr',
  mustCarry: true,
  headersOnlyAllowed: false,
}

/** A campaign mail: text and HTML in the given encoding, of about so many bytes. */
function message(bytes, encoding) {
  const paragraph = '<p style="margin:0">Nouveau pain de mars, avec de la crème fraîche et 4 € de réduction.</p>\n'
  const html = `<!doctype html><html><head><title>Mars</title></head><body>${paragraph.repeat(bytes / 120)}</body></html>\n`
  const text = 'Nouveau pain de mars, avec de la crème fraîche.\n'.repeat(bytes / 400)
  return Buffer.from(
    [
      'From: Acme <news@acme.example>\r\nTo: jan@example.org\r\nSubject: Mars\r\nDate: Mon, 02 Mar 2026 09:00:00 +0100',
      'Message-ID: <1@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n',
      `--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n`,
      encode(text, encoding),
      `--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n`,
      encode(html, encoding),
      '--b--\r\n',
    ].join('\r\n'),
  )
}

function encode(text, encoding) {
  const lines = text.replaceAll('\n', '\r\n')
  if (encoding === 'base64') return Buffer.from(lines).toString('base64').replace(/.{76}/g, '$&\r\n')
  if (encoding === '8bit') return lines
  const quoted = [...Buffer.from(lines)].map((byte) =>
    byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
  )
  return quoted.join('').replace(/^(.{70}[^=\r]{0,3})(?=.{4})/gm, '$1=\r\n')
}

function rate(work) {
  const warmUntil = performance.now() + 500
  while (performance.now() < warmUntil) work()
  const startedAt = process.cpuUsage()
  const until = performance.now() + secondsPerRow * 1000
  let count = 0
  while (performance.now() < until) {
    work()
    count++
  }
  // By processor time, so that a busy neighbour does not show.
  const used = process.cpuUsage(startedAt)
  return Math.round(count / ((used.user + used.system) / 1e6))
}

const { rewriteMessage, readDkimKey, signMessage } = await load()
const pem = (pair) => pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
const key = (selector, pair) => readDkimKey({ domain: 'acme.example', selector, privateKeyPem: pem(pair) })
const keys = [
  key('rsa', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  key('ed', generateKeyPairSync('ed25519')),
]
const rows = []
for (const bytes of [16_000, 200_000]) {
  for (const encoding of ['8bit', 'quoted-printable', 'base64']) {
    const raw = message(bytes, encoding)
    const once = rewriteMessage(raw, way)
    if (once.kind !== 'rewritten') throw new Error(`not rewritten: ${once.reason}`)
    rows.push({
      bytes: raw.length,
      encoding,
      'rewritten/s': rate(() => rewriteMessage(raw, way)),
      'signed/s': rate(() => signMessage(once.message, keys, Date.now())),
      'both/s': rate(() => signMessage(rewriteMessage(raw, way).message, keys, Date.now())),
    })
  }
}
console.table(rows)
