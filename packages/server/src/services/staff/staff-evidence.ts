import { evidenceEntry, uuidV7 } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import type { SignInMethod } from '../../storage/staff-sessions.ts'
import type { RandomBytes } from '../ports.ts'

export type StaffAct =
  | 'account_added'
  | 'roles_changed'
  | 'account_disabled'
  | 'account_enabled'
  | 'link_made'
  | 'password_chosen'
  | 'signed_in'
  | 'signed_out'
  | 'confirmed'
  | 'sessions_ended'
  | 'passkey_added'
  | 'passkey_renamed'
  | 'passkey_removed'
  | 'provider_bound'
  | 'set_saved'
  | 'set_removed'
  | 'api_key_made'
  | 'api_key_revoked'
  | 'lift_proposed'
  | 'lift_approved'
  | 'lift_refused'
  | 'content_changed'
  | 'alert_seen'
  | 'comment_tagged'
  | 'comment_untagged'

type Act = {
  /** The account, set, key, relation or contact point that it is about. */
  readonly staffId: string
  readonly act: StaffAct
  readonly actor: string
  readonly roles?: readonly string[]
  /** The id of what was added, changed or removed. */
  readonly object?: string
  readonly method?: SignInMethod
}

/** Acts about an account are evidence under the account's own id; they name nobody by address. */
export async function appendStaffAct(tx: Transaction, random: RandomBytes, act: Act, now: number): Promise<void> {
  const { staffId, roles, ...details } = act
  const entry = evidenceEntry({
    id: uuidV7(now, random(10)),
    subjectKey: staffId,
    kind: 'staff_act',
    recordedAt: now,
    details: { ...details, ...(roles && { roles: [...roles] }) },
  })
  await appendEvidence(tx, [entry])
}

/** Who acts, for the evidence. */
export function staffActor(staffId: string): string {
  return `staff:${staffId}`
}

/** The account that acted; undefined for a key, a command and everybody else. */
export function staffOf(actor: string): string | undefined {
  return /^staff:(.+)$/.exec(actor)?.[1]
}
