import type { Command } from 'commander'
import { plainCommand } from '../command-frame.ts'
import { smsAccountsCommand } from './sms-accounts.ts'

export function addSmsCommand(program: Command): void {
  program.addCommand(
    plainCommand('sms', 'text messages: the accounts they come and go through', [
      'verzet sms accounts list',
    ]).addCommand(smsAccountsCommand()),
  )
}
