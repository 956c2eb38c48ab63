/** Npm hands Ctrl-C on to a program that the terminal has told already; two within this time are one. */
const sameSignalMs = 1_000

export type StopSignal = Disposable & {
  readonly isHeard: boolean
  readonly heard: Promise<void>
}

/**
 * Listens for SIGTERM, SIGINT and SIGHUP from now on, so that a stop during the start is a stop as well. A second signal
 * ends the process at once; what was acknowledged is durable either way.
 */
export function listenForStop(end: () => void = () => process.exit(1)): StopSignal {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  let heardAtMs: number | undefined
  let resolve = () => {}
  const heard = new Promise<void>((settle) => {
    resolve = settle
  })
  const onSignal = () => {
    const now = performance.now()
    if (heardAtMs !== undefined && now - heardAtMs >= sameSignalMs) end()
    heardAtMs ??= now
    resolve()
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    heard,
    get isHeard() {
      return heardAtMs !== undefined
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
