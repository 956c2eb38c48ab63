import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build, builtFrom, bundledFiles, sourceHash } from './build.mjs'

let directory
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-build-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function write(path, content) {
  mkdirSync(join(directory, path, '..'), { recursive: true })
  writeFileSync(join(directory, path), content)
}

describe('the bundle', () => {
  const hash = 'a'.repeat(64)

  it('runs, carries its stamp, and leaves packages outside', async () => {
    write(
      'entry.ts',
      "import { format } from 'node:util'\nimport type { A } from 'zod'\nconst a: A | string = format('%s', 'x')\nconsole.log(a)",
    )
    const bundle = join(directory, 'dist/verzet.mjs')
    await build({ entry: join(directory, 'entry.ts'), bundle, hash })
    expect(builtFrom(bundle)).toBe(hash)
    expect(execFileSync(process.execPath, [bundle], { encoding: 'utf8' })).toBe('x\n')
    expect(readdirSync(join(directory, 'dist')).sort()).toEqual(['verzet.mjs', 'verzet.mjs.map'])
  })

  it('keeps what is loaded later in a part of its own, and no part of the build before', async () => {
    const bundle = join(directory, 'dist/verzet.mjs')
    const parts = () => readdirSync(join(directory, 'dist')).filter((name) => /^part-.*\.mjs$/.test(name))
    write('entry.ts', "const { said } = await import('./later.ts')\nconsole.log(said)")
    write('later.ts', "export const said = 'one'")
    await build({ entry: join(directory, 'entry.ts'), bundle, hash })
    expect(execFileSync(process.execPath, [bundle], { encoding: 'utf8' })).toBe('one\n')
    const before = parts()
    write('later.ts', "export const said = 'two'")
    await build({ entry: join(directory, 'entry.ts'), bundle, hash })
    expect(execFileSync(process.execPath, [bundle], { encoding: 'utf8' })).toBe('two\n')
    expect([before.length, parts().length, parts().includes(before[0])]).toEqual([1, 1, false])
  })

  it('renders JSX by preact, which stays a package of its own', async () => {
    write('entry.tsx', 'export const page = <p>hello</p>')
    const bundle = join(directory, 'dist/verzet.mjs')
    await build({ entry: join(directory, 'entry.tsx'), bundle, hash })
    expect(readFileSync(bundle, 'utf8')).toContain('from "preact/jsx-runtime"')
  })

  it('survives builds at the same moment', async () => {
    write('entry.ts', "console.log('whole')")
    const bundle = join(directory, 'dist/verzet.mjs')
    const once = () => build({ entry: join(directory, 'entry.ts'), bundle, hash })
    await Promise.all([once(), once(), once()])
    expect(execFileSync(process.execPath, [bundle], { encoding: 'utf8' })).toBe('whole\n')
    expect(readdirSync(join(directory, 'dist'))).toHaveLength(2)
  })

  it('says which file is missing', async () => {
    await expect(build({ entry: join(directory, 'none.ts'), hash })).rejects.toThrow(/none\.ts is missing/)
  })
})

describe('the hash of the sources', () => {
  beforeEach(() => {
    write('package-lock.json', '{}')
    write('packages/a/package.json', '{}')
    write('packages/a/src/b/c.ts', 'one')
  })

  it('changes with a source, not with a test or with time', () => {
    const before = sourceHash(directory)
    write('packages/a/src/b/c.test.ts', 'test')
    write('packages/a/src/b/c.ts', 'one')
    expect(sourceHash(directory)).toBe(before)
    write('packages/a/src/b/c.ts', 'two')
    expect(sourceHash(directory)).not.toBe(before)
  })

  it('covers what is bundled', () => {
    expect(bundledFiles(directory)).toEqual(['package-lock.json', 'packages/a/package.json', 'packages/a/src/b/c.ts'])
  })
})
