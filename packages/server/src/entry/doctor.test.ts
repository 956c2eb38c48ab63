import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { checkClock } from './doctor-database.ts'
import { checkNode } from './doctor-machine.ts'
import { checkMailDomain, checkPublicUrl, checkSmarthost } from './doctor-outside.ts'

const config = (settings: Record<string, string>) => readConfig(settings, { VERZET_CONFIG: '/dev/null' })

describe('what doctor says', () => {
  it.each([
    ['v20.19.0', 'ok'],
    ['v24.1.0', 'ok'],
    ['v20.18.9', 'fail'],
    ['v18.20.0', 'fail'],
  ])('about Node %s', (version, status) => {
    expect(checkNode(version).status).toBe(status)
  })

  it('about a clock that is set, and one that nobody sets', () => {
    expect(checkClock(300).status).toBe('ok')
    expect(checkClock(-5_000)).toMatchObject({ status: 'warn', message: 'this machine is 5.0 s ahead of the database' })
    expect(checkClock(5_000).message).toContain('behind')
  })

  it('about a public URL for the demo, and one that people cannot trust', async () => {
    expect((await checkPublicUrl(config({}))).status).toBe('warn')
    expect((await checkPublicUrl(config({ url: 'http://localhost:8420' }))).status).toBe('warn')
    expect((await checkPublicUrl(config({ url: 'http://optout.example.com' }))).status).toBe('fail')
    expect((await checkPublicUrl(config({ url: 'https://optout.invalid' }))).message).toContain('not in the DNS')
  })

  it('about mail nobody set up', async () => {
    expect((await checkMailDomain(config({}))).status).toBe('warn')
    expect((await checkSmarthost(config({}))).map(({ status }) => status)).toEqual(['warn'])
  })
})
