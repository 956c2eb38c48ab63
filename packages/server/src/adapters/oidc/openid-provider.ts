import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientError,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
} from 'openid-client'
import type { Role } from '../../services/staff/permissions.ts'
import type { ProvidedIdentity, SignInProvider } from '../../services/staff/sign-in-by-provider.ts'

export type OpenIdSettings = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends the browser back to; registered there. */
  readonly redirectUri: string
  /** The claim of the ID token that names somebody's groups, and what each gives. */
  readonly rolesClaim?: string
  readonly rolesOf?: ReadonlyMap<string, Role>
}

/** As long as somebody looks at an empty page before they try again. */
const requestTimeoutSeconds = 10
/** The provider's keys and addresses are asked for again after this; keys it rotates meanwhile are fetched by their id. */
const rememberedMs = 60 * 60_000
/** A proof of who is at the keyboard is one that was given now, not this morning. */
const confirmationAgeSeconds = 60
/** More groups than an ID token has room for. */
const groupsMax = 500

/**
 * Signs staff in at an OpenID provider by the authorization code flow with PKCE (RFC 7636), `state` and `nonce` (OpenID
 * Connect Core §3.1, RFC 9700 §2.1). The ID token's signature is checked against the provider's published keys.
 */
export function openIdProvider(settings: OpenIdSettings, clock: () => number): SignInProvider {
  const { issuer, redirectUri, rolesOf, rolesClaim } = settings
  let known: { readonly configuration: Promise<Configuration>; readonly at: number } | undefined
  const configured = (): Promise<Configuration> => {
    const now = clock()
    if (known !== undefined && now - known.at < rememberedMs) return known.configuration
    const configuration = discover(settings)
    known = { configuration, at: now }
    // One failure is not remembered for an hour.
    configuration.catch(() => {
      known = undefined
    })
    return configuration
  }
  return {
    name: new URL(issuer).hostname,
    ...(rolesOf && { rolesOf }),
    async begin({ state, nonce, codeVerifier, isConfirmation }) {
      const url = buildAuthorizationUrl(await configured(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        response_type: 'code',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(isConfirmation && { prompt: 'login', max_age: String(confirmationAgeSeconds) }),
      })
      return url.href
    },
    async finish({ search }, { state, nonce, codeVerifier, isConfirmation }) {
      const callback = new URL(redirectUri)
      callback.search = search
      const configuration = await configured()
      try {
        const tokens = await authorizationCodeGrant(configuration, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
          ...(isConfirmation && { maxAge: confirmationAgeSeconds }),
        })
        return readIdentity(tokens.claims(), rolesClaim)
      } catch (error) {
        if (isUnreachable(error)) throw error
        return undefined
      }
    },
    async signOutUrl(backTo) {
      const configuration = await configured().catch(() => undefined)
      if (configuration?.serverMetadata().end_session_endpoint === undefined) return undefined
      return buildEndSessionUrl(configuration, { post_logout_redirect_uri: backTo }).href
    },
  }
}

function discover({ issuer, clientId, clientSecret }: OpenIdSettings): Promise<Configuration> {
  const server = new URL(issuer)
  // Plain http is for a provider on this very machine; settings with another one are refused at the start.
  const execute = server.protocol === 'http:' ? [allowInsecureRequests] : []
  const secret = ClientSecretBasic(clientSecret)
  return discovery(server, clientId, undefined, secret, { execute, timeout: requestTimeoutSeconds })
}

/** No answer from the provider, rather than one that says no. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT')
}

function readIdentity(claims: Claims | undefined, rolesClaim: string | undefined): ProvidedIdentity | undefined {
  if (claims === undefined) return undefined
  const { iss, sub, email, email_verified } = claims
  const groups = rolesClaim === undefined ? undefined : claims[rolesClaim]
  return {
    issuer: iss,
    subject: sub,
    ...(typeof email === 'string' && { email }),
    isEmailVerified: email_verified === true,
    groups: (Array.isArray(groups) ? groups : [groups]).filter((one) => typeof one === 'string').slice(0, groupsMax),
  }
}

type Claims = { readonly iss: string; readonly sub: string; readonly [name: string]: unknown }
