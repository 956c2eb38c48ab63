import { askGate, type GateAnswer, type GateQuestion } from './ask-gate.ts'
import type { Hub } from './hub.ts'

/**
 * As `askGate`, from this process's memory where it holds one. Both give the same answers, and neither answers without
 * the database (rule 6).
 */
export function askHubGate(
  { db, catalog, secrets, gateMemory }: Pick<Hub, 'db' | 'catalog' | 'secrets' | 'gateMemory'>,
  questions: readonly GateQuestion[],
  now: number,
): Promise<GateAnswer[]> {
  return gateMemory?.ask(questions, now) ?? askGate(db, catalog, secrets, questions, now)
}
