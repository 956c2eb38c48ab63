import { note } from './command-frame.ts'
import type { Config } from './config.ts'
import { listeningAt } from './listening-at.ts'

/** Nobody outside this machine opens what lies there. */
export function isLocal(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127\..*|\[?::1\]?|0\.0\.0\.0)$/.test(hostname)
}

/** Before addresses leave the hub, on paper or in a list, that nobody outside can open. */
export function noteOutsideUrl({ url, port }: Pick<Config, 'url' | 'port'>): void {
  if (url !== undefined && !isLocal(new URL(url).hostname)) return
  const here =
    url === undefined ? `VERZET_URL is not set, so they lead to http://localhost:${port}` : `they lead to ${url}`
  note(
    `verzet: nobody outside this machine can open these addresses: ${here}. Set VERZET_URL to where people reach the hub before anything is printed or sent.`,
  )
}

/** Beside a link for a colleague, which is good for one opening and a day: whether it leads to the hub at all. */
export function noteStaffLink({ url, port, dataDir }: Pick<Config, 'url' | 'port' | 'dataDir'>): void {
  if (url !== undefined) return
  if (listeningAt(dataDir) !== undefined) {
    note('verzet: VERZET_URL is not set, so this link opens on this machine alone.')
    return
  }
  note(
    `verzet: VERZET_URL is not set and no hub listens from ${dataDir}, so this link leads to http://localhost:${port}. If the hub listens elsewhere, write its own address in place of that one, or give this command the --data of the hub.`,
  )
}
