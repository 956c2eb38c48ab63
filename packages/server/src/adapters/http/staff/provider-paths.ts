/** Where the way over an OpenID provider begins, and where it comes back to. */
export const providerPath = '/sign-in/provider'
export const providerCallbackPath = '/sign-in/provider/callback'
