// How long the disk takes for a small file of its own while something else is measured: what it holds up, it holds up for all.
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const bytes = Buffer.alloc(8192, 1)
const pauseMs = 20

/** Writes and syncs a block every 20 ms until `stop`, which resolves to the slowest sync, in ms. */
export async function startDiskProbe(directory) {
  const path = join(directory, 'disk-probe')
  const file = await open(path, 'w')
  let [isWanted, slowestMs] = [true, 0]
  const probing = (async () => {
    while (isWanted) {
      const startedAt = performance.now()
      await file.write(bytes, 0, bytes.length, 0)
      await file.datasync()
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      await setTimeout(pauseMs)
    }
  })()
  return {
    async stop() {
      isWanted = false
      await probing
      await file.close()
      await rm(path)
      return slowestMs
    },
  }
}
