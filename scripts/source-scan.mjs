/** Finds the sources of the workspace and what they import, without a TypeScript parser. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** After one of these a slash begins a regular expression and not a division. */
const beforeRegex =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of|do|else|await|yield|void|delete))\s*$/

/** Sources as `{path, text, code}`: the path from the root with forward slashes, `code` without its comments. */
export function readSources(root) {
  const sources = []
  for (const name of directoriesIn(join(root, 'packages'))) {
    for (const file of filesBelow(join(root, 'packages', name, 'src'))) {
      if (!/\.tsx?$/.test(file)) continue
      const path = `packages/${name}/src/${file}`
      const text = readFileSync(join(root, path), 'utf8')
      sources.push({ path, text, code: withoutComments(text) })
    }
  }
  return sources
}

/** Tests, and the helpers only tests use, may reach across the house; nothing of the house may reach into them. */
export function isTest(path) {
  return /\.test\.tsx?$/.test(path) || /\/(?:testing|test)\//.test(path)
}

function directoriesIn(directory) {
  if (!existsSync(directory)) return []
  const entries = readdirSync(directory, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

function filesBelow(directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true }).map((file) => file.replaceAll('\\', '/'))
}

const clause = String.raw`(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\}|[\w$]+(?:\s*,\s*(?:\{[^}]*\}|\*\s+as\s+[\w$]+))?)`
const fromPattern = new RegExp(String.raw`\b(?:import|export)\s+(type\s+)?${clause}\s*from\s*(['"])([^'"]+)\2`, 'g')
const barePattern = /\bimport\s*(['"])([^'"]+)\1/g
const dynamicPattern = /\bimport\s*\(\s*(['"`])([^'"`$]+)\1/g

/** What a file imports, as `{specifier, typeOnly, line}`; `code` is free of comments. */
export function importsOf(code) {
  const found = []
  for (const match of code.matchAll(fromPattern)) {
    found.push({ specifier: match[3], typeOnly: match[1] !== undefined, line: lineAt(code, match.index) })
  }
  for (const pattern of [barePattern, dynamicPattern]) {
    for (const match of code.matchAll(pattern)) {
      found.push({ specifier: match[2], typeOnly: false, line: lineAt(code, match.index) })
    }
  }
  return found.sort((a, b) => a.line - b.line)
}

/** The path from the root that a relative specifier names; undefined for a package. */
export function resolveRelative(path, specifier) {
  if (!specifier.startsWith('.')) return undefined
  return normalize(join(dirname(path), specifier)).replaceAll('\\', '/')
}

export function lineAt(text, index) {
  return text.slice(0, index).split('\n').length
}

/** The text with every comment blanked out; lines and positions stay where they are. */
export function withoutComments(text) {
  let result = ''
  let position = 0
  while (position < text.length) {
    const end = tokenEnd(text, position, result)
    const token = text.slice(position, end)
    result += isComment(token) ? token.replace(/[^\n]/g, ' ') : token
    position = end
  }
  return result
}

function isComment(token) {
  return token.startsWith('//') || token.startsWith('/*')
}

function tokenEnd(text, start, before) {
  const two = text.slice(start, start + 2)
  if (two === '//') return endOr(text.indexOf('\n', start), text)
  if (two === '/*') return endOr(text.indexOf('*/', start + 2), text, 2)
  const character = text[start]
  if (character === "'" || character === '"') return quotedEnd(text, start, character, false)
  if (character === '`') return quotedEnd(text, start, character, true)
  // The last few characters are enough to tell; the whole of what came before would make this quadratic.
  if (character === '/' && beforeRegex.test(before.slice(-40))) return regexEnd(text, start)
  return start + 1
}

function endOr(index, text, width = 0) {
  return index === -1 ? text.length : index + width
}

/** A quote in JSX text opens nothing, so an unclosed one ends with its line. */
function quotedEnd(text, start, quote, mayBreak) {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === quote) return index + 1
    else if (text[index] === '\n' && !mayBreak) return index
  }
  return text.length
}

function regexEnd(text, start) {
  let inClass = false
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\\') index += 1
    else if (character === '\n') return start + 1
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return index + 1
  }
  return start + 1
}
