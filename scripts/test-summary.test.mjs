import { describe, expect, it } from 'vitest'
import { closingLine, skippedSuites, summarise } from './test-summary.mjs'

function file(status, ...tests) {
  const assertionResults = tests.map((outcome) => ({ status: outcome, title: 'a', ancestorTitles: ['pages', 'grid'] }))
  return { name: '/repo/a.test.ts', status, assertionResults }
}

function lineOf(exitCode, ...testResults) {
  return closingLine(summarise({ testResults }, exitCode))
}

describe('the closing line', () => {
  it('counts tests over all files', () => {
    expect(lineOf(0, file('passed', 'passed', 'passed'), file('passed', 'passed'))).toBe('3 passed, 0 failed')
    expect(lineOf(1, file('failed', 'passed', 'failed'))).toBe('1 passed, 1 failed')
  })

  it('names skipped tests only when there are some', () => {
    expect(lineOf(0, file('passed', 'passed', 'skipped', 'pending', 'todo'))).toBe('1 passed, 0 failed, 3 skipped')
  })

  it('counts a file that does not load, or whose set-up fails, as a failure', () => {
    expect(lineOf(1, file('passed', 'passed'), file('failed'))).toBe('1 passed, 1 failed')
    expect(lineOf(1, file('failed', 'skipped', 'skipped'))).toBe('0 passed, 1 failed, 2 skipped')
  })

  it('never calls a run good in which nothing ran, or which vitest calls failed', () => {
    expect(lineOf(0)).toBe('0 passed, 1 failed')
    expect(lineOf(0, file('passed', 'skipped'))).toBe('0 passed, 1 failed, 1 skipped')
    expect(lineOf(1, file('passed', 'passed'))).toBe('1 passed, 1 failed')
    expect(closingLine(summarise(undefined, 1))).toBe('0 passed, 1 failed')
  })
})

describe('skipped suites', () => {
  it('are named by file and outermost title, with their number of tests', () => {
    const report = { testResults: [file('passed', 'skipped', 'skipped', 'passed')] }
    expect(skippedSuites(report, '/repo/')).toEqual(['a.test.ts > pages (2)'])
  })
})
