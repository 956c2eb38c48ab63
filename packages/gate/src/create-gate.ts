import { Gate } from './gate.ts'
import type { GateOptions } from './gate-options.ts'

/** Loads what the hub knows and follows it. Answers at once, with `deny: stale` until everything is there; see `ready`. */
export function createGate(options: GateOptions): Gate {
  return new Gate(options)
}
