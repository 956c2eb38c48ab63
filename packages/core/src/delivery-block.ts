import type { Channel } from './channel.ts'
import type { DeliveryBlock, Standing } from './standing.ts'

/**
 * Adds that messages do not arrive. Of two reports about the same channel the one that lasts longer counts and the
 * later moment stays, in whatever order they come. Nothing that was said is touched: a bounce is never an opt-out.
 */
export function blockDelivery(standing: Standing, block: DeliveryBlock): Standing {
  const blocks = standing.undeliverable ?? []
  const known = blocks.find((other) => other.channel === block.channel)
  const others = blocks.filter((other) => other !== known)
  return { ...standing, undeliverable: [...others, known === undefined ? block : merge(known, block)].sort(byChannel) }
}

/**
 * The contact point proved alive on this channel at this moment: what was reported before no longer blocks it there. A
 * number that answers on one channel exists on all, but what failed on another channel goes on failing there.
 */
export function liftDeliveryBlocks(standing: Standing, channel: Channel, at: number): Standing {
  // Every opt-out by link asks this, and hardly any address has failed.
  if (standing.undeliverable === undefined) return standing
  const { undeliverable: blocks, ...rest } = standing
  const kept = blocks.filter((block) => !concerns(block, channel) || block.at >= at)
  if (kept.length === blocks.length) return standing
  return kept.length === 0 ? rest : { ...rest, undeliverable: kept }
}

/** What keeps messages from arriving on a channel now, the longest first; undefined when nothing does. */
export function deliveryBlockOn(standing: Standing, channel: Channel, now: number): DeliveryBlock | undefined {
  if (standing.undeliverable === undefined) return undefined
  const holding = standing.undeliverable.filter((block) => concerns(block, channel) && endOf(block) > now)
  return holding.sort((one, other) => (endOf(other) > endOf(one) ? 1 : -1))[0]
}

function concerns(block: DeliveryBlock, channel: Channel): boolean {
  return block.channel === undefined || block.channel === channel
}

function endOf(block: DeliveryBlock): number {
  return block.until ?? Number.POSITIVE_INFINITY
}

function merge(one: DeliveryBlock, other: DeliveryBlock): DeliveryBlock {
  const until = Math.max(endOf(one), endOf(other))
  return {
    ...(one.channel !== undefined && { channel: one.channel }),
    at: Math.max(one.at, other.at),
    ...(Number.isFinite(until) && { until }),
  }
}

/** One fixed order, so that equal standings are equal texts. */
function byChannel(one: DeliveryBlock, other: DeliveryBlock): number {
  return (one.channel ?? '') < (other.channel ?? '') ? -1 : 1
}
