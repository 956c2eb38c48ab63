import type { Command } from 'commander'
import { run, runCommand } from './serve.ts'

export function addDemoCommand(program: Command): void {
  program.addCommand(
    runCommand('demo', 'run the hub with a demo brand, three people and one campaign', [
      'verzet demo --port 8420',
      'verzet demo --year',
    ])
      .option(
        '--year',
        'fill every room with a year of data in Dutch and French first, once; takes about half a minute',
      )
      .action((options) => run(options, true, options.year === true)),
  )
}
