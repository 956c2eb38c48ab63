/** True where a program a suite talks to could not be installed; `npm test` names those, and CI counts them as failures. */
export function isMissing(...programs: readonly string[]): boolean {
  const missing = (process.env.VERZET_MISSING ?? '').split(',')
  return programs.some((program) => missing.includes(program))
}

/** Debian's own Python is the one that has Debian's packages. */
export const python = '/usr/bin/python3'
