import { setTimeout as sleep } from 'node:timers/promises'

const retryFirstMs = 100
const retryMaxMs = 5_000

/**
 * Does it again and again, for as long as it wants and until the signal, with longer and longer waits between: from 100 ms
 * to five seconds. It begins anew with the short ones when it says that something worked.
 */
export async function retrying(signal: AbortSignal, work: (onProgress: () => void) => Promise<boolean>): Promise<void> {
  let retryMs = retryFirstMs
  const onProgress = () => {
    retryMs = retryFirstMs
  }
  while (!signal.aborted && (await work(onProgress)) && !signal.aborted) {
    // Half of it by chance, so that a thousand gates do not come back in one moment.
    const waitMs = retryMs / 2 + (Math.random() * retryMs) / 2
    await sleep(waitMs, undefined, { signal }).catch(() => {})
    retryMs = Math.min(retryMaxMs, retryMs * 2)
  }
}
