import type { Scope, Standing, StandingItem } from '@verzet/core'
import { refusalsTouching } from './read-person.ts'

/** The objections in force that some message in this scope would run into, each once. */
export function refusalsMeeting(standing: Standing, scope: Scope): StandingItem[] {
  return refusalsTouching(standing, scope).filter(
    (refusal) => refusal.scope.topic === undefined || scope.topic === undefined || refusal.scope.topic === scope.topic,
  )
}
