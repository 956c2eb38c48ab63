import { Command, Option } from 'commander'
import type { Hub } from '../services/hub.ts'
import { composeHub } from './compose.ts'
import { type Config, readConfig } from './config.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { asListening } from './listening-at.ts'

/** Where every command finds its hub. */
export type PlaceOptions = { data?: string; databaseUrl?: string }

/** A command with the options every command that opens the hub takes, and examples under its help. */
export function hubCommand(name: string, description: string, examples: readonly string[]): Command {
  return plainCommand(name, description, examples)
    .option('--data <dir>', 'data directory (default: .verzet, or VERZET_DATA)')
    .option('--database-url <url>', 'PostgreSQL server to use instead of the embedded one (or DATABASE_URL)')
}

export function plainCommand(name: string, description: string, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  ${example}`)
  const help = `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}\n`
  return new Command(name).description(description).addHelpText('after', help)
}

export function jsonOption(description = 'print JSON, for scripts'): Option {
  return new Option('--json', description)
}

export function configOf(options: PlaceOptions): Config {
  return readConfig({ data: options.data, database_url: options.databaseUrl })
}

/** Opens the hub for the length of one command. What the work returns is the exit code; nothing means 0. */
export async function withHub(
  options: PlaceOptions,
  work: (hub: Hub, config: Config) => Promise<ExitCode | undefined>,
): Promise<void> {
  const config = asListening(configOf(options))
  await using hub = await composeHub(config)
  process.exitCode = (await work(hub, config)) ?? exitCodes.ok
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined))
}

/** Beside the answer, for whoever watches: progress, warnings, what was assumed. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

const reader = new AbortController()

/** `verzet … | head`: the reader has what it wanted, and that is no error. Long work stops as on Ctrl-C. */
export function endQuietlyWhenReaderLeaves(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    reader.abort()
  })
}

/**
 * Ctrl-C and SIGTERM during long work: the first lets the batch under way finish, the second ends at once.
 * `hasReaderLeft` tells apart that nobody reads stdout any more, which stops the work as well.
 */
export function interruption() {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: AbortSignal.any([controller.signal, reader.signal]),
    hasReaderLeft: () => reader.signal.aborted,
    [Symbol.dispose]() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
