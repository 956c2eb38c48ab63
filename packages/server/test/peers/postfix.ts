import { execFile } from 'node:child_process'
import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

export type Postfix = AsyncDisposable & {
  readonly port: number
  /** For `sendmail -C`, `postqueue -c` and the like. */
  readonly configDirectory: string
  /** What it logged so far. */
  log(): Promise<string>
  /** Messages that wait, are on their way or are held. */
  queued(): Promise<number>
  /** Tries what waits now. */
  flush(): Promise<void>
  /** Adds to its settings, which only what starts later knows. */
  reconfigure(more: string): Promise<void>
  /** Stops without tidying up, as a crash of the machine does; `start` goes on with the same queue. */
  stop(): Promise<void>
  start(): Promise<void>
}

const run = promisify(execFile)

/** Services of Debian's master.cf, without chroot: the queue of the test lies in a directory of its own. */
const services = (port: number) => `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

/**
 * A Postfix of the test's own: its settings, queue, data and log in one directory, and one port on the loopback. Needs
 * root, as Postfix does, and nothing of /etc/postfix. It asks no name server. `more` is added to its main.cf as written.
 */
export async function startPostfix(more: string, name = 'mail.postfix.example'): Promise<Postfix> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-postfix-'))
  await chmod(directory, 0o755)
  const at = (part: string) => join(directory, part)
  const port = await freePort()
  const owner = await accountOf('postfix')
  for (const part of ['config', 'queue', 'data']) await mkdir(at(part))
  await chown(at('data'), owner.uid, owner.gid)
  const settings = `compatibility_level = 3.6
queue_directory = ${at('queue')}
data_directory = ${at('data')}
maillog_file = ${at('log')}
maillog_file_prefixes = ${directory}
myhostname = ${name}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_host_lookup = native
lmtp_host_lookup = native
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtputf8_enable = yes
smtpd_client_connection_count_limit = 200
default_process_limit = 50
${more}
`
  await writeFile(at('config/main.cf'), settings)
  await writeFile(at('config/master.cf'), services(port))
  const postfix = (command: string) => run('postfix', ['-c', at('config'), command])
  const log = () => readFile(at('log'), 'utf8').catch(() => '')
  const start = async () => {
    await postfix('start').catch(async (error: unknown) => {
      throw new Error(`Postfix did not start: ${await log()}`, { cause: error })
    })
  }
  await start()
  return {
    port,
    configDirectory: at('config'),
    log,
    async queued() {
      const { stdout } = await run('postqueue', ['-c', at('config'), '-j'])
      return stdout.split('\n').filter((line) => line !== '').length
    },
    async flush() {
      await run('postqueue', ['-c', at('config'), '-f'])
    },
    async reconfigure(added) {
      await appendFile(at('config/main.cf'), added)
      await postfix('reload')
    },
    async stop() {
      await postfix('abort')
    },
    start,
    async [Symbol.asyncDispose]() {
      // It may have been stopped by the test.
      await postfix('abort').catch(() => undefined)
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

async function accountOf(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => Number((await run('id', [option, name])).stdout)),
  )
  return { uid: uid ?? 0, gid: gid ?? 0 }
}
