/** What the command's end says to a script; the numbers above 63 are those of BSD's sysexits.h. */
export const exitCodes = {
  ok: 0,
  /** A negative answer: the gate denies, a check of `doctor` fails. */
  negative: 1,
  /** The gate says: not now. */
  defer: 2,
  usage: 64,
  /** The file or the words given could not be taken, or not all of them. */
  data: 65,
  /** The database or another system cannot be reached. */
  unavailable: 69,
  /** A mistake in Verzet itself. */
  internal: 70,
  config: 78,
  /** 128 + SIGINT (2), as shells have it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with one plain sentence on stderr. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The command was called wrongly; the sentence says how to call it. */
export function usageProblem(message: string): CommandFailed {
  return new CommandFailed(exitCodes.usage, message)
}

/** What was given (a file, a value) cannot be taken. */
export function dataProblem(message: string): CommandFailed {
  return new CommandFailed(exitCodes.data, message)
}

/** Errors of the floors below are known by their stable codes. */
const codesOfErrors: Readonly<Record<string, ExitCode>> = {
  config_invalid: exitCodes.config,
  backup_refused: exitCodes.data,
  migration_refused: exitCodes.config,
  database_unavailable: exitCodes.unavailable,
  embedded_postgres_unavailable: exitCodes.unavailable,
  overloaded: exitCodes.unavailable,
  ECONNREFUSED: exitCodes.unavailable,
  ECONNRESET: exitCodes.unavailable,
  ENOENT: exitCodes.data,
  EACCES: exitCodes.data,
  EISDIR: exitCodes.data,
  EEXIST: exitCodes.data,
  ENOSPC: exitCodes.unavailable,
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandFailed) return error.exitCode
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return codesOfErrors[code] ?? exitCodes.internal
}
