/** What the hub's changes are called in NATS; the same name in the hub and in every follower. */
export type NatsNames = {
  readonly stream: string
  /** Every change, whatever its partition. */
  readonly allChanges: string
  /** How far everything is published. Not stored: an old one would be a lie. */
  readonly position: string
  /** A process of the hub has just committed something. */
  readonly committed: string
  changesOf(partition: number): string
}

export const defaultNatsName = 'verzet'

/** One token of a subject, which is also the name of a stream: neither takes dots, blanks or wildcards. */
export function isNatsName(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text)
}

export function natsNames(name: string = defaultNatsName): NatsNames {
  return {
    stream: name,
    allChanges: `${name}.changes.*`,
    position: `${name}.position`,
    committed: `${name}.committed`,
    changesOf: (partition) => `${name}.changes.${partition}`,
  }
}
