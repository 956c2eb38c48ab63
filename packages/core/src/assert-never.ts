/** Ends every switch over a union, so that a new variant fails the type check where it is not handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`)
}
