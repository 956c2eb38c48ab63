/** Where the true value most likely lies: 95 of 100 such intervals hold it. */
export type Interval = { readonly low: number; readonly high: number }

/** The standard normal quantile of a two-sided 95 % interval. */
const z = 1.959964

/**
 * The share of `count` in `total` with Wilson's score interval, which stays within 0 and 1 and is right for small numbers
 * too (E. B. Wilson, JASA 22 (1927), 209–212). Nothing is known of an empty total: the interval is all of it.
 */
export function wilsonInterval(count: number, total: number): Interval {
  if (total <= 0) return { low: 0, high: 1 }
  const share = Math.min(1, Math.max(0, count / total))
  const square = z * z
  const centre = share + square / (2 * total)
  const spread = z * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total))
  const scale = 1 + square / total
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) }
}

export type Counted = { readonly count: number; readonly total: number }

/**
 * The difference of two shares (`now` less `before`) with the interval made of their two Wilson intervals: method 10 of
 * R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890.
 */
export function differenceInterval(now: Counted, before: Counted): Interval & { readonly difference: number } {
  const first = share(now)
  const second = share(before)
  const one = wilsonInterval(now.count, now.total)
  const two = wilsonInterval(before.count, before.total)
  const difference = first - second
  return {
    difference,
    low: difference - Math.hypot(first - one.low, two.high - second),
    high: difference + Math.hypot(one.high - first, second - two.low),
  }
}

/** What can be said of a change: `too_few` where the two numbers are too small to say anything, `steady` where chance explains it. */
export type Change = 'up' | 'down' | 'steady' | 'too_few'

/** Below this many in both periods together every difference is chance; the interval would say so too, but at length. */
export const countedMin = 10

export function changeBetween(now: Counted, before: Counted): Change {
  if (now.total <= 0 || before.total <= 0 || now.count + before.count < countedMin) return 'too_few'
  const { low, high } = differenceInterval(now, before)
  if (low > 0) return 'up'
  return high < 0 ? 'down' : 'steady'
}

function share({ count, total }: Counted): number {
  return total <= 0 ? 0 : Math.min(1, count / total)
}
