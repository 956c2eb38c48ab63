import type { Command } from 'commander'
import { hubCommand, jsonOption } from '../command-frame.ts'
import { type Role, readConfig, roles } from '../config.ts'
import { usageProblem } from '../exit-codes.ts'
import { runHub } from '../run-hub.ts'

type ServeOptions = {
  data?: string
  databaseUrl?: string
  port?: string
  host?: string
  url?: string
  role?: string
  json?: true
}

export function addServeCommand(program: Command): void {
  program.addCommand(
    runCommand('serve', 'run the hub', ['verzet serve --url https://optout.example.com', 'verzet serve --role web'])
      .option('--role <roles>', `what this process does, comma-separated: ${roles.join(', ')} (default: all)`)
      .action((options: ServeOptions) => run(options, false)),
  )
}

export function runCommand(name: string, description: string, examples: readonly string[]): Command {
  return hubCommand(name, description, examples)
    .option('--port <number>', 'port to listen on; 0 picks a free one (default: 8420)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--url <url>', 'where the hub is reached from outside; links carry it')
    .addOption(jsonOption('print one line of JSON when ready, for scripts'))
}

export function run(options: ServeOptions, isDemo: boolean, isDemoYear = false): Promise<void> {
  const { data, databaseUrl, port, host, url, json } = options
  const config = readConfig({ data, database_url: databaseUrl, port, host, url })
  const named = readRoles(options.role)
  const listens = [config.mail_listen, config.relay_listen, config.relay_listen_tls].some((one) => one !== undefined)
  if (options.role !== undefined && named.has('smtp') && !listens) {
    throw usageProblem(
      'the role smtp needs an address to listen on: set VERZET_MAIL_LISTEN, like 127.0.0.1:2525, or VERZET_RELAY_LISTEN',
    )
  }
  return runHub(config, { isDemo, isDemoYear, json: json === true, roles: named })
}

function readRoles(text: string | undefined): ReadonlySet<Role> {
  if (text === undefined) return new Set(roles)
  const named = text.split(',').map((role) => role.trim())
  const known = named.flatMap((name) => roles.find((role) => role === name) ?? [])
  if (known.length !== named.length) throw usageProblem(`unknown role in "${text}": use ${roles.join(', ')}`)
  return new Set(known)
}
