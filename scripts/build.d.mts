/** What tests written in TypeScript use of the build. */
export function buildElement(): Promise<string>

/** Builds the hub when what is there is older than its sources. */
export function ensureBuilt(): Promise<void>
