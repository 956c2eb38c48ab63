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

it('gives a command the options behind its name, also where its parent has the same', async () => {
  const program = await buildProgram('export')
  const standing = program.commands[0]?.commands.find((command) => command.name() === 'standing')
  standing?.action(() => {})
  const question = ['--brand', 'shop', '--channel', 'email', '--topic', 'news']
  await program.parseAsync(['node', 'verzet', 'export', 'standing', ...question, '--data', 'elsewhere', '--json'])
  expect(standing?.opts()).toMatchObject({ data: 'elsewhere', json: true })
})
