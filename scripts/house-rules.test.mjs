import { describe, expect, it } from 'vitest'
import { checkHouseRules, linesMax } from './house-rules.mjs'
import { withoutComments } from './source-scan.mjs'

function findings(text, path = 'packages/core/src/a.ts') {
  return checkHouseRules([{ path, text, code: withoutComments(text) }])
}

describe('the rules of the house', () => {
  it('end a file by its limit', () => {
    expect(findings('a\n'.repeat(linesMax))).toEqual([])
    expect(findings('a\n'.repeat(linesMax + 1))).toHaveLength(1)
  })

  it('know no any', () => {
    for (const text of ['let a: any', 'a as any', 'Map<string, any>', 'f(a: any[])', 'type A = string | any']) {
      expect(findings(text)).toEqual(['packages/core/src/a.ts:1: the type any'])
    }
    for (const text of ["const a = 'as any'", '// of any kind', 'Promise.any(all)', 'if (any) b()', 'f({ any: 1 })']) {
      expect(findings(text)).toEqual([])
    }
  })

  it('silence no type check', () => {
    expect(findings('// @ts-ignore\na')).toEqual(['packages/core/src/a.ts:1: a silenced type check'])
  })

  it('leave no test out, but let a suite skip itself for a missing program', () => {
    const path = 'packages/core/src/a.test.ts'
    expect(findings("it.skip('a', b)", path)).toHaveLength(1)
    expect(findings("describe.only('a', b)", path)).toHaveLength(1)
    expect(findings("describe.skipIf(missing)('a', b)", path)).toEqual([])
  })
})
