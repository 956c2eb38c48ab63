import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'

const run = promisify(execFile)
/** Below the time a test has, so that nothing outlives it. */
const runWithinMs = 15_000

/** Sends with swaks; resolves with what was said on both sides, rejects when a command was refused. */
export async function swaks(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('swaks', [...args], { timeout: runWithinMs })
  return stdout
}

/** The same, where a refusal is expected; resolves with its exit code as well. */
export async function trySwaks(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    execFile('swaks', [...args], { timeout: runWithinMs }, (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout })
    })
  })
}

/**
 * Opens a Maildir in mutt on a terminal of its own and presses the keys of its mailing list menu (Esc L, u), twice Enter for
 * the address and the subject it found, and `y` to send. Its editor leaves the text alone.
 */
export async function unsubscribeInMutt(maildir: string, from: string, sendmail: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-mutt-'))
  const settings = `set folder = "${maildir}"
set spoolfile = "${maildir}"
set from = "${from}"
set use_from = yes
set use_envelope_from = yes
set envelope_from_address = "${from}"
set sendmail = "${sendmail}"
set editor = "/usr/bin/true"
set abort_unmodified = no
set abort_nosubject = no
set copy = no
set mark_old = no
set quit = yes
push "<list-action>u<enter><enter>y<quit>"
`
  try {
    await writeFile(join(directory, 'muttrc'), settings)
    // script(1) gives it a terminal; the size is what its menus need.
    const command = `stty rows 24 cols 80; exec mutt -n -F ${join(directory, 'muttrc')}`
    await run('script', ['-qec', command, '/dev/null'], {
      timeout: runWithinMs,
      killSignal: 'SIGHUP',
      env: { ...process.env, TERM: 'xterm', HOME: directory, LC_ALL: 'C.UTF-8' },
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Waits for what other programs do on their own time. */
export async function eventually<T>(
  look: () => Promise<T>,
  isThere: (found: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (isThere(found)) return found
    if (Date.now() > giveUpAt) expect(found, 'in time').toBe('there')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
