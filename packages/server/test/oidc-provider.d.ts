/** As much of the OpenID provider as the tests use; the package has no types of its own. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  type Account = { readonly accountId: string; claims(): Promise<Readonly<Record<string, unknown>>> }

  export default class Provider {
    constructor(
      issuer: string,
      configuration: Readonly<Record<string, unknown>> & {
        findAccount(context: unknown, subject: string): Account | undefined
      },
    )
    callback(): RequestListener
  }
}
