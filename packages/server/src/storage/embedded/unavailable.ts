/**
 * The embedded database cannot run here. The message is a sentence for the operator and always names the way out: a
 * PostgreSQL server of their own.
 */
export class EmbeddedPostgresUnavailable extends Error {
  readonly code = 'embedded_postgres_unavailable'
  override readonly name = 'EmbeddedPostgresUnavailable'

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `${/[.!?]$/.test(reason) ? reason : `${reason}.`} Or set DATABASE_URL to a PostgreSQL server of your own (15 or later).`,
      options,
    )
  }
}

/** Errors of the disk that only the operator can mend, in their words; any other error is returned as it is. */
export function explainDiskError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return unavailable(`This user may not write to ${path}. Start Verzet as the user it belongs to.`, error)
    case 'EROFS':
      return unavailable(`The disk of ${path} may only be read. Choose another data directory.`, error)
    case 'ENOSPC':
    case 'EDQUOT':
      return unavailable(`The disk of ${path} is full. Make room.`, error)
    default:
      return error
  }
}

function unavailable(reason: string, cause: Error): EmbeddedPostgresUnavailable {
  return new EmbeddedPostgresUnavailable(reason, { cause })
}
