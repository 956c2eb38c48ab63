import { expect, it } from 'vitest'
import { buildProgram } from './run-cli.ts'

it('finds each command by the name it has in the help', async () => {
  const names = (await buildProgram()).commands.map((command) => command.name())
  expect(names).toContain('serve')
  for (const name of names) {
    const alone = (await buildProgram(name)).commands.map((command) => command.name())
    expect(alone).toContain(name)
    expect(alone.length, name).toBeLessThan(3)
  }
})
