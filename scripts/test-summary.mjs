/** Reads vitest's JSON report and says it in one line. */

/**
 * Counts a report. A file that cannot be loaded, or whose set-up fails, has no failed test to show for it and counts as
 * one failure; so does a run in which nothing was executed, and one that vitest itself calls failed.
 */
export function summarise(report, exitCode) {
  const files = report?.testResults ?? []
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files) {
    const failedBefore = totals.failed
    for (const test of file.assertionResults) totals[outcome(test.status)] += 1
    if (file.status === 'failed' && totals.failed === failedBefore) totals.failed += 1
  }
  const nothingRan = totals.passed + totals.failed === 0
  if (totals.failed === 0 && (nothingRan || exitCode !== 0)) totals.failed = 1
  return { ...totals, nothingRan }
}

function outcome(status) {
  if (status === 'passed') return 'passed'
  return status === 'failed' ? 'failed' : 'skipped'
}

/** The outermost suites with a skipped test, with their file, as `file > suite (n)`. */
export function skippedSuites(report, root) {
  const counts = new Map()
  for (const file of report?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (outcome(test.status) !== 'skipped') continue
      const name = `${file.name.replace(root, '')} > ${test.ancestorTitles[0] ?? test.title}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return [...counts].map(([name, count]) => `${name} (${count})`)
}

export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
