import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureInstalled, npmHasInstalled, root, withLock } from './install.mjs'

let clone
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'verzet-install-'))
})
afterEach(() => rmSync(clone, { recursive: true, force: true }))

function write(path, content) {
  mkdirSync(join(clone, path, '..'), { recursive: true })
  writeFileSync(join(clone, path), typeof content === 'string' ? content : JSON.stringify(content))
}

const wanted = {
  '': {},
  'packages/server': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'x' },
  'node_modules/a-darwin': { version: '1.0.0', optional: true },
}

describe('what npm has installed', () => {
  beforeEach(() => {
    write('package-lock.json', { packages: wanted })
    write('node_modules/.bin/verzet', '')
  })

  it('is enough when it is what the lock asks for, without the packages of other platforms', async () => {
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': wanted['node_modules/a'] } })
    expect(npmHasInstalled(clone)).toBe(true)
    await ensureInstalled(clone)
    expect(readFileSync(join(clone, 'node_modules/.verzet-install'), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is not enough in another version, with a package missing, or with no account of it', () => {
    expect(npmHasInstalled(clone)).toBe(false)
    write('node_modules/.package-lock.json', { packages: {} })
    expect(npmHasInstalled(clone)).toBe(false)
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '0.9.0', integrity: 'x' } } })
    expect(npmHasInstalled(clone)).toBe(false)
  })
})

describe('the lock between processes', () => {
  it('lets one in at a time', async () => {
    const path = join(clone, 'dist/.lock')
    const events = []
    const work = (name) => async () => {
      events.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      events.push(`${name} out`)
    }
    await Promise.all([withLock(path, work('a')), withLock(path, work('b'))])
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out'])
    expect(existsSync(path)).toBe(false)
  })

  it('is taken over from a process that died', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => gone.once('exit', resolve))
    write('lock', String(gone.pid))
    expect(await withLock(join(clone, 'lock'), async () => 'done')).toBe('done')
  })
})

describe('starting', () => {
  it('says plainly that npm ci failed, with what npm said, and fails', () => {
    mkdirSync(join(clone, 'scripts'))
    for (const name of ['start.mjs', 'install.mjs']) cpSync(join(root, 'scripts', name), join(clone, 'scripts', name))
    write('package.json', { name: 'other', dependencies: { a: 'file:./a' } })
    write('a/package.json', { name: 'a', version: '1.0.0' })
    write('package-lock.json', { name: 'other', lockfileVersion: 3, packages: { '': { name: 'other' } } })
    const run = () =>
      execFileSync(process.execPath, ['scripts/start.mjs'], { cwd: clone, stdio: 'pipe', encoding: 'utf8' })
    expect(run).toThrow(
      expect.objectContaining({ stdout: '', stderr: expect.stringMatching(/EUSAGE.*npm ci ended with exit code 1/s) }),
    )
  })
})
