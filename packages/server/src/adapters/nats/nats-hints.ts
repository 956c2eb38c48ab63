import type { NatsLink, NatsNames } from '@verzet/gate-nats'
import type { ChoiceCommitter } from '../../services/choice-committer.ts'

const retryMs = 2_000

/**
 * Tells the process that publishes of what any process commits, so that it need not wait for its next look at the database.
 * A hint that is lost costs a quarter of a second.
 */
export function hintCommits(
  link: NatsLink,
  names: NatsNames,
  committer: Pick<ChoiceCommitter, 'onCommit'>,
  wake: () => void,
): AsyncDisposable {
  let publish = () => {}
  let isDisposed = false
  let retry: NodeJS.Timeout | undefined
  const subscribe = async () => {
    const connection = await link.connection()
    connection.subscribe(names.committed, { callback: wake })
    publish = () => void (connection.isClosed() || connection.publish(names.committed))
  }
  const begin = (): Promise<void> =>
    subscribe().catch(() => {
      if (!isDisposed) retry = setTimeout(() => (begun = begin()), retryMs)
    })
  let begun = begin()
  const stop = committer.onCommit(() => {
    wake()
    publish()
  })
  return {
    async [Symbol.asyncDispose]() {
      isDisposed = true
      stop()
      clearTimeout(retry)
      await begun
    },
  }
}
