import { Gauge, type Registry } from 'prom-client'
import type { GateMemory } from '../../services/gate-memory.ts'

/** Nothing where the process holds no index of its own. */
export function measureGateMemory(registry: Registry, memory: GateMemory | undefined): void {
  if (memory === undefined) return
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `verzet_gate_memory_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('entries', 'Contact points the index in this process knows something about.', () => memory.metrics().entries)
  gauge('bytes', 'Memory that index takes.', () => memory.metrics().bytes)
  new Gauge({
    name: 'verzet_gate_memory_answers',
    help: 'Answers of this process since its start, by where they came from.',
    labelNames: ['from'],
    registers: [registry],
    collect() {
      const { fromMemory, fromDatabase } = memory.metrics()
      this.set({ from: 'memory' }, fromMemory)
      this.set({ from: 'database' }, fromDatabase)
    },
  })
}
