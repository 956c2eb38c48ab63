import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ListOutput } from './output-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-output-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const { signal } = new AbortController()
const block = Buffer.alloc(64 * 1024, 'x')

/** As a long list is written; a failure is told by one of the next pieces, or at the end. */
async function writeList(output: ListOutput): Promise<void> {
  let isWhole = false
  try {
    for (let piece = 0; piece < 20; piece += 1) await output.write(block, signal)
    isWhole = true
  } finally {
    await output.finish(isWhole)
  }
}

describe('a list that is written to a file', () => {
  it('gets its name when it is whole', async () => {
    const path = join(directory, 'list.csv')
    const output = new ListOutput(path, process.stdout)
    await output.write(block, signal)
    expect(readdirSync(directory)).toEqual(['list.csv.part'])
    await output.finish(true)
    expect(readFileSync(path)).toEqual(block)
    expect(readdirSync(directory)).toEqual(['list.csv'])
  })

  it.runIf(process.platform === 'linux')('is broken off on a full disk, and leaves nothing', async () => {
    symlinkSync('/dev/full', join(directory, 'list.csv.part'))
    await expect(writeList(new ListOutput(join(directory, 'list.csv'), process.stdout))).rejects.toThrow('ENOSPC')
    symlinkSync('/dev/full', join(directory, 'short.csv.part'))
    const short = new ListOutput(join(directory, 'short.csv'), process.stdout)
    await short.write(Buffer.from('a'), signal)
    await expect(short.finish(true)).rejects.toThrow('ENOSPC')
    expect(readdirSync(directory)).toEqual([])
  })

  it('is broken off where there is no such folder', async () => {
    await expect(writeList(new ListOutput(join(directory, 'none', 'list.csv'), process.stdout))).rejects.toThrow(
      'ENOENT',
    )
  })
})
