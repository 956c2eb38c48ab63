import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { buildHub, cleanEnvironment, type HubProcess, makeDataDir, repository, startHub } from './hub-process.ts'

const npmStart = [process.execPath, join(repository, 'scripts/start.mjs')] as const
const password = 'vier woorden op een rij'

beforeAll(buildHub)

async function runVerzet(dataDir: string, args: readonly string[]): Promise<string> {
  const bundle = join(repository, 'packages/server/dist/verzet.mjs')
  const given = [bundle, ...args, '--data', dataDir]
  return (await promisify(execFile)(process.execPath, given, { env: cleanEnvironment() })).stdout
}

/** Opens an account by its link and gives the cookie of its session. */
async function signIn({ ready }: HubProcess): Promise<string> {
  const said = await runVerzet(ready.dataDir, [
    'staff',
    'add',
    'ann@duinroos.example',
    '--role',
    'privacy_officer,administrator',
  ])
  const link = /http\S+\/sign-in\/link\/\S+/.exec(said)?.[0] ?? ''
  const body = new URLSearchParams({ password, again: password })
  const answer = await fetch(link, { method: 'POST', body, redirect: 'manual', headers: { origin: ready.url } })
  expect([answer.status, await answer.text()]).toEqual([303, ''])
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

it('shows who left to those who are signed in, as page, table and picture', async () => {
  await using directory = await makeDataDir()
  await using hub = await startHub({ program: npmStart, dataDir: directory.path })
  const page = hub.ready.demo?.relations[0]?.page ?? ''
  const said = await fetch(page, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
  expect(said.status).toBe(200)
  const cookie = await signIn(hub)
  await runVerzet(hub.ready.dataDir, ['insight', 'recount'])
  const ask = (path: string, headers: Record<string, string> = { cookie, 'accept-language': 'nl' }) =>
    fetch(`${hub.ready.url}${path}`, { headers, redirect: 'manual' })

  const stranger = await ask('/insight', {})
  expect([stranger.status, stranger.headers.get('location')]).toEqual([303, expect.stringContaining('/sign-in')])
  const room = await ask('/insight?brand=duinroos&by=signal')
  expect(room.status).toBe(200)
  expect(room.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(room.headers.get('cache-control')).toContain('no-store')
  expect(await room.text()).toContain('/insight/people?')
  const table = await ask('/insight/table.csv?brand=duinroos&by=signal')
  expect([table.status, table.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/csv')])
  expect(await table.text()).toContain('\nEén klik in de mail,1,')
  const picture = await ask('/insight/chart.png?brand=duinroos&by=signal')
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  expect((await hub.stop()).code).toBe(0)
})
