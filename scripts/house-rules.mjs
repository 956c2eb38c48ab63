/** Rules of the house that a line of text shows and no linter knows: length, unfinished tests, silenced checks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lineAt, readSources, withoutComments } from './source-scan.mjs'

export const linesMax = 300

/** Tables of data, not code: their length is that of what they list. */
const dataFiles = new Set(['packages/core/src/phone-plans.ts'])

const inCode = [
  { pattern: /(?:[:<,|&]|\bas|=>)\s*any\b(?!\s*[:(=.])/g, says: 'the type any' },
  { pattern: /\bas\s+unknown\s+as\b/g, says: 'a cast through unknown' },
]
const inTests = [
  // skipIf is allowed: a suite whose program is missing skips itself by name.
  { pattern: /\b(?:describe|it|test|suite)\s*\.\s*(?:skip|only|todo)\b/g, says: 'a test that is skipped or alone' },
]
const inText = [{ pattern: /@ts-(?:ignore|nocheck|expect-error)\b/g, says: 'a silenced type check' }]

/** One finding a place, as `path:line: what`. */
export function checkHouseRules(sources) {
  return sources.flatMap(({ path, text, code }) => {
    const plain = withoutStrings(code)
    const isTestFile = /\.test\.\w+$/.test(path)
    return [
      ...lengthFinding(path, text),
      ...findingsOf(path, plain, inCode),
      ...findingsOf(path, text, inText),
      ...(isTestFile ? findingsOf(path, plain, inTests) : []),
    ]
  })
}

/** Packages, scripts and benchmarks alike. */
export function readHouse(root) {
  const loose = ['scripts', 'bench', 'packages/server/test']
    .filter((directory) => existsSync(join(root, directory)))
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: true })
        .filter((file) => /\.(?:ts|mjs)$/.test(file))
        .map((file) => `${directory}/${file}`),
    )
  const others = loose.map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, code: withoutComments(text) }
  })
  // The scripts name what they look for.
  return [...readSources(root), ...others.filter(({ path }) => !path.startsWith('scripts/house-rules.'))]
}

function lengthFinding(path, text) {
  const lines = text.trimEnd().split('\n').length
  return lines > linesMax && !dataFiles.has(path) ? [`${path}: ${lines} lines, at most ${linesMax}`] : []
}

function findingsOf(path, text, rules) {
  return rules.flatMap(({ pattern, says }) =>
    [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)}: ${says}`),
  )
}

function withoutStrings(code) {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
}
