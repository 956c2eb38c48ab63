/**
 * What happens to somebody who left, after the no.
 *
 *   first_act ──► asked ──► confirmed        the no was meant
 *       │           │  ├──► narrowed         an alternative was taken instead
 *       │           │  ├──► returned         the no was taken back
 *       │           │  └──► unanswered       nobody answered in time: the no stands
 *       └───────────┴─────► the same four, where the answer came before the question
 *
 * A no that was confirmed or never answered may still be narrowed or taken back later; one that was taken back is over.
 * None of these states is read by the gate: the no itself holds from the first act (rule 4).
 */
export const leaveStates = ['first_act', 'asked', 'confirmed', 'narrowed', 'returned', 'unanswered'] as const
export type LeaveState = (typeof leaveStates)[number]

/**
 * What a brand does after a no. `immediate` asks nothing more; the others ask once whether it was meant, on the page or
 * in one mail (a text, for who came by text). In all of them the no holds from the first act.
 */
export const leavingPolicies = ['immediate', 'confirm_on_page', 'confirm_by_mail'] as const
export type LeavingPolicy = (typeof leavingPolicies)[number]

const reachable: Record<LeaveState, readonly LeaveState[]> = {
  first_act: ['asked', 'confirmed', 'narrowed', 'returned', 'unanswered'],
  asked: ['confirmed', 'narrowed', 'returned', 'unanswered'],
  confirmed: ['narrowed', 'returned'],
  narrowed: ['narrowed', 'returned'],
  returned: [],
  unanswered: ['confirmed', 'narrowed', 'returned'],
}

/** The states from which a leave may come into this one. */
export function leaveStatesBefore(state: LeaveState): readonly LeaveState[] {
  return leaveStates.filter((from) => reachable[from].includes(state))
}
