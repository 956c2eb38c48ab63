import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export type Dovecot = AsyncDisposable & {
  /** For LMTP. */
  readonly port: number
  log(): Promise<string>
  /** The Maildir of a user. */
  mailDirectory(user: string): string
  /** What was delivered to a user, as files, in the order it came. */
  delivered(user: string): Promise<readonly string[]>
}

export type DovecotUser = {
  readonly name: string
  readonly sieve?: string
  /** In bytes; unlimited without it. */
  readonly quotaBytes?: number
}

const startWithinMs = 15_000
/** `nobody` of Debian owns the mail of the test: no account of the machine has it. */
const owner = { uid: 65_534, gid: 65_534 }

/**
 * A Dovecot of the test's own: takes mail by LMTP for the users it is given, runs their Sieve scripts, and sends what those
 * write through the mail server at `submission`.
 */
export async function startDovecot(users: readonly DovecotUser[], submission: string): Promise<Dovecot> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-dovecot-'))
  await chmod(directory, 0o755)
  const at = (...parts: readonly string[]) => join(directory, ...parts)
  const port = await freePort()
  await mkdir(at('home'))
  await chown(at('home'), owner.uid, owner.gid)
  for (const { name, sieve } of users) {
    await mkdir(at('home', name))
    if (sieve !== undefined) await writeFile(at('home', name, 'script.sieve'), sieve)
    await chown(at('home', name), owner.uid, owner.gid)
  }
  const lines = users.map(({ name, quotaBytes }) => {
    const extra = quotaBytes === undefined ? '' : `userdb_quota_rule=*:bytes=${quotaBytes}`
    return `${name}:{PLAIN}x:${owner.uid}:${owner.gid}::${at('home', name)}::${extra}`
  })
  await writeFile(at('users'), `${lines.join('\n')}\n`)
  await writeFile(at('dovecot.conf'), settings(directory, port, submission))
  const child = spawn('dovecot', ['-F', '-c', at('dovecot.conf')], { stdio: 'ignore' })
  const log = () => readFile(at('log'), 'utf8').catch(() => '')
  await answers(child, port).catch(async (error: unknown) => {
    throw new Error(`Dovecot did not start: ${await log()}`, { cause: error })
  })
  const mailDirectory = (user: string) => at('home', user, 'mail')
  return {
    port,
    log,
    mailDirectory,
    async delivered(user) {
      const arrived = join(mailDirectory(user), 'new')
      const names = await readdir(arrived).catch(() => [])
      const inOrder = names.toSorted((a, b) => arrivalOf(a) - arrivalOf(b))
      return Promise.all(inOrder.map((name) => readFile(join(arrived, name), 'latin1')))
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

/** A file of a Maildir is called `<seconds>.M<microseconds>…`, and Dovecot writes the microseconds without leading zeros. */
function arrivalOf(name: string): number {
  const [, seconds, microseconds] = /^(\d+)\.M(\d+)/.exec(name) ?? []
  return Number(seconds) * 1_000_000 + Number(microseconds)
}

function settings(directory: string, port: number, submission: string): string {
  return `protocols = lmtp
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
ssl = no
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:~/mail
mail_plugins = $mail_plugins quota
submission_host = ${submission}
hostname = mail.dovecot.example
postmaster_address = postmaster@dovecot.example
auth_username_format = %Ln
lmtp_rcpt_check_quota = no
userdb {
  driver = passwd-file
  args = username_format=%n ${directory}/users
}
passdb {
  driver = passwd-file
  args = username_format=%n ${directory}/users
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${port}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
protocol lmtp {
  mail_plugins = $mail_plugins quota sieve
}
plugin {
  sieve = file:~/script.sieve
  quota = count:User quota
  quota_vsizes = yes
}
`
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  const giveUpAt = Date.now() + startWithinMs
  while (!(await canConnect(port))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error(`no LMTP on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
