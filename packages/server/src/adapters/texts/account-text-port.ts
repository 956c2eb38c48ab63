import { noteConnection, smsConnection } from '../../services/channels/note-connection.ts'
import type { Hub } from '../../services/hub.ts'
import type { OutgoingText, TextOutcome, TextPort } from '../../services/ports.ts'
import { readSmsAccounts, type SmsAccount } from '../../services/texts/sms-accounts.ts'
import { httpSenders } from './http-senders.ts'

/** The SMPP links that this process holds. */
export type SmppSenders = {
  send(account: string, text: OutgoingText): Promise<TextOutcome>
}

/**
 * Sends each text through the account that was written to, or any of its brand that can send. Without one a text waits,
 * and is given up after a day.
 */
export function accountTextPort(hub: Pick<Hub, 'db' | 'secrets' | 'clock'>, smpp: SmppSenders): TextPort {
  return {
    async send(text) {
      const account = chooseAccount(await readSmsAccounts(hub.db, hub.secrets), text)
      if (account === undefined) return { kind: 'unavailable', reason: 'no account can send' }
      // A link says by itself how it does.
      if (account.vendor === 'smpp') return smpp.send(account.id, text)
      const outcome = await sendByVendor(account, text)
      if (outcome.kind === 'sent') await noteConnection(hub, smsConnection(account.id), { kind: 'worked' })
      if (outcome.kind === 'unavailable')
        await noteConnection(hub, smsConnection(account.id), { kind: 'failed', reason: outcome.reason })
      return outcome
    },
  }
}

async function sendByVendor(account: SmsAccount, text: OutgoingText): Promise<TextOutcome> {
  const send = account.vendor === 'smpp' ? undefined : httpSenders[account.vendor]
  if (send === undefined) return { kind: 'unavailable', reason: 'no account can send' }
  try {
    return await send(account, text)
  } catch (error) {
    // The message may name an address; the class and its code are enough.
    return { kind: 'unavailable', reason: `${account.vendor} ${error instanceof Error ? error.name : 'error'}` }
  }
}

/** Undefined where nothing can send for the brand on this channel. */
export function chooseAccount(
  accounts: readonly SmsAccount[],
  { account: wanted, brand, channel }: OutgoingText,
): SmsAccount | undefined {
  const able = accounts.filter(
    (one) => one.brand === brand && canSend(one) && (channel === 'sms' || one.vendor !== 'smpp'),
  )
  return able.find(({ id }) => id === wanted) ?? able[0]
}

export function canSend({ vendor, numbers, secrets, settings }: SmsAccount): boolean {
  const isAble = vendor === 'smpp' ? settings.bind !== 'receiver' : httpSenders[vendor] !== undefined
  return isAble && numbers.length > 0 && secrets.sending !== undefined
}
