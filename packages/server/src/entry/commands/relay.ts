import type { Command } from 'commander'
import { plainCommand } from '../command-frame.ts'
import { relayCountsCommand } from './relay-counts.ts'
import { relayCredentialsCommand } from './relay-credentials.ts'
import { relayKeysCommand } from './relay-keys.ts'
import { relayListsCommand } from './relay-lists.ts'

export function addRelayCommand(program: Command): void {
  const group = plainCommand(
    'relay',
    'set up who sends through the relay and how it signs, and count what it passed on',
    [
      'verzet relay credentials add --brand acme --topic news',
      'verzet relay keys add --domain acme.example --selector verzet2026',
      'verzet relay counts --brand acme --campaign spring',
    ],
  )
  program.addCommand(
    group
      .addCommand(relayCredentialsCommand())
      .addCommand(relayKeysCommand())
      .addCommand(relayListsCommand())
      .addCommand(relayCountsCommand()),
  )
}
