// The gate as one module: it is written in TypeScript, which the Node of the benchmarks does not read.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../scripts/install.mjs'

export async function loadGate() {
  const bundle = join(tmpdir(), `gate-bench-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, 'packages/gate/src/index.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
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

export const fingerprintKey = Buffer.alloc(16, 7)
export const about = { brand: 'bench', channel: 'email', topic: 'news' }
export const catalog = {
  brands: [{ id: 'bench', country: 'BE', topics: [{ id: 'news', purpose: 'marketing' }] }],
  registers: {},
}
export const refusal = {
  groups: [
    { relation: null, items: [{ id: '01890000-0000-7000-8000-000000000001', kind: 'objection', scope: {}, at: 1 }] },
  ],
}
export const customer = { groups: [], customer: true, country: 'BE' }

export function emailOf(index) {
  return `person${index}@mail${index % 97}.example.be`
}

/** One in ten refused everything; the others are customers, or nobody the hub knows. */
export function buildIndex(gate, people, { withCustomers }) {
  const fingerprinter = new gate.Fingerprinter(fingerprintKey)
  const index = new gate.StandingIndex({ expectedEntries: withCustomers ? people : people / 10, withChoiceIds: false })
  for (let person = 0; person < people; person += 1) {
    const isRefused = person % 10 === 0
    if (!isRefused && !withCustomers) continue
    fingerprinter.take('email', emailOf(person))
    index.set(fingerprinter.low, fingerprinter.high, isRefused ? refusal : customer)
  }
  return index
}
