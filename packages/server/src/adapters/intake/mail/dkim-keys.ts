import { Resolver } from 'node:dns/promises'
import type { KeyLookup } from './dkim-signatures.ts'

/** The first try; the second waits twice as long, and each name server is asked. */
const questionMs = 1_500
const triesMax = 2
/** In all, whatever the number of name servers: a sending server waits ten minutes (RFC 5321 §4.5.3.2.6), a mailbox for ever. */
const lookupMsMax = 6_000

/** Asks the name servers of this machine for the keys of signers, within a time. */
export function dnsKeyLookup(): KeyLookup {
  const resolver = new Resolver({ timeout: questionMs, tries: triesMax })
  return async (name) => {
    let timer: NodeJS.Timeout | undefined
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' })), lookupMsMax)
    })
    try {
      return await Promise.race([resolver.resolveTxt(name), overdue])
    } finally {
      clearTimeout(timer)
    }
  }
}
