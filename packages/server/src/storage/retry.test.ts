import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { backoffDelayMs, isTransactionConflict, readSqlState, retry } from './retry.ts'

function serverError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code })
}

describe('a transaction conflict', () => {
  it('is a serialization failure or a deadlock, and nothing else', () => {
    expect(['40001', '40P01', '23505', '57014'].filter((code) => isTransactionConflict(serverError(code)))).toEqual([
      '40001',
      '40P01',
    ])
    expect(isTransactionConflict(Object.assign(new Error('not of the server'), { code: '40001' }))).toBe(false)
  })

  it('is told from an error of the connection, which has no SQLSTATE', () => {
    expect(readSqlState(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBeUndefined()
  })
})

describe('the wait', () => {
  it('doubles up to a quarter of a second', () => {
    expect([0, 1, 2, 5, 6, 60].map((attempt) => backoffDelayMs(attempt, 1))).toEqual([4, 8, 16, 128, 250, 250])
  })

  it('is drawn from nothing up to that', () => {
    expect(backoffDelayMs(3, 0)).toBe(0)
    expect(backoffDelayMs(3, 0.5)).toBe(16)
  })
})

describe('retry', () => {
  it('tries again while the error passes, then throws it', async () => {
    let runs = 0
    const work = async () => {
      runs++
      throw serverError('40001')
    }
    await expect(retry(work, { attemptsMax: 4, isPassing: isTransactionConflict })).rejects.toThrow('refused')
    expect(runs).toBe(4)
  })

  it('does not try again after any other error', async () => {
    let runs = 0
    const work = async () => {
      runs++
      throw serverError('23505')
    }
    await expect(retry(work, { attemptsMax: 4, isPassing: isTransactionConflict })).rejects.toThrow('refused')
    expect(runs).toBe(1)
  })
})
