import { type Channel, channels, contactPointTypes } from '@verzet/core'
import type { SidecarGate } from './sidecar-gate.ts'

/** For one who asks about nothing else than mail. */
const defaultChannel = 'email'

/**
 * A map of refused contact points, for programs that look an address up and act on a hit: `/map/email/{address}` with
 * `brand`, `topic`, `campaign` and `channel` (email unless said otherwise). Undefined is an address that may be written to. Whatever
 * else is found out, mistakes in the question included, is a hit: not knowing means not sending.
 */
export function lookUpInMap(gate: SidecarGate, path: string, query: URLSearchParams): string | undefined {
  const [, , typeName = '', written = '', ...more] = path.split('/')
  const type = contactPointTypes.find((one) => one === typeName)
  const value = decode(written)
  if (type === undefined || value === undefined || value === '' || more.length > 0) return 'deny invalid_contact_point'
  const channel = channelOf(query.get('channel') ?? defaultChannel)
  if (channel === undefined) return 'deny channel_mismatch'
  const brand = query.get('brand') ?? ''
  const campaign = query.get('campaign') ?? ''
  const topic = query.get('topic') ?? ''
  const about = { channel, topic, ...(brand !== '' && { brand }), ...(campaign !== '' && { campaign }) }
  const { decision, reason } = gate.decide({ type, value }, about)
  return decision === 'allow' ? undefined : `${decision} ${reason}`
}

function channelOf(name: string): Channel | undefined {
  return channels.find((one) => one === name)
}

function decode(written: string): string | undefined {
  try {
    return decodeURIComponent(written)
  } catch {
    return undefined
  }
}
