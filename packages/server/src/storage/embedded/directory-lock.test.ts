import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep } from '../retry.ts'
import { withDirectoryLock } from './directory-lock.ts'
import { readStartTicks } from './process-table.ts'

let dir: string
let lock: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'verzet-lock-'))
  lock = join(dir, 'lock')
})
afterEach(() => rm(dir, { recursive: true }))

async function leaveBehind(holder: string): Promise<void> {
  await mkdir(lock)
  await writeFile(join(lock, holder), '')
}

describe('a directory lock', () => {
  it('lets one in at a time', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      inside++
      most = Math.max(most, inside)
      await sleep(5)
      inside--
    }
    await Promise.all(Array.from({ length: 10 }, () => withDirectoryLock(lock, work)))
    expect(most).toBe(1)
    expect(await readdir(dir)).toEqual([])
  })

  it('is released when the work throws', async () => {
    await expect(withDirectoryLock(lock, () => Promise.reject(new Error('full')))).rejects.toThrow('full')
    expect(await withDirectoryLock(lock, async () => 'in')).toBe('in')
  })

  it('is taken over from a process that is gone, by one of those who wait', async () => {
    // Linux gives no process a number this high (proc(5), pid_max is at most 2^22).
    await leaveBehind('4194305-1-0123456789ab')
    let inside = 0
    const work = async () => {
      expect(++inside).toBe(1)
      await sleep(5)
      inside--
    }
    await Promise.all([1, 2, 3, 4].map(() => withDirectoryLock(lock, work)))
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over from a gone process whose number another process has now', async () => {
    await leaveBehind(`${process.pid}-1-0123456789ab`)
    expect(await withDirectoryLock(lock, async () => 'in')).toBe('in')
  })

  it('waits for a living holder', async () => {
    const holder = `${process.pid}-${await readStartTicks(process.pid)}-0123456789ab`
    await leaveBehind(holder)
    let entered = false
    const waiting = withDirectoryLock(lock, async () => {
      entered = true
    })
    await sleep(100)
    expect(entered).toBe(false)
    await rm(join(lock, holder))
    await waiting
    expect(entered).toBe(true)
  })
})
