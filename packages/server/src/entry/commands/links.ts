import type { Command } from 'commander'

export function addLinksCommand(program: Command): void {
  program.command('links').description('not built yet')
}
