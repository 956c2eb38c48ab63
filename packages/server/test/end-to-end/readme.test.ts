import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildHub, makeDataDir, repository, startHub } from './hub-process.ts'

beforeAll(buildHub)

/** The block of shell commands that holds `curl`, and what the comment below a command says it prints. */
function readExample(file: string): { commands: string; promised: [string, string][] } {
  const text = readFileSync(join(repository, file), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block)
  const commands = blocks.find((block) => block.includes('curl ')) ?? ''
  const comment = /^# (\{.*?),…\}/m.exec(commands)?.[1] ?? ''
  return {
    commands,
    promised: [...comment.matchAll(/"(\w+)":"(\w+)"/g)].map(([, name = '', value = '']) => [name, value]),
  }
}

describe.each(['README.md', 'README.nl.md'])('the example in %s', (file) => {
  it('prints what it says, typed as it stands', async () => {
    await using directory = await makeDataDir()
    const program = [process.execPath, join(repository, 'packages/server/dist/verzet.mjs'), 'demo'] as const
    await using hub = await startHub({ program, dataDir: join(directory.path, '.verzet') })
    const { commands, promised } = readExample(file)
    expect(promised).toEqual([
      ['decision', 'deny'],
      ['reason', 'objection'],
    ])
    const host = new URL(hub.ready.url).host
    const { stdout } = await promisify(execFile)('sh', ['-e', '-c', commands.replaceAll('localhost:8420', host)], {
      cwd: directory.path,
    })
    const answers: unknown[] = stdout
      .trim()
      .split(/(?<=\})\s*(?=\{)/)
      .map((answer) => JSON.parse(answer))
    expect(answers).toHaveLength(2)
    expect(answers[0]).toMatchObject({ standing: { choices: [{ kind: 'objection', scope: {} }] } })
    expect(answers[1]).toMatchObject(Object.fromEntries(promised))
  })
})

describe('the demo', () => {
  it('lets every one of its people be written to until they say no', async () => {
    await using directory = await makeDataDir()
    const program = [process.execPath, join(repository, 'packages/server/dist/verzet.mjs'), 'demo'] as const
    await using hub = await startHub({ program, dataDir: directory.path })
    const { demo, url, apiKey } = hub.ready
    const ask = async (contactPoint: unknown, topic: string) => {
      const body = JSON.stringify({ contactPoint, brand: demo?.brand, channel: 'email', topic })
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
      return (await fetch(`${url}/v1/gate`, { method: 'POST', headers, body })).json()
    }
    expect(demo?.relations).toHaveLength(3)
    for (const { contactPoints, page } of demo?.relations ?? []) {
      const [email] = contactPoints
      expect(await ask(email, 'nieuws')).toMatchObject({ decision: 'allow' })
      expect(
        (await fetch(page, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status,
      ).toBe(200)
      expect(await ask(email, 'nieuws')).toMatchObject({ decision: 'deny', reason: 'objection' })
      expect(await ask(email, 'bestellingen')).toMatchObject({ decision: 'allow' })
    }
  })
})
