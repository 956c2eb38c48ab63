import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { freePort } from './free-port.ts'

/** A Dovecot of the test's own, with any number of users who all have one password. */
export type DovecotImap = AsyncDisposable & {
  readonly port: number
  readonly directory: string
  /** A client of the test beside the hub's. */
  signIn(user: string): Promise<ImapFlow>
  log(): Promise<string>
}

export const password = 'geheim-van-de-postbus'
const startWithinMs = 15_000
/** `nobody` of Debian owns the mail of the test. */
const owner = { uid: 65_534, gid: 65_534 }

export async function startDovecotImap(): Promise<DovecotImap> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-imap-'))
  await chmod(directory, 0o755)
  await mkdir(join(directory, 'mail'))
  await chown(join(directory, 'mail'), owner.uid, owner.gid)
  const port = await freePort()
  await writeFile(join(directory, 'dovecot.conf'), settings(directory, port))
  const child = spawn('dovecot', ['-F', '-c', join(directory, 'dovecot.conf')], { stdio: 'ignore' })
  const log = () => readFile(join(directory, 'log'), 'utf8').catch(() => '')
  await greets(child, port).catch(async (error: unknown) => {
    throw new Error(`Dovecot did not start: ${await log()}`, { cause: error })
  })
  return {
    port,
    directory,
    log,
    async signIn(user) {
      const auth = { user, pass: password }
      const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

function settings(directory: string, port: number): string {
  return `protocols = imap
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
ssl = no
listen = 127.0.0.1
disable_plaintext_auth = no
first_valid_uid = 1
mail_max_userip_connections = 50
mail_location = maildir:${directory}/mail/%u
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${directory}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
}

async function greets(child: ChildProcess, port: number): Promise<void> {
  const giveUpAt = Date.now() + startWithinMs
  while (!(await hasGreeted(port))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error(`no IMAP on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function hasGreeted(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'data')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
