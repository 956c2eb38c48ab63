import { totalmem } from 'node:os'
import { GateMemory } from '../services/gate-memory.ts'
import type { Hub } from '../services/hub.ts'
import type { Config } from './config.ts'

/** Room for twenty million people, and no more than a small machine or container can spare. */
function bytesMaxDefault(): number {
  const memoryBytes = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
  return Math.min(1024 ** 3, Math.floor(memoryBytes / 4))
}

/** Undefined where the configuration turns it off. Loads in the background; until it is done the database answers. */
export function startGateMemory(hub: Hub, config: Config, log: (line: string) => void): GateMemory | undefined {
  if (config.gate_memory === 'off') return undefined
  return new GateMemory(hub, { bytesMax: config.gate_memory_bytes_max ?? bytesMaxDefault(), log })
}
