import { getPriority } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../../test/database.ts'
import { DatabaseUnavailable, openDatabase, type Transaction, transact } from './database.ts'
import { readSqlState, sleep } from './retry.ts'

let test: TestDatabase

beforeAll(async () => {
  test = await createEmptyDatabase()
  await test.db.execute('create table counters (id int primary key, value int not null)')
})
afterAll(() => test[Symbol.asyncDispose]())
beforeEach(async () => {
  await test.db.execute('truncate counters')
  await test.db.execute('insert into counters values (1, 0), (2, 0)')
})

async function readCounter(id: number): Promise<number | undefined> {
  return (await test.db.query<{ value: number }>('select value from counters where id = $1', [id]))[0]?.value
}

function add(tx: Transaction, id: number): Promise<number> {
  return tx.execute('update counters set value = value + 1 where id = $1', [id])
}

describe('connections', () => {
  it('leave the processors to others where they are told to', async () => {
    const pid = 'select pg_backend_pid() as pid'
    await using db = await openDatabase({ connectionString: test.connectionString, poolSize: 1, yields: true })
    const [yielding, other] = [await db.query<{ pid: number }>(pid), await test.db.query<{ pid: number }>(pid)]
    expect(getPriority(yielding[0]?.pid)).toBeGreaterThan(getPriority(other[0]?.pid))
  })
})

describe('columns', () => {
  it('arrive as the documented types', async () => {
    const [row] = await test.db.query(`select 9007199254740993::int8 as position, 7::int2 as partition,
      'c0ffee00-0000-4000-8000-000000000001'::uuid as key, '{"a": [1]}'::jsonb as record, '2026-11-21'::date as day,
      '2026-11-21 12:00:00.123+01'::timestamptz as said_at, '\\x00ff'::bytea as hash,
      array['c0ffee00-0000-4000-8000-000000000001']::uuid[] as keys, array[9007199254740993, null]::int8[] as positions, array[]::int8[] as none`)
    expect(row).toEqual({
      position: 9007199254740993n,
      partition: 7,
      key: 'c0ffee00-0000-4000-8000-000000000001',
      record: { a: [1] },
      day: '2026-11-21',
      said_at: new Date('2026-11-21T11:00:00.123Z'),
      hash: Buffer.from([0, 255]),
      keys: ['c0ffee00-0000-4000-8000-000000000001'],
      positions: [9007199254740993n, null],
      none: [],
    })
  })

  it('take a bigint, a Date and an array of keys as values', async () => {
    const said = new Date('2026-03-29T01:30:00.5Z')
    const [row] = await test.db.query('select $1::int8 as position, $2::timestamptz as said_at, $3::uuid[] as keys', [
      9007199254740993n,
      said,
      ['c0ffee00-0000-4000-8000-000000000001'],
    ])
    expect(row).toEqual({
      position: 9007199254740993n,
      said_at: said,
      keys: ['c0ffee00-0000-4000-8000-000000000001'],
    })
  })

  it('are cut into days in UTC', async () => {
    expect(await test.db.query(`select current_setting('timezone') as timezone`)).toEqual([{ timezone: 'UTC' }])
  })
})

describe('a named statement', () => {
  it('is prepared once on its connection', async () => {
    await transact(test.db, async (tx) => {
      const statement = { name: 'read-counter', text: 'select value from counters where id = $1' }
      expect(await tx.query(statement, [1])).toEqual([{ value: 0 }])
      expect(await tx.query(statement, [2])).toEqual([{ value: 0 }])
      expect(await tx.query(`select name from pg_prepared_statements`)).toEqual([{ name: 'read-counter' }])
    })
  })
})

describe('transact', () => {
  it('commits what the work did and returns its result', async () => {
    expect(await transact(test.db, (tx) => add(tx, 1))).toBe(1)
    expect(await readCounter(1)).toBe(1)
  })

  it('keeps nothing of a work that throws, and throws the same error', async () => {
    const failure = new Error('changed my mind')
    await expect(
      transact(test.db, async (tx) => {
        await add(tx, 1)
        throw failure
      }),
    ).rejects.toBe(failure)
    expect(await readCounter(1)).toBe(0)
  })

  it('runs the work again after a deadlock, so that both transactions hold', async () => {
    let runs = 0
    const bothHold = meetingOf(2)
    const both = (first: number, second: number) =>
      transact(test.db, async (tx) => {
        runs++
        await add(tx, first)
        bothHold.arrive()
        await bothHold.reached
        await add(tx, second)
      })
    await Promise.all([both(1, 2), both(2, 1)])
    expect(await readCounter(1)).toBe(2)
    expect(await readCounter(2)).toBe(2)
    expect(runs).toBeGreaterThan(2)
  })

  it('runs the work again after a serialization failure', async () => {
    const work = async (tx: Transaction) => {
      const [row] = await tx.query<{ value: number }>('select value from counters where id = 1')
      await sleep(20)
      await tx.execute('update counters set value = $1 where id = 1', [(row?.value ?? 0) + 1])
    }
    const options = { isolation: 'repeatable read', attemptsMax: 20 } as const
    await Promise.all([1, 2, 3].map(() => transact(test.db, work, options)))
    expect(await readCounter(1)).toBe(3)
  })

  it('gives up after the given number of attempts', async () => {
    let runs = 0
    const work = async (tx: Transaction) => {
      runs++
      await tx.execute(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`)
    }
    const error: unknown = await transact(test.db, work, { attemptsMax: 3 }).catch((thrown: unknown) => thrown)
    expect(readSqlState(error)).toBe('40001')
    expect(runs).toBe(3)
  })

  it('refuses a write in a transaction that only reads', async () => {
    const error: unknown = await transact(test.db, (tx) => add(tx, 1), { readOnly: true }).catch((e: unknown) => e)
    expect(readSqlState(error)).toBe('25006')
  })

  it('throws when the connection is cut, and the pool goes on with a new one', async () => {
    const { pool } = test.db
    const before = pool.totalCount
    await expect(
      transact(test.db, async (tx) => {
        await add(tx, 1)
        await tx.query('select pg_terminate_backend(pg_backend_pid())')
      }),
    ).rejects.toThrow()
    expect(pool.totalCount).toBeLessThanOrEqual(before)
    expect(await transact(test.db, (tx) => add(tx, 1))).toBe(1)
    expect(await readCounter(1)).toBe(1)
  })

  it('survives a connection that is cut while the work is busy elsewhere', async () => {
    await expect(
      transact(test.db, async (tx) => {
        const [session] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
        await test.db.query('select pg_terminate_backend($1)', [session?.pid])
        await sleep(50)
        await add(tx, 1)
      }),
    ).rejects.toThrow()
    expect(await readCounter(1)).toBe(0)
  })

  it('does not hand a transaction left open to the next', async () => {
    await transact(test.db, (tx) => tx.execute('select 1 / 0').catch(() => 0)).catch(() => {})
    expect(await transact(test.db, (tx) => add(tx, 1))).toBe(1)
  })
})

describe('openDatabase', () => {
  it('says which database cannot be reached, without its password', async () => {
    const error: unknown = await openDatabase({
      connectionString: 'postgresql://verzet:geheim@127.0.0.1:1/hub',
    }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect(String(error)).toContain('The database "hub" at 127.0.0.1:1 cannot be reached: connect ECONNREFUSED')
    expect(String(error)).not.toContain('geheim')
  })

  it('says so when the database does not exist', async () => {
    const url = test.connectionString.replace(/test_[0-9a-f]+/, 'absent')
    await expect(openDatabase({ connectionString: url })).rejects.toThrow('database "absent" does not exist')
  })

  it('says so when the address is no URL', async () => {
    await expect(openDatabase({ connectionString: 'my database' })).rejects.toThrow('is not a URL')
  })

  it('refuses a database that does not store UTF-8', async () => {
    await test.db.execute(`create database latin template template0 encoding 'LATIN1' locale 'C'`)
    const url = test.connectionString.replace(/test_[0-9a-f]+/, 'latin')
    await expect(openDatabase({ connectionString: url })).rejects.toThrow('stores text as LATIN1')
    await test.db.execute('drop database latin with (force)')
  })
})

/** Resolves once `count` have arrived; who comes later does not wait. */
function meetingOf(count: number) {
  let arrived = 0
  let open: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    arrive() {
      arrived += 1
      if (arrived >= count) open()
    },
  }
}
