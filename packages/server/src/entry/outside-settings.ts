import { parseImapUrl } from '../adapters/imap/imap-url.ts'
import type { OutsideSettings } from '../services/channels/read-connections.ts'
import type { Config } from './config.ts'

/** What staff may see of how mail is set up: hosts and ports, never a user or a password. */
export function outsideSettings(config: Config): OutsideSettings {
  const mailbox = config.imap_url === undefined ? undefined : parseImapUrl(config.imap_url)
  const relay = [config.relay_listen, config.relay_listen_tls].filter((address) => address !== undefined)
  return {
    ...(config.smarthost !== undefined && { mailOut: new URL(config.smarthost).host }),
    ...(config.mail_listen !== undefined && { mailIn: config.mail_listen }),
    ...(mailbox && { mailbox: `${mailbox.host} · ${mailbox.folder}` }),
    ...(relay.length > 0 && { relay: relay.join(', ') }),
  }
}
