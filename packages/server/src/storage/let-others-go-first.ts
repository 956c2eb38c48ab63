import { constants, setPriority } from 'node:os'
import type pg from 'pg'

/**
 * Each connection has a process of its own at the server: it gets a tenth of the processor where others want it, and all of
 * it where nobody does.
 */
export async function letOthersGoFirst(client: pg.ClientBase): Promise<void> {
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    if (rows[0]) setPriority(rows[0].pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process of another account, or a system that knows no priorities: it goes as fast as the others.
  }
}
