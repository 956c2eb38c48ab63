import { gateStates } from '@verzet/gate'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { SidecarGate } from './sidecar-gate.ts'

export type SidecarCall = 'gate' | 'claim' | 'batch' | 'map' | 'line' | 'policy'

export type SidecarMetrics = {
  readonly contentType: string
  text(): Promise<string>
  count(call: SidecarCall): void
}

/** What Prometheus reads of a sidecar. Labels come from fixed sets only: nobody can be in one. */
export function createSidecarMetrics(gate: SidecarGate): SidecarMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'verzet_sidecar_requests_total',
    help: 'Questions asked, by the way they came; a batch counts once.',
    labelNames: ['call'],
    registers,
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `verzet_sidecar_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('entries', 'Contact points something is known about.', () => gate.metrics().entries)
  gauge('index_bytes', 'Memory of the index.', () => gate.metrics().bytes)
  gauge('silence_seconds', 'Since the hub last said that nothing is missing.', () => gate.metrics().silentMs / 1_000)
  gauge('reconnects', 'How often the line to the hub broke.', () => gate.metrics().reconnects)
  gauge('gaps', 'How often changes were missing and everything was loaded anew.', () => gate.metrics().gaps)
  new Gauge({
    name: 'verzet_sidecar_state',
    help: '1 for the state the copy is in; only fresh and unsure answer.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of gateStates) this.set({ state }, state === gate.state ? 1 : 0)
    },
  })
  new Gauge({
    name: 'verzet_sidecar_decisions',
    help: 'Answers since the start, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      for (const [reason, count] of Object.entries(gate.metrics().decisions)) this.set({ reason }, count)
    },
  })
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count: (call) => requests.inc({ call }),
  }
}
