import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installBinaries } from './binaries.ts'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'verzet-binaries-'))
})
afterEach(() => rm(home, { recursive: true }))

describe('the binaries', () => {
  it('run from the data directory, with the library links that the package leaves to its install script', async () => {
    const binaries = await installBinaries(home)
    const library = join(dirname(binaries.postgres), '..', 'lib')
    expect(await realpath(join(library, 'libpq.so.5'))).toMatch(/libpq\.so\.5\.\d+$/)
    const { stdout } = await promisify(execFile)(binaries.initdb, ['--version'])
    expect(stdout).toBe(`initdb (PostgreSQL) ${/\d+\.\d+/.exec(binaries.postgres)?.[0]}\n`)
    expect(binaries.majorVersion).toBe(Number.parseInt(stdout.slice(20), 10))
  })

  it('are put there once, and what a killed start left is removed', async () => {
    await mkdir(join(home, 'postgres-bin', '18.0.0.new', 'bin'), { recursive: true })
    const first = await installBinaries(home)
    expect(await installBinaries(home)).toEqual(first)
    expect(await readdir(join(home, 'postgres-bin'))).toHaveLength(1)
    expect(existsSync(first.postgres)).toBe(true)
  })
})
