/** What tests written in TypeScript use of the build. */
export function buildElement(): Promise<string>
