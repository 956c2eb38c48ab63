import { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, phone, saveTestRelation, say } from '../../test/people.ts'
import { exportTables, restoreTables } from './backup.ts'
import { transact } from './database.ts'
import { matchPepperCheck } from './deployment.ts'

const pepperCheck = Buffer.alloc(32, 'check')
let hub: TestHub
let target: TestDatabase
let backup: string

beforeAll(async () => {
  hub = await createTestHub()
  target = await createTestDatabase()
  await matchPepperCheck(hub.db, pepperCheck, hub.clock())
  await saveTestRelation(hub, 'B-1', [email('back@example.be'), phone('0470 55 66 77')], {
    name: 'Tab\tNew\nLine \\. é\u2028',
  })
  await say(hub, email('back@example.be'), { kind: 'objection' })
  backup = await exported()
})
afterAll(async () => {
  await target[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

async function exported(): Promise<string> {
  const chunks: Buffer[] = []
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  await transact(hub.db, (tx) => exportTables(tx, out, hub.clock()), { isolation: 'repeatable read' })
  return Buffer.concat(chunks).toString('utf8')
}

const restore = (text: string, check = pepperCheck) =>
  transact(target.db, (tx) => restoreTables(tx, Readable.from([Buffer.from(text)]), check))

describe('a backup', () => {
  it('that cannot be written says so, and leaves the connection in order', async () => {
    const full = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) =>
        done(chunk.includes('verdictverdict') ? new Error('the disk is full') : null),
    })
    const manyRows = `insert into seen_texts (text_key, verdict, seen_at)
      select gen_random_uuid(), repeat('verdict', 100), now() from generate_series(1, 10000)`
    const written = transact(hub.db, async (tx) => {
      await tx.execute(manyRows)
      await exportTables(tx, full, hub.clock())
    })
    await expect(written).rejects.toThrow('the disk is full')
    expect(await hub.db.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is refused with another pepper, of another version, cut off or damaged, and nothing of it stays', async () => {
    await expect(restore(backup, Buffer.alloc(32, 'other'))).rejects.toThrow(/another pepper/)
    await expect(restore(backup.replace('0001-start.sql', '0001-other.sql'))).rejects.toThrow(/another version/)
    await expect(restore(backup.slice(0, -20))).rejects.toThrow(/damaged|too early/)
    await expect(restore(backup.replace(/end \d+/, 'end 1'))).rejects.toThrow(/damaged/)
    await expect(restore('hello\n')).rejects.toThrow(/not a backup/)
    expect(await target.db.query('select 1 from contact_points')).toEqual([])
  })

  it('brings back every row of every table as it was, and only into a database nobody used', async () => {
    await restore(backup)
    const tables = [
      'brands',
      'topics',
      'relations',
      'contact_points',
      'choices',
      'evidence',
      'standings',
      'changes',
      'partitions',
    ]
    for (const table of tables) {
      const all = `select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`
      const rows = await hub.db.query(all)
      expect(rows.length, table).toBeGreaterThan(0)
      expect(await target.db.query(all), table).toEqual(rows)
    }
    await expect(restore(backup)).rejects.toThrow(/in use/)
  })
})
