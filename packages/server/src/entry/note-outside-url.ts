import { note } from './command-frame.ts'
import type { Config } from './config.ts'

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
