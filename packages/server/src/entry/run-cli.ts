import { Command, CommanderError } from 'commander'
import { endQuietlyWhenReaderLeaves } from './command-frame.ts'
import { addAlertsCommand } from './commands/alerts.ts'
import { addApiKeyCommand } from './commands/api-key.ts'
import { addBrandsCommand } from './commands/brands.ts'
import { addCallListCommand } from './commands/call-list.ts'
import { addCallsCommand } from './commands/calls.ts'
import { addCampaignsCommand } from './commands/campaigns.ts'
import { addCardsCommand } from './commands/cards.ts'
import { addCheckCommand } from './commands/check.ts'
import { addDeliveryCommand } from './commands/delivery.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExportCommands } from './commands/export.ts'
import { addFormsCommand } from './commands/forms.ts'
import { addGateCommand } from './commands/gate.ts'
import { addImportCommand } from './commands/import.ts'
import { addKeysCommand } from './commands/keys.ts'
import { addKitCommand } from './commands/kit.ts'
import { addLinksCommand } from './commands/links.ts'
import { addMigrateCommand } from './commands/migrate.ts'
import { addObjectCommand } from './commands/object.ts'
import { addPagesCommand } from './commands/pages.ts'
import { addPortalsCommand } from './commands/portals.ts'
import { addPostCommand } from './commands/post.ts'
import { addRegistersCommand } from './commands/registers.ts'
import { addRelayCommand } from './commands/relay.ts'
import { addReportCommand } from './commands/report.ts'
import { addReviewCommand } from './commands/review.ts'
import { addScrubCommand } from './commands/scrub.ts'
import { addServeCommand } from './commands/serve.ts'
import { addSidecarCommand } from './commands/sidecar.ts'
import { addSmsCommand } from './commands/sms.ts'
import { addStaffCommand } from './commands/staff.ts'
import { addTopicsCommand } from './commands/topics.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { packageVersion } from './package-version.ts'

const commands = [
  addServeCommand,
  addDemoCommand,
  addImportCommand,
  addLinksCommand,
  addScrubCommand,
  addCardsCommand,
  addPostCommand,
  addKitCommand,
  addGateCommand,
  addSidecarCommand,
  addCheckCommand,
  addObjectCommand,
  addReviewCommand,
  addReportCommand,
  addDeliveryCommand,
  addBrandsCommand,
  addTopicsCommand,
  addFormsCommand,
  addPagesCommand,
  addAlertsCommand,
  addCampaignsCommand,
  addApiKeyCommand,
  addKeysCommand,
  addCallListCommand,
  addCallsCommand,
  addRegistersCommand,
  addStaffCommand,
  addPortalsCommand,
  addRelayCommand,
  addSmsCommand,
  addMigrateCommand,
  addExportCommands,
  addDoctorCommand,
]

/** Runs one command of the command line and sets the exit code; never throws. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endQuietlyWhenReaderLeaves()
  try {
    await buildProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
  }
}

export function buildProgram(): Command {
  const program = new Command('verzet')
    .description('The opt-out hub: hears every no, makes it hold everywhere, and proves it.')
    .version(packageVersion())
    .addHelpText('after', '\nExample:\n  verzet demo\n\n"verzet help <command>" explains one command.')
  for (const add of commands) add(program)
  refuseByThrowing(program)
  return program
}

/** Commander would end the process and so leave an open hub behind. */
function refuseByThrowing(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'verzet: ')),
  })
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
