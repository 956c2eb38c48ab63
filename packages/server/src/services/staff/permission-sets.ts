import { uuidV7 } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import {
  deletePermissionSet,
  listPermissionSets,
  type PermissionSetRow,
  writePermissionSet,
} from '../../storage/staff-sets.ts'
import type { Hub } from '../hub.ts'
import { type Permission, permissions } from './permissions.ts'
import { appendStaffAct } from './staff-evidence.ts'

/** As long as the name of a job. */
export const setNameCharactersMax = 60
/** More than a deployment has jobs; the page of somebody's account lists them all. */
export const setsMax = 50

export type SetSaved =
  | { readonly kind: 'saved'; readonly id: string }
  | { readonly kind: 'no_name' | 'no_permission' | 'name_taken' | 'too_many' | 'unknown' }

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>
type Wanted = { readonly id?: string; readonly name: string; readonly permissions: readonly string[] }

/** Makes a set of permissions with a name of its own, or changes one; who has it notices at their next page. */
export function savePermissionSet(hub: Parts, wanted: Wanted, actor: string): Promise<SetSaved> {
  const now = hub.clock()
  const name = wanted.name.trim().slice(0, setNameCharactersMax)
  const given: Permission[] = permissions.filter((one) => wanted.permissions.includes(one))
  return transact(hub.db, async (tx) => {
    if (name === '') return { kind: 'no_name' }
    if (given.length === 0) return { kind: 'no_permission' }
    const known = await listPermissionSets(tx)
    if (wanted.id !== undefined && !known.some(({ id }) => id === wanted.id)) return { kind: 'unknown' }
    if (wanted.id === undefined && known.length >= setsMax) return { kind: 'too_many' }
    // Two that differ in capitals alone are one to whoever reads them out.
    if (known.some((one) => one.id !== wanted.id && isSameName(one.name, name))) return { kind: 'name_taken' }
    const id = wanted.id ?? uuidV7(now, hub.random(10))
    if (!(await writePermissionSet(tx, { id, name, permissions: given }, now))) return { kind: 'name_taken' }
    await appendStaffAct(tx, hub.random, { staffId: id, act: 'set_saved', actor, roles: given }, now)
    return { kind: 'saved', id }
  })
}

/** Whether people would call two sets by the same name. */
function isSameName(one: string, other: string): boolean {
  const read = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
  return read(one) === read(other)
}

/** Takes it from everybody who has it. False when there is none. */
export function removePermissionSet(hub: Parts, id: string, actor: string): Promise<boolean> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    if (!(await deletePermissionSet(tx, id))) return false
    await appendStaffAct(tx, hub.random, { staffId: id, act: 'set_removed', actor }, now)
    return true
  })
}

export function readPermissionSets({ db }: Pick<Hub, 'db'>): Promise<PermissionSetRow[]> {
  return listPermissionSets(db)
}
