import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * A process id alone proves nothing: after a restart of the machine, and far sooner in a container, another process has
 * it. So these tell what the process is and when it began.
 */

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM says that there is a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Empty when there is no such process, or when it has ended and its parent has not looked yet (a zombie). */
export async function readCommandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
    return (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim()
  } catch {
    return ''
  }
}

/** When the process began, in the kernel's own count (proc(5), field 22 of stat); `0` where the system has no /proc. */
export async function readStartTicks(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may itself hold blanks and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
  } catch {
    return '0'
  }
}
