import type { Standing } from './standing.ts'

/** An outside do-not-contact list names this contact point. The same again changes nothing and gives back the same record. */
export function listInRegister(standing: Standing, register: string): Standing {
  const listed = standing.listedIn ?? []
  if (listed.includes(register)) return standing
  return { ...standing, listedIn: [...listed, register].sort() }
}

/** The list names it no longer. Nothing that was said is touched: leaving a list is no consent. */
export function delistFromRegister(standing: Standing, register: string): Standing {
  if (!standing.listedIn?.includes(register)) return standing
  const { listedIn, ...rest } = standing
  const kept = listedIn.filter((other) => other !== register)
  return kept.length === 0 ? rest : { ...rest, listedIn: kept }
}
