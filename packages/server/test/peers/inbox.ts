import { chmod, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postfix, startPostfix } from './postfix.ts'

/** A mail as it lies in the mailbox, with CRLF as it travelled. */
export type Delivered = { readonly to: string; readonly data: string }

export type Inbox = AsyncDisposable & {
  readonly postfix: Postfix
  delivered(): Promise<readonly Delivered[]>
  /** How many there are, without reading them. */
  count(): Promise<number>
  deliveredTo(address: string): Promise<readonly Delivered[]>
}

/** `nobody` of Debian owns the mail of the test. */
const owner = 65_534

/** A Postfix that puts whatever comes for a domain into one Maildir. */
export async function startInbox(domain: string): Promise<Inbox> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-inbox-'))
  await chmod(directory, 0o755)
  await chown(directory, owner, owner)
  const postfix = await startPostfix(
    `virtual_mailbox_domains = ${domain}
virtual_mailbox_base = ${directory}
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${owner}
virtual_gid_maps = static:${owner}
virtual_minimum_uid = 1
local_header_rewrite_clients =
default_transport = error:5.1.2 no way there
`,
    'mail.lezers.example',
  )
  const arrived = join(directory, 'all/new')
  const names = () => readdir(arrived).catch(() => [])
  const delivered = async () => Promise.all((await names()).map(async (name) => readMaildir(join(arrived, name))))
  return {
    postfix,
    delivered,
    count: async () => (await names()).length,
    deliveredTo: async (address) => (await delivered()).filter(({ to }) => to === address),
    async [Symbol.asyncDispose]() {
      await postfix[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function readMaildir(path: string): Promise<Delivered> {
  const data = (await readFile(path, 'latin1')).replaceAll('\n', '\r\n')
  return { data, to: /^Delivered-To: (.*)\r$/m.exec(data)?.[1] ?? '' }
}

/** A mail without what the servers on its way wrote above it, our signatures among it. */
export function withoutTrace(data: string): string {
  return data.replace(
    /^(?:(?:Return-Path|X-Original-To|Delivered-To|Received|DKIM-Signature):.*\r\n(?:[ \t].*\r\n)*)+/i,
    '',
  )
}
