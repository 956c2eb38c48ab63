import { GateMemory } from '../services/gate-memory.ts'
import type { Hub } from '../services/hub.ts'
import type { Config } from './config.ts'

/** Undefined where the configuration turns it off. Loads in the background; until it is done the database answers. */
export function startGateMemory(
  hub: Hub,
  config: Config,
  log: (line: string) => void,
): (AsyncDisposable & { readonly gateMemory: GateMemory }) | undefined {
  if (config.gate_memory === 'off') return undefined
  const gateMemory = new GateMemory(hub, { bytesMax: config.gate_memory_bytes_max, log })
  const stopHints = hub.committer.onCommit(() => gateMemory.wake())
  return {
    gateMemory,
    async [Symbol.asyncDispose]() {
      stopHints()
      await gateMemory[Symbol.asyncDispose]()
    },
  }
}
