/** `npm run check`: everything that can be said about the sources without running them, one line a check. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkKernel } from './build-kernel.mjs'
import { checkCircles, checkFloors } from './floors.mjs'
import { checkHouseRules, readHouse } from './house-rules.mjs'
import { ensureInstalled, root } from './install.mjs'
import { checkLocales } from './locales.mjs'
import { checkLockfile } from './lockfile.mjs'
import { readSources } from './source-scan.mjs'

const outputLinesMax = 200

const checks = [
  { name: 'types', run: () => command('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json') },
  { name: 'types of the element', run: () => command('node_modules/typescript/bin/tsc', '-p', 'packages/element') },
  { name: 'oxlint', run: () => command('node_modules/oxlint/bin/oxlint', '--deny-warnings') },
  { name: 'biome', run: () => command('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.') },
  { name: 'floors', run: () => checkFloors(readSources(root)) },
  { name: 'circles', run: () => checkCircles(readSources(root)) },
  { name: 'sql', run: () => (existsSync(join(root, 'scripts/lint-sql.mjs')) ? command('scripts/lint-sql.mjs') : []) },
  { name: 'locales', run: () => checkLocales() },
  { name: 'kernel', run: () => checkKernel() },
  { name: 'lockfile', run: () => checkLockfile() },
  { name: 'house rules', run: () => checkHouseRules(readHouse(root)) },
]

/** Runs one of our or npm's programs and returns its output as findings when it fails. */
function command(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.once('error', (error) => resolve([error.message]))
    child.once('close', (exitCode, signal) => {
      if (exitCode === 0) resolve([])
      else resolve([...output.trim().split('\n'), `ended with ${signal ?? `exit code ${exitCode}`}`])
    })
  })
}

async function runCheck({ name, run }) {
  const startedAt = performance.now()
  const findings = await Promise.resolve()
    .then(run)
    .catch((error) => [error.stack])
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const shown = findings.slice(0, outputLinesMax).map((finding) => `    ${finding}\n`)
  if (findings.length > outputLinesMax) shown.push(`    … ${findings.length - outputLinesMax} lines more\n`)
  process.stdout.write(`${findings.length === 0 ? 'ok    ' : 'failed'}  ${name} (${seconds} s)\n${shown.join('')}`)
  return findings.length === 0
}

try {
  await ensureInstalled()
  const results = await Promise.all(checks.map(runCheck))
  const failed = results.filter((ok) => !ok).length
  process.stdout.write(failed === 0 ? 'All checks passed.\n' : `${failed} of ${checks.length} checks failed.\n`)
  if (failed > 0) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.exitCode ?? 1
}
