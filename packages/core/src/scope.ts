import type { Channel } from './channel.ts'

/** What a choice is about. An absent part means all of them: `{}` is every brand, channel and topic. */
export type Scope = {
  readonly brand?: string
  readonly channel?: Channel
  readonly topic?: string
}

/** Everything: what silence means (rule 3). */
export const everything: Scope = {}

/** True when each part of `scope` is absent or equal to that part of `target`; a scope covers itself. */
export function covers(scope: Scope, target: Scope): boolean {
  return (
    (scope.brand === undefined || scope.brand === target.brand) &&
    (scope.channel === undefined || scope.channel === target.channel) &&
    (scope.topic === undefined || scope.topic === target.topic)
  )
}

export function sameScope(one: Scope, other: Scope): boolean {
  return one.brand === other.brand && one.channel === other.channel && one.topic === other.topic
}
