import type { Clock } from '../../../services/ports.ts'
import { authAddressesMax, authFailuresMax, authFailureWindowMs } from './relay-limits.ts'

/** Counts wrong passwords by client address, so that guessing costs time. A right one forgives. */
export class AuthThrottle {
  readonly #clock: Clock
  readonly #failures = new Map<string, { count: number; since: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  isBlocked(address: string): boolean {
    const known = this.#current(address)
    return known !== undefined && known.count >= authFailuresMax
  }

  fail(address: string): void {
    const known = this.#current(address) ?? { count: 0, since: this.#clock() }
    this.#failures.delete(address)
    this.#failures.set(address, { ...known, count: known.count + 1 })
    const oldest = this.#failures.keys().next().value
    if (this.#failures.size > authAddressesMax && oldest !== undefined) this.#failures.delete(oldest)
  }

  succeed(address: string): void {
    this.#failures.delete(address)
  }

  #current(address: string) {
    const known = this.#failures.get(address)
    if (known === undefined) return undefined
    if (Math.abs(this.#clock() - known.since) < authFailureWindowMs) return known
    this.#failures.delete(address)
    return undefined
  }
}
