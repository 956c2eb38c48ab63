import type { SmsVendor } from '../../../services/texts/sms-accounts.ts'
import { cm } from './cm.ts'
import { messagebird } from './messagebird.ts'
import { sinch } from './sinch.ts'
import { twilio } from './twilio.ts'
import { vonage } from './vonage.ts'
import type { SmsWebhook } from './webhook.ts'

/** The vendors that call by webhook; an operator's SMPP link is called by the hub instead. */
export const webhookVendors: Readonly<Record<Exclude<SmsVendor, 'smpp'>, SmsWebhook>> = {
  twilio,
  sinch,
  messagebird,
  cm,
  vonage,
}

export function webhookOf(vendor: string): SmsWebhook | undefined {
  return Object.entries(webhookVendors).find(([name]) => name === vendor)?.[1]
}
