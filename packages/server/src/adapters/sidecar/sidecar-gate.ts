import type { Gate } from '@verzet/gate'
import type { z } from 'zod'
import type * as schemas from '../http/api/schemas.ts'
import { isoTime } from '../http/api/schemas.ts'

/** What a sidecar asks: the replica of this host. */
export type SidecarGate = Pick<Gate, 'decide' | 'claim' | 'position' | 'state' | 'metrics'>

export type AskedQuestion = z.infer<typeof schemas.question>
type Answered = ReturnType<Gate['decide']>

/** As the hub writes it; `position` is left out for as long as nothing was loaded. */
export type ShownDecision = Omit<Answered, 'until'> & { readonly until?: string; readonly position?: string }

export function decideNow(gate: SidecarGate, question: AskedQuestion): ShownDecision {
  return showDecision(gate.decide(question.contactPoint, aboutOf(question)), gate.position)
}

/** As {@link decideNow}, and counted by the hub for who asked for at most so many. */
export async function claimNow(gate: SidecarGate, question: AskedQuestion): Promise<ShownDecision> {
  return showDecision(await gate.claim(question.contactPoint, aboutOf(question)), gate.position)
}

function aboutOf({ brand, channel, topic, campaign }: AskedQuestion) {
  return { channel, topic, ...(brand !== undefined && { brand }), ...(campaign !== undefined && { campaign }) }
}

export function showDecision({ until, ...decision }: Answered, position: string | undefined): ShownDecision {
  return {
    ...decision,
    ...(until !== undefined && { until: isoTime(until) }),
    ...(position !== undefined && { position }),
  }
}
