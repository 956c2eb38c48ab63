import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const gate = ['gate', 'jan@x.be', '--channel', 'email', '--topic', 'orders', '--campaign', 'spring']

describe('verzet campaigns', () => {
  it('holds and releases, and says where a name was never seen', async () => {
    expect((await line.run(['campaigns'])).out).toBe('No campaigns.\n')
    const held = await line.run(['campaigns', 'hold', 'spring', '--brand', 'shop'])
    expect(held).toMatchObject({ code: 0, out: expect.stringContaining('shop/spring is now held.') })
    expect(held.out).toContain('check its spelling')
    expect(await line.run(gate)).toMatchObject({ code: 1, out: expect.stringContaining('the campaign is held') })
    const again = await line.run(['campaigns', 'hold', 'spring', '--brand', 'shop', '--json'])
    expect(JSON.parse(again.out)).toEqual({ held: true, changed: false, known: false })
    expect((await line.run(['campaigns', 'list'])).out).toMatch(/^shop\/spring {2}HELD since /)
    const released = await line.run(['campaigns', 'release', 'spring', '--brand', 'shop'])
    expect(released.out).toContain('shop/spring is now free to leave.')
    expect((await line.run(gate)).code).toBe(0)
  }, 60_000)

  it('keeps how many messages left, and shows rates of them', async () => {
    const sends = ['campaigns', 'sends', 'autumn', '2000', '--brand', 'shop', '--channel', 'email']
    const told = await line.run([...sends, '--on', '2026-01-05', '--source', 'mailer'])
    expect(told).toMatchObject({ code: 0, out: '2000 kept for shop/autumn.\n' })
    expect((await line.run(['campaigns'])).out).toContain('shop/autumn  2000 sent, 0 left (0.0 per thousand)')
  })

  it('refuses a brand nobody has, a name that is too long and a day that has not begun', async () => {
    const sends = ['campaigns', 'sends', 'x', '5', '--brand', 'shop', '--channel', 'email', '--source', 'mailer']
    const ended = [
      await line.run(['campaigns', 'hold', 'x', '--brand', 'nobody']),
      await line.run(['campaigns', 'hold', 'x'.repeat(101), '--brand', 'shop']),
      await line.run([...sends, '--on', '9999-01-05']),
    ]
    expect(ended.map(({ code }) => code)).toEqual([64, 64, 64])
  })
})
