/**
 * The floors of the house: imports go down or stay, never up and never in a circle, and some doors are open to one
 * floor only. Type-only imports count for the floors; a circle needs imports that still exist at run time.
 */
import { builtinModules } from 'node:module'
import { isCommand, root } from './install.mjs'
import { importsOf, isTest, lineAt, readSources, resolveRelative } from './source-scan.mjs'

const floors = [
  { prefix: 'packages/server/src/entry/', height: 5 },
  { prefix: 'packages/server/src/adapters/', height: 4 },
  { prefix: 'packages/server/src/services/', height: 3 },
  { prefix: 'packages/server/src/storage/', height: 2 },
  { prefix: 'packages/gate-nats/src/', height: 3 },
  { prefix: 'packages/gate/src/', height: 2 },
  { prefix: 'packages/element/src/', height: 1 },
  { prefix: 'packages/core/src/', height: 1 },
]
const packageHeights = new Map([
  ['@verzet/core', 1],
  ['@verzet/gate', 2],
  ['@verzet/gate-nats', 3],
])
const coreBuiltins = new Set(['node:crypto', 'node:url'])
const environmentReader = 'packages/server/src/entry/config.ts'
const webFloor = 'packages/server/src/adapters/http/'
const webPackage = /^(?:fastify(?:-.*)?|@fastify\/.*)$/
const environment =
  /\bprocess\s*\.\s*env\b|\bprocess\s*\[\s*['"]env['"]|\benv\b[^{}]*\}\s*(?:from\s*['"]|=\s*)(?:node:)?process\b/g
/** Core takes the moment and every id as a value. */
const impure =
  /\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\brandom(?:UUID|Bytes|Int)\b/g

export function heightOf(path) {
  return floors.find((floor) => path.startsWith(floor.prefix))?.height
}

/** One sentence for each import that breaks the house, beginning with `path:line`. */
export function checkFloors(sources) {
  return sources
    .filter((source) => !isTest(source.path))
    .flatMap((source) => {
      if (heightOf(source.path) === undefined) return [`${source.path}: stands on no floor of the house`]
      const imports = importsOf(source.code)
      const crossed = imports.flatMap((found) => {
        const complaint = complaintAbout(source.path, found.specifier)
        return complaint === undefined ? [] : [`${source.path}:${found.line}: ${complaint}`]
      })
      return [...crossed, ...checkReads(source)]
    })
}

function complaintAbout(path, specifier) {
  const target = resolveRelative(path, specifier)
  if (target !== undefined) return relativeComplaint(path, specifier, target)
  if (/^@verzet\/(?:core|gate|gate-nats)\//.test(specifier)) return `'${specifier}' passes by the door of its package`
  const height = packageHeights.get(specifier)
  if (height !== undefined && height > heightOf(path)) return `'${specifier}' stands on a higher floor`
  if (packageOf(path) === 'core' && !coreBuiltins.has(specifier)) return `core may not import '${specifier}'`
  if (packageOf(path) === 'element') return `the element depends on nothing, not on '${specifier}'`
  if (packageOf(path) === 'gate' && specifier !== '@verzet/core' && !isBuiltin(specifier)) {
    return `gate depends on core only, not on '${specifier}'`
  }
  if (webPackage.test(specifier) && !path.startsWith(webFloor)) return `only adapters/http may import '${specifier}'`
  return undefined
}

function relativeComplaint(path, specifier, target) {
  if (packageOf(target) !== packageOf(path)) return `'${specifier}' leaves the package`
  if (isTest(target)) return `'${specifier}' is for tests`
  // What is not below src (package.json, a data file) stands below every floor.
  const height = heightOf(target)
  if (height !== undefined && height > heightOf(path)) return `'${specifier}' stands on a higher floor`
  return undefined
}

function packageOf(path) {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

function isBuiltin(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function checkReads({ path, code }) {
  const found = []
  if (path !== environmentReader) {
    for (const match of code.matchAll(environment)) {
      found.push(`${path}:${lineAt(code, match.index)}: only ${environmentReader} reads the environment`)
    }
  }
  if (packageOf(path) === 'core') {
    for (const match of code.matchAll(impure)) {
      found.push(`${path}:${lineAt(code, match.index)}: core reads no clock and no random (${match[0]})`)
    }
  }
  return found
}

/** Every circle of run-time imports, once, as `a → b → a`. */
export function checkCircles(sources) {
  const graph = new Map()
  for (const { path, code } of sources) {
    const lasting = importsOf(code).filter((found) => !found.typeOnly)
    graph.set(path, [...new Set(lasting.map((found) => resolveRelative(path, found.specifier)))])
  }
  return circlesIn(graph).map((circle) => [...circle, circle[0]].join(' → '))
}

/** Depth first; a step back onto the path being walked closes a circle. */
function circlesIn(graph) {
  const circles = []
  const finished = new Set()
  const walked = []
  const visit = (path) => {
    const start = walked.indexOf(path)
    if (start !== -1) {
      circles.push(walked.slice(start))
      return
    }
    if (finished.has(path) || !graph.has(path)) return
    walked.push(path)
    for (const next of graph.get(path)) visit(next)
    walked.pop()
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return circles
}

if (isCommand(import.meta.url)) {
  const sources = readSources(root)
  const findings = [...checkFloors(sources), ...checkCircles(sources).map((circle) => `circle: ${circle}`)]
  for (const finding of findings) process.stdout.write(`${finding}\n`)
  if (findings.length > 0) process.exitCode = 1
}
