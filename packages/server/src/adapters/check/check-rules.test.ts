import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkRules } from './check-rules.ts'

const page = readFileSync(new URL('../../../../../docs/operate/check.md', import.meta.url), 'utf8')

describe('the rules of the check', () => {
  it('stand in the operator’s page as they are: name, severity, kinds, sentence and source', () => {
    const rows = Object.entries(checkRules).map(
      ([id, { severity, kinds, says, source }]) =>
        `| \`${id}\` | ${severity} | ${kinds.join(', ')} | ${says} | ${source} |`,
    )
    const written = page.split('\n').filter((line) => line.startsWith('| `'))
    expect(written.filter((line) => line.split('|').length === 7)).toEqual(rows)
  })
})
