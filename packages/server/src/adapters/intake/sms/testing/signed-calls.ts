import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { WebhookCall } from '../webhook.ts'

const schema = z.object({
  receivedAt: z.number(),
  calls: z.array(
    z.object({
      vendor: z.string(),
      name: z.string(),
      url: z.string(),
      secret: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  ),
})

const file = schema.parse(JSON.parse(readFileSync(new URL('../fixtures/signed-calls.json', import.meta.url), 'utf8')))

export type SignedCall = (typeof file.calls)[number]
export const signedCalls: readonly SignedCall[] = file.calls
/** When they were signed. */
export const signedAt = file.receivedAt

export function callOf({ url, headers, body }: SignedCall, changes: Partial<WebhookCall> = {}): WebhookCall {
  return { url, headers, body: Buffer.from(body), receivedAt: signedAt, ...changes }
}

export function signedCall(vendor: string, name: string): SignedCall {
  const found = signedCalls.find((one) => one.vendor === vendor && one.name === name)
  if (found === undefined) throw new Error(`no call of ${vendor}: ${name}`)
  return found
}
