import { everything, uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { transact } from '../storage/database.ts'
import { insertReviewItem } from '../storage/review-items.ts'

let line: CommandLine
const ids: string[] = []
beforeAll(async () => {
  line = await createCommandLine()
  for (const text of ['Moet dit?\u001b[2J', 'Only less, please']) ids.push(await open(text))
})
afterAll(() => line[Symbol.asyncDispose]())

/** As the mail intake leaves it, of nobody the hub could name. */
async function open(text: string): Promise<string> {
  const arrivedAt = new Date()
  const id = uuidV7(arrivedAt.getTime(), Buffer.from(text.padEnd(10).slice(0, 10)))
  const item = {
    id,
    contactKey: null,
    source: 'email',
    kind: 'unclear_reply',
    reason: 'no_sender',
    excerpt: text,
  } as const
  const unknown = { sender: null, language: null, brand: null, proofHash: null }
  await transact(line.db, (tx) =>
    insertReviewItem(
      tx,
      { ...item, ...unknown, proposedScope: everything, arrivedAt, dueAt: new Date(arrivedAt.getTime() + 3_600_000) },
      [],
    ),
  )
  return id
}

describe('verzet review', () => {
  it('lists what waits and shows it, without what a stranger means for the terminal', async () => {
    const [id = ''] = ids
    expect((await line.run(['review', 'list'])).out).toContain(id)
    const shown = await line.run(['review', 'show', id])
    expect(shown.out).toContain('> Moet dit?')
    expect(shown.out).not.toContain('\u001b')
  })

  it('decides for whom it is told, and takes it back', async () => {
    const [id = ''] = ids
    const decide = ['review', 'decide', id, '--as', 'opt-out']
    expect(await line.run(decide)).toMatchObject({ code: 65, err: expect.stringContaining('--contact') })
    expect(await line.run([...decide, '--contact', 'jan@x.be'])).toMatchObject({
      code: 0,
      out: 'Decided. Recorded: no to all marketing.\n',
    })
    const gate = ['gate', 'jan@x.be', '--channel', 'email', '--topic', 'news']
    expect(await line.run(gate)).toMatchObject({ code: 1, out: expect.stringContaining('objection said') })
    expect((await line.run(['review', 'undo', id])).code).toBe(0)
    expect(await line.run(gate)).toMatchObject({ code: 1, out: expect.stringContaining('no consent') })
  })

  it('speaks JSON, and ends with the codes of the house', async () => {
    const [, id = ''] = ids
    expect(JSON.parse((await line.run(['review', 'list', '--json'])).out)).toHaveLength(2)
    expect((await line.run(['review', 'decide', id, '--as', 'narrow'])).code).toBe(64)
    expect((await line.run(['review', 'decide', id, '--as', 'perhaps'])).code).toBe(64)
    expect((await line.run(['review', 'show', 'nothing'])).code).toBe(65)
    const decided = await line.run(['review', 'decide', id, '--as', 'not-a-no', '--json'])
    expect(JSON.parse(decided.out)).toMatchObject({ decision: { decision: 'not_a_no', decidedBy: 'command' } })
    expect((await line.run(['review', 'decide', id, '--as', 'not-a-no'])).code).toBe(65)
  })
})

it('verzet delivery notes that an address failed, and that it works again', async () => {
  const args = ['delivery', 'els@x.be', '--channel', 'email', '--kind']
  expect((await line.run([...args, 'hard-bounce'])).out).toBe(
    'Noted. Nothing is sent there by email until it proves alive.\n',
  )
  const gate = ['gate', 'els@x.be', '--channel', 'email', '--topic', 'orders']
  expect(await line.run(gate)).toMatchObject({ code: 1, out: expect.stringContaining('do not arrive') })
  expect(JSON.parse((await line.run([...args, 'delivered', '--json'])).out)).toEqual({
    changed: true,
    deliverable: true,
  })
  expect((await line.run(gate)).code).toBe(0)
  expect((await line.run([...args, 'dead-number'])).code).toBe(65)
})
