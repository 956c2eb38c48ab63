/**
 * `npm test`: installs what the tests need, builds the hub they start, runs every test, and ends with one line,
 * `N passed, N failed`. Arguments go on to vitest. With CI=true a skipped test or a missing program is a failure.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled, root, runProgram } from './install.mjs'
import { installPeerPrograms } from './peer-programs.mjs'
import { closingLine, skippedSuites, summarise } from './test-summary.mjs'

const inCi = process.env.CI === 'true' || process.env.CI === '1'
const skippedShownMax = 40

async function runVitest(args, missing) {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-test-'))
  const reportPath = join(directory, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const exitCode = await runProgram(process.execPath, [vitest, 'run', ...reporters, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, VERZET_MISSING: missing.map((entry) => entry.program).join(',') },
    })
    return { exitCode, report: readReport(reportPath) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function announceMissing(missing) {
  for (const { program, suites } of missing) {
    const consequence = inCi ? 'which is a failure in CI' : `skipped: ${suites.join(', ')}`
    process.stdout.write(`${program} is not installed; ${consequence}\n`)
  }
}

async function test() {
  await ensureInstalled()
  const missing = installPeerPrograms()
  announceMissing(missing)
  await ensureBuilt()
  const { exitCode, report } = await runVitest(process.argv.slice(2), missing)
  const totals = summarise(report, exitCode)
  if (report === undefined) process.stdout.write('vitest ended without a report.\n')
  else if (totals.nothingRan) process.stdout.write('No test was executed.\n')
  const skipped = skippedSuites(report, root)
  for (const name of skipped.slice(0, skippedShownMax)) process.stdout.write(`skipped: ${name}\n`)
  if (skipped.length > skippedShownMax) process.stdout.write(`skipped: ${skipped.length - skippedShownMax} more\n`)
  if (inCi) totals.failed += missing.length
  if (exitCode !== 0 || totals.failed > 0 || (inCi && totals.skipped > 0)) process.exitCode = 1
  return totals
}

const startedAt = performance.now()
const totals = await test().catch((error) => {
  // esbuild has already printed what it found, with the place.
  if (!Array.isArray(error.errors)) process.stdout.write(`${error.message}\n`)
  process.exitCode = 1
  return { passed: 0, failed: 1, skipped: 0 }
})
const seconds = (performance.now() - startedAt) / 1000
process.stdout.write(`Duration ${seconds.toFixed(1)} s\n${closingLine(totals)}\n`)
