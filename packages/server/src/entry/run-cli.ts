import { Command, CommanderError } from 'commander'
import { endQuietlyWhenReaderLeaves } from './command-frame.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { packageVersion } from './package-version.ts'

/**
 * By the names a part adds, in the order of the help. Each is loaded when it is called: most need a small part of the
 * hub, and nobody waits for the rest.
 */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import('./commands/serve.ts')).addServeCommand,
  demo: async () => (await import('./commands/demo.ts')).addDemoCommand,
  import: async () => (await import('./commands/import.ts')).addImportCommand,
  links: async () => (await import('./commands/links.ts')).addLinksCommand,
  scrub: async () => (await import('./commands/scrub.ts')).addScrubCommand,
  cards: async () => (await import('./commands/cards.ts')).addCardsCommand,
  post: async () => (await import('./commands/post.ts')).addPostCommand,
  hear: async () => (await import('./commands/hear.ts')).addHearCommand,
  kit: async () => (await import('./commands/kit.ts')).addKitCommand,
  gate: async () => (await import('./commands/gate.ts')).addGateCommand,
  sidecar: async () => (await import('./commands/sidecar.ts')).addSidecarCommand,
  check: async () => (await import('./commands/check.ts')).addCheckCommand,
  object: async () => (await import('./commands/object.ts')).addObjectCommand,
  review: async () => (await import('./commands/review.ts')).addReviewCommand,
  'report insight': async () => (await import('./commands/report.ts')).addReportCommand,
  delivery: async () => (await import('./commands/delivery.ts')).addDeliveryCommand,
  brands: async () => (await import('./commands/brands.ts')).addBrandsCommand,
  topics: async () => (await import('./commands/topics.ts')).addTopicsCommand,
  forms: async () => (await import('./commands/forms.ts')).addFormsCommand,
  pages: async () => (await import('./commands/pages.ts')).addPagesCommand,
  alerts: async () => (await import('./commands/alerts.ts')).addAlertsCommand,
  campaigns: async () => (await import('./commands/campaigns.ts')).addCampaignsCommand,
  'api-key': async () => (await import('./commands/api-key.ts')).addApiKeyCommand,
  keys: async () => (await import('./commands/keys.ts')).addKeysCommand,
  'call-list': async () => (await import('./commands/call-list.ts')).addCallListCommand,
  calls: async () => (await import('./commands/calls.ts')).addCallsCommand,
  registers: async () => (await import('./commands/registers.ts')).addRegistersCommand,
  staff: async () => (await import('./commands/staff.ts')).addStaffCommand,
  portals: async () => (await import('./commands/portals.ts')).addPortalsCommand,
  relay: async () => (await import('./commands/relay.ts')).addRelayCommand,
  sms: async () => (await import('./commands/sms.ts')).addSmsCommand,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrateCommand,
  'export restore': async () => (await import('./commands/export.ts')).addExportCommands,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
}

/** Runs one command of the command line and sets the exit code; never throws. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endQuietlyWhenReaderLeaves()
  try {
    const program = await buildProgram(argv[2])
    await program.parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
  }
}

/** With the command of this name alone, or with all of them when none has it: for the help, and to say what there is. */
export async function buildProgram(name = ''): Promise<Command> {
  const program = new Command('verzet')
    .description('The opt-out hub: hears every no, makes it hold everywhere, and proves it.')
    .version(packageVersion())
    .addHelpText('after', '\nExample:\n  verzet demo\n\n"verzet help <command>" explains one command.')
  const named = Object.keys(commands).find((names) => names.split(' ').includes(name))
  const loaders = Object.entries(commands).filter(([names]) => named === undefined || names === named)
  for (const add of await Promise.all(loaders.map(([, load]) => load()))) add(program)
  refuseByThrowing(program)
  return program
}

/**
 * Commander would end the process and so leave an open hub behind, and take `--data` of `export standing` for that of
 * `export`, which left the command with another database than was named.
 */
function refuseByThrowing(command: Command): void {
  command
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'verzet: ')) })
  for (const child of command.commands) refuseByThrowing(child)
}

function report(error: unknown): number {
  // Commander has already said what is wrong; asking for help or the version is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const exitCode = exitCodeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`verzet: ${exitCode === exitCodes.internal ? 'an unexpected error: ' : ''}${message}\n`)
  if (exitCode === exitCodes.internal && error instanceof Error) {
    process.stderr.write(`${error.stack?.split('\n').slice(1, 6).join('\n')}\n`)
  }
  return exitCode
}
