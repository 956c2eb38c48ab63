/**
 * The text catalogues say the same things in every language, and the sources use exactly what they say. ICU messages
 * are read by the library that renders them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isCommand, root } from './install.mjs'
import { isTest, readSources } from './source-scan.mjs'

export const languages = ['nl', 'fr', 'de', 'en']
const mailSources = 'packages/server/src/adapters/mail/'
/** What finds something says it by these names alone; the pages ask for them by a finding. */
const findingSources = ['packages/server/src/adapters/check/', 'packages/server/src/services/page-lint/']
const isFindingSource = (path) => findingSources.some((start) => path.startsWith(start))

/** Reads a catalogue's raw text, because JSON.parse keeps only the last of two equal keys. */
export function readCatalogue(language, raw) {
  const findings = []
  let parsed
  try {
    parsed = JSON.parse(raw)
  } catch (error) {
    return { language, texts: new Map(), findings: [`${language}: is no JSON (${error.message})`] }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { language, texts: new Map(), findings: [`${language}: must be an object of key and text`] }
  }
  const texts = new Map()
  for (const [key, text] of Object.entries(parsed)) {
    if (typeof text !== 'string') findings.push(`${language}: ${key} is no text`)
    else if (text.trim() === '') findings.push(`${language}: ${key} is empty`)
    else texts.set(key, text)
  }
  for (const key of repeatedKeys(raw)) findings.push(`${language}: ${key} is there twice`)
  return { language, texts, findings }
}

function repeatedKeys(raw) {
  const seen = new Set()
  const repeated = new Set()
  const string = String.raw`"(?:[^"\\]|\\.)*"`
  for (const match of raw.matchAll(new RegExp(`(${string})\\s*(:)?`, 'g'))) {
    if (match[2] === undefined) continue
    const key = JSON.parse(match[1])
    if (seen.has(key)) repeated.add(key)
    seen.add(key)
  }
  return repeated
}

/** The same keys everywhere, and in each text the same placeholders. `placeholders(text, language)` throws on bad ICU. */
export function compareCatalogues(catalogues, placeholders) {
  const findings = []
  const keys = new Set(catalogues.flatMap((catalogue) => [...catalogue.texts.keys()]))
  for (const key of [...keys].sort()) {
    let expected
    for (const { language, texts } of catalogues) {
      const text = texts.get(key)
      if (text === undefined) {
        findings.push(`${language}: ${key} is missing`)
        continue
      }
      try {
        const names = placeholders(text, language).join(', ')
        expected ??= { names, language }
        if (names === expected.names) continue
        findings.push(`${language}: ${key} has {${names}} where ${expected.language} has {${expected.names}}`)
      } catch (error) {
        findings.push(`${language}: ${key} is no ICU message (${error.message})`)
      }
    }
  }
  return findings
}

/** The names of arguments and tags in a message, sorted, each once. */
export function placeholderReader(IntlMessageFormat) {
  return (text, language) => {
    const names = new Set()
    collect(new IntlMessageFormat(text, language).getAst(), names)
    return [...names].sort()
  }
}

// The kinds of node in a parsed message: 0 is literal text and 7 the # of a plural; neither has a name. 8 is a tag.
function collect(nodes, names) {
  for (const node of nodes) {
    if (node.type === 0 || node.type === 7) continue
    names.add(node.type === 8 ? `<${node.value}>` : node.value)
    for (const option of Object.values(node.options ?? {})) collect(option.value, names)
    if (Array.isArray(node.children)) collect(node.children, names)
  }
}

const dotted = /(['"`])([a-z][\w-]*(?:\.[\w-]+)+)\1/gi
const builtKey = /`([\w.-]*[._-])\$\{[^}]*\}([\w.-]*)/g
const lookup = /\b(?:t|text|translate)\(\s*(?:[\w.]+\s*,\s*)?(['"`])([^'"`$]+)\1/g

/**
 * Each key is used, as a literal or by a template that begins with its first part (`reason.${id}`), and each key that a
 * source asks for exists. A literal with a dot whose first part is that of a key is taken for a key.
 */
export function compareUse(keys, sources) {
  const families = new Set([...keys].filter((key) => key.includes('.')).map((key) => key.split('.')[0]))
  const built = []
  const asked = new Map()
  for (const { path, code } of sources) {
    for (const match of code.matchAll(builtKey)) built.push({ start: match[1], end: match[2] })
    for (const match of code.matchAll(lookup)) asked.set(match[2], path)
    for (const match of code.matchAll(dotted)) {
      const text = match[2]
      if (families.has(text.split('.')[0]) && !isFileName(text)) asked.set(text, path)
    }
  }
  const isWritten = (key) =>
    ["'", '"', '`'].some((quote) => sources.some(({ code }) => code.includes(quote + key + quote)))
  const isBuilt = (key) => built.some(({ start, end }) => key.startsWith(start) && key.endsWith(end))
  const unused = [...keys].filter((key) => !isWritten(key) && !isBuilt(key))
  const unknown = [...asked].filter(([key]) => !keys.has(key))
  return [
    ...unused.map((key) => `${key} is used nowhere`),
    ...unknown.map(([key, path]) => `${path}: asks for ${key}, which no catalogue has`),
  ]
}

function isFileName(text) {
  return /\.(?:ts|tsx|js|mjs|json|css|html|svg|sql|csv|txt|md|toml|ics)$/.test(text)
}

/** Each family of catalogues with the sources that may ask for its texts: none borrows from another. */
export const families = [
  { directory: 'packages/server/locales', isUser: (path) => !path.startsWith(mailSources) && !isFindingSource(path) },
  { directory: 'packages/server/locales/mail', isUser: (path) => path.startsWith(mailSources) },
  { directory: 'packages/server/locales/findings', isUser: isFindingSource },
]

export async function checkLocales(from = root) {
  // A dependency of the server, so it is looked up from there.
  const resolver = createRequire(join(from, 'packages/server/package.json'))
  const { IntlMessageFormat } = await import(pathToFileURL(resolver.resolve('intl-messageformat')).href)
  const sources = readSources(from).filter(({ path }) => path.startsWith('packages/server/src/') && !isTest(path))
  return families.flatMap(({ directory, isUser }) => {
    const users = sources.filter(({ path }) => isUser(path))
    return checkFamily(from, directory, users, placeholderReader(IntlMessageFormat))
  })
}

function checkFamily(from, directory, sources, placeholders) {
  const absent = languages.filter((language) => !existsSync(join(from, directory, `${language}.json`)))
  if (absent.length > 0) return absent.map((language) => `${directory}/${language}.json is missing`)
  const catalogues = languages.map((language) =>
    readCatalogue(language, readFileSync(join(from, directory, `${language}.json`), 'utf8')),
  )
  const keys = new Set(catalogues.flatMap((catalogue) => [...catalogue.texts.keys()]))
  const findings = [
    ...catalogues.flatMap((catalogue) => catalogue.findings),
    ...compareCatalogues(catalogues, placeholders),
    ...compareUse(keys, sources),
  ]
  return findings.map((finding) => `${directory}: ${finding}`)
}

if (isCommand(import.meta.url)) {
  const findings = await checkLocales()
  for (const finding of findings) process.stdout.write(`${finding}\n`)
  if (findings.length > 0) process.exitCode = 1
}
