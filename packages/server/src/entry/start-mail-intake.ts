import { startMailListener } from '../adapters/smtp/mail-listener.ts'
import type { Hub } from '../services/hub.ts'
import { type ClaimedPort, claimPort, explainListenError, mailPort } from './claim-port.ts'
import { type Config, listed, parseListenAddress } from './config.ts'

export type ClaimedMailPort = ClaimedPort & { readonly host: string }

/** Undefined where no opt-out mail is taken. */
export async function claimMailPort(config: Config): Promise<ClaimedMailPort | undefined> {
  const wanted = config.mail_listen === undefined ? undefined : parseListenAddress(config.mail_listen)
  return wanted && { ...(await claimPort(wanted.host, wanted.port, mailPort)), host: wanted.host }
}

type IntakeOptions = {
  readonly claimed: ClaimedMailPort
  readonly wakeMail: () => void
  readonly log: (line: string) => void
}

/** Takes opt-out mail; disposing it finishes the mails under way. */
export async function startMailIntake(
  hub: Hub,
  config: Config,
  { claimed, ...parts }: IntakeOptions,
): Promise<AsyncDisposable & { readonly address: string }> {
  const { host, port } = claimed
  await claimed.release()
  try {
    const listener = await startMailListener(hub, {
      host,
      port,
      protocol: config.mail_listen_protocol,
      ...(config.complaint_providers && { enrolledProviders: listed(config.complaint_providers) }),
      ...parts,
    })
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
    return { address, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
  } catch (error) {
    throw explainListenError(error, host, port, mailPort)
  }
}
