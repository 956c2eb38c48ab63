import { describe, expect, it } from 'vitest'
import { checkCircles, checkFloors } from './floors.mjs'
import { withoutComments } from './source-scan.mjs'

const server = 'packages/server/src'

function source(path, text) {
  return { path, text, code: withoutComments(text) }
}

function floorsOf(path, text) {
  return checkFloors([source(path, text)])
}

describe('the floors', () => {
  it('let an import go down or stay', () => {
    expect(
      floorsOf(`${server}/services/a.ts`, "import { b } from '../storage/b.ts'\nimport { c } from './c.ts'"),
    ).toEqual([])
    expect(floorsOf(`${server}/storage/a.ts`, "import { decide } from '@verzet/core'")).toEqual([])
  })

  it('refuse an import that goes up, with its line, also of a type only', () => {
    expect(floorsOf(`${server}/storage/a.ts`, "\nimport type { B } from '../services/b.ts'")).toEqual([
      `${server}/storage/a.ts:2: '../services/b.ts' stands on a higher floor`,
    ])
    expect(floorsOf(`${server}/services/a.ts`, "export * from '../entry/b.ts'")).toHaveLength(1)
    expect(floorsOf(`${server}/services/a.ts`, "const b = await import('../adapters/b.ts')")).toHaveLength(1)
  })

  it('see an import over several lines, and none in a comment', () => {
    expect(floorsOf(`${server}/storage/a.ts`, "import {\n  b,\n  type C,\n} from '../services/b.ts'")).toHaveLength(1)
    expect(
      floorsOf(`${server}/storage/a.ts`, "// import { b } from '../services/b.ts'\n/* import './../entry/c.ts' */"),
    ).toEqual([])
  })

  it('refuse every way into a package but its door', () => {
    expect(floorsOf(`${server}/services/a.ts`, "import { x } from '@verzet/core/src/x.ts'")).toHaveLength(1)
    expect(floorsOf(`${server}/services/a.ts`, "import { x } from '../../../core/src/x.ts'")).toHaveLength(1)
  })

  it('leave core nothing but pure built-ins', () => {
    expect(floorsOf('packages/core/src/a.ts', "import { createHmac } from 'node:crypto'")).toEqual([])
    expect(floorsOf('packages/core/src/a.ts', "import { readFile } from 'node:fs/promises'")).toHaveLength(1)
    expect(floorsOf('packages/core/src/a.ts', "import { z } from 'zod'")).toHaveLength(1)
    expect(floorsOf('packages/core/src/a.ts', 'const now = new Date()')).toHaveLength(1)
    expect(floorsOf('packages/core/src/a.ts', 'const then = new Date(value)')).toEqual([])
  })

  it('keep the web framework in adapters/http and the environment in entry/config.ts', () => {
    expect(floorsOf(`${server}/adapters/http/a.ts`, "import fastify from 'fastify'")).toEqual([])
    expect(floorsOf(`${server}/entry/a.ts`, "import type { FastifyInstance } from 'fastify'")).toHaveLength(1)
    expect(floorsOf(`${server}/entry/config.ts`, 'const port = process.env.PORT')).toEqual([])
    expect(floorsOf(`${server}/entry/cli.ts`, 'const port = process.env.PORT')).toHaveLength(1)
    expect(floorsOf(`${server}/entry/cli.ts`, "import { env } from 'node:process'")).toHaveLength(1)
  })

  it('let tests reach anywhere, and nothing reach into what is for tests', () => {
    expect(floorsOf(`${server}/storage/a.test.ts`, "import { b } from '../entry/b.ts'")).toEqual([])
    expect(floorsOf(`${server}/storage/a.ts`, "import { b } from '../../test/database.ts'")).toHaveLength(1)
  })

  it('name a file that stands on none', () => {
    expect(floorsOf(`${server}/utils/a.ts`, '')).toEqual([`${server}/utils/a.ts: stands on no floor of the house`])
  })
})

describe('circles', () => {
  const from = (specifier) => `import { x } from '${specifier}'`

  it('are found through any number of files', () => {
    const sources = [
      source(`${server}/storage/a.ts`, from('./b.ts')),
      source(`${server}/storage/b.ts`, from('./c/c.ts')),
      source(`${server}/storage/c/c.ts`, from('../a.ts')),
    ]
    const [circle, ...others] = checkCircles(sources)
    expect(circle.split(' → ')).toEqual([0, 1, 2, 0].map((index) => sources[index].path))
    expect(others).toEqual([])
  })

  it('are not made by types, nor by two ways to one file', () => {
    const sources = [
      source(`${server}/storage/a.ts`, `${from('./b.ts')}\n${from('./c.ts')}`),
      source(`${server}/storage/b.ts`, from('./c.ts')),
      source(`${server}/storage/c.ts`, "import type { A } from './a.ts'"),
    ]
    expect(checkCircles(sources)).toEqual([])
  })
})
