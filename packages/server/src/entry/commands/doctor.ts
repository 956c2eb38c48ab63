import type { Command } from 'commander'
import { configOf, hubCommand, jsonOption, type PlaceOptions, print, printJson } from '../command-frame.ts'
import { type Config, ConfigInvalid } from '../config.ts'
import { type Check, fail, ok } from '../doctor-check.ts'
import { checkDatabase } from '../doctor-database.ts'
import { checkDataDirectory, checkNode, checkPort, checkSecrets } from '../doctor-machine.ts'
import { checkListenerCertificate, checkMailbox } from '../doctor-mailbox.ts'
import { checkMailDomain, checkPublicUrl, checkSmarthost } from '../doctor-outside.ts'
import { checkRelay } from '../doctor-relay.ts'
import { exitCodes } from '../exit-codes.ts'
import { readMailAuthority } from '../mail-authority.ts'

export function addDoctorCommand(program: Command): void {
  program.addCommand(
    hubCommand('doctor', 'look at the set-up and say in plain words what is wrong; changes nothing', [
      'verzet doctor',
      'verzet doctor --json | jq \'.checks[] | select(.status != "ok")\'',
    ])
      .addOption(jsonOption())
      .addHelpText('after', '\nEnds with 1 when something has to be mended before people can rely on the hub.\n')
      .action(doctor),
  )
}

async function doctor(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const checks = [checkNode(process.version), ...(await checkConfigured(options))]
  const isHealthy = checks.every((check) => check.status !== 'fail')
  if (options.json) printJson({ healthy: isHealthy, checks })
  else for (const check of checks) show(check)
  process.exitCode = isHealthy ? exitCodes.ok : exitCodes.negative
}

async function checkConfigured(options: PlaceOptions): Promise<Check[]> {
  let config: Config
  try {
    config = configOf(options)
    readMailAuthority(config)
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error
    return [fail('configuration', error.message, 'Mend these first; the other checks need it.')]
  }
  const secrets = checkSecrets(config)
  return [
    ok('configuration', 'readable'),
    ...(await checkDataDirectory(config)),
    secrets.check,
    ...(await checkDatabase(config, secrets.pepperCheck, secrets.hash)),
    await checkPort(config),
    await checkPublicUrl(config),
    await checkMailDomain(config),
    ...(await checkSmarthost(config)),
    ...(await checkRelay(config)),
    ...checkListenerCertificate(config),
    ...(await checkMailbox(config)),
  ]
}

const words = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const

function show({ name, status, message, advice }: Check): void {
  print(`${words[status]}  ${name}: ${message}`)
  if (advice !== undefined) print(`      ${advice}`)
}
