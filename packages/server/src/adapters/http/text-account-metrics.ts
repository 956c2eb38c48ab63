import { Gauge, type Registry } from 'prom-client'
import { type Connection, readTextConnections } from '../../services/channels/read-connections.ts'
import type { Hub } from '../../services/hub.ts'

/**
 * How each account for texts does, asked for when somebody looks: another process may be the one that holds its link. Says
 * nothing while the database cannot be asked.
 */
export function measureTextAccounts(registry: Registry, hub: Pick<Hub, 'db' | 'secrets' | 'clock'>): void {
  const gauge = (name: string, help: string, measured: (account: Connection) => number | undefined): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ['account', 'vendor'],
      registers: [registry],
      async collect() {
        this.reset()
        for (const account of await readTextConnections(hub).catch(() => [])) {
          const value = measured(account)
          if (value !== undefined) this.set({ account: account.name ?? '', vendor: account.vendor ?? '' }, value)
        }
      },
    })
  gauge(
    'verzet_text_account_failing',
    'Whether the last thing that happened to an account went wrong.',
    ({ health }) => (health === 'failing' ? 1 : 0),
  )
  gauge('verzet_text_account_last_heard_timestamp_seconds', 'When something true last came in.', ({ heardAt }) =>
    heardAt === undefined ? undefined : heardAt / 1_000,
  )
  gauge('verzet_smpp_link_up', 'Whether some process holds a bound link to the operator.', ({ vendor, health }) =>
    vendor === 'smpp' ? (health === 'failing' ? 0 : 1) : undefined,
  )
}
