import type { Command } from 'commander'
import { run, runCommand } from './serve.ts'

export function addDemoCommand(program: Command): void {
  program.addCommand(
    runCommand('demo', 'run the hub with a demo brand, three people and one campaign', [
      'verzet demo --port 8420',
    ]).action((options) => run(options, true)),
  )
}
