export type CheckStatus = 'ok' | 'warn' | 'fail'

/** One thing looked at, in plain words; `advice` says what to do. */
export type Check = {
  readonly name: string
  readonly status: CheckStatus
  readonly message: string
  readonly advice?: string
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message }
}

export function warn(name: string, message: string, advice: string): Check {
  return { name, status: 'warn', message, advice }
}

export function fail(name: string, message: string, advice: string): Check {
  return { name, status: 'fail', message, advice }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
