import type { Decision } from '@verzet/core'
import { type About, denied, type GivenContactPoint } from './prepared-question.ts'
import type { Questions } from './questions.ts'

/** Between two parts of a list it is looked anew whether the gate is up to date: some milliseconds. */
const decidedAtOnce = 8_192

/** A list in parts, and what was answered about them in one again. */
export function inParts<Given, Answer>(
  given: readonly Given[],
  size: number,
  answer: (part: readonly Given[]) => Answer[],
): Answer[] {
  if (given.length <= size) return answer(given)
  const answers: Answer[] = []
  for (let from = 0; from < given.length; from += size) {
    for (const one of answer(given.slice(from, from + size))) answers.push(one)
  }
  return answers
}

/** The answers about a list by whatever answers when their part is reached; undefined: nothing that is up to date does. */
export function answerInParts(
  given: readonly GivenContactPoint[],
  about: About,
  questions: () => Questions | undefined,
): Decision[] {
  return inParts(given, decidedAtOnce, (part) => {
    return questions()?.answerMany(part, about, Date.now()) ?? part.map(() => denied('stale'))
  })
}

/** How often each reason was given. */
export class DecisionCounts {
  readonly #byReason = new Map<string, number>()

  /** Gives the decision itself back. */
  add(decision: Decision, times = 1): Decision {
    this.#byReason.set(decision.reason, (this.#byReason.get(decision.reason) ?? 0) + times)
    return decision
  }

  addAll(decisions: Decision[]): Decision[] {
    // Answers that many share are the same object, and mostly one of two.
    const [first] = decisions
    const second = decisions.find((decision) => decision !== first)
    let [ofFirst, ofSecond] = [0, 0]
    for (const decision of decisions) {
      if (decision === first) ofFirst += 1
      else if (decision === second) ofSecond += 1
      else this.add(decision)
    }
    if (first !== undefined) this.add(first, ofFirst)
    if (second !== undefined) this.add(second, ofSecond)
    return decisions
  }

  byReason(): Record<string, number> {
    return Object.fromEntries(this.#byReason)
  }
}
