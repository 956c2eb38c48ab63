import { randomUUID } from 'node:crypto'
import { NatsLink, natsNames } from '@verzet/gate-nats'
import { NatsChanges } from '../adapters/nats/nats-changes.ts'
import { hintCommits } from '../adapters/nats/nats-hints.ts'
import { natsStream } from '../adapters/nats/nats-stream.ts'
import type { Hub } from '../services/hub.ts'
import { FeedPublisher } from '../services/publish-feed.ts'
import type { PublishedChanges } from '../services/published-changes.ts'
import type { Config } from './config.ts'

export type FanOut = AsyncDisposable & { readonly published: PublishedChanges }

/** Undefined where no broker is configured. One that is down keeps nothing from starting. */
export function startFanOut(
  hub: Hub,
  config: Pick<Config, 'nats_url' | 'nats_credentials' | 'nats_ca' | 'nats_name'>,
  { publishes, log }: { readonly publishes: boolean; readonly log: (line: string) => void },
): FanOut | undefined {
  if (config.nats_url === undefined) return undefined
  const names = natsNames(config.nats_name)
  const place = {
    url: config.nats_url,
    ...(config.nats_credentials !== undefined && { credentialsFile: config.nats_credentials }),
    ...(config.nats_ca !== undefined && { caFile: config.nats_ca }),
  }
  const link = new NatsLink(place, 'verzet-hub')
  const publisher = publishes
    ? new FeedPublisher(hub, natsStream(link, names), { holder: randomUUID(), log })
    : undefined
  const hints = hintCommits(link, names, hub.committer, () => publisher?.wake())
  const published = new NatsChanges(link, names)
  return {
    published,
    async [Symbol.asyncDispose]() {
      await hints[Symbol.asyncDispose]()
      await published[Symbol.asyncDispose]()
      await publisher?.[Symbol.asyncDispose]()
      await link[Symbol.asyncDispose]()
    },
  }
}
