import { type HashSecrets, type SealRing, seal, sealRing, unseal } from '@verzet/core'

/**
 * A number that nobody knows, sealed, for as long as it waits for its answer: who only asks for help is not kept as
 * somebody the organisation knows.
 */
export function sealNumber(secrets: HashSecrets, number: string): string {
  return seal(ringOf(secrets), Buffer.from(number)).toString('base64url')
}

/** Undefined for anything that was not sealed with this deployment's pepper. */
export function openNumber(secrets: HashSecrets, sealed: string): string | undefined {
  return unseal(ringOf(secrets), Buffer.from(sealed, 'base64url'))?.toString('utf8')
}

/** Made from the pepper, the one secret that a deployment never changes. */
function ringOf({ pepper }: HashSecrets): SealRing {
  return sealRing([{ id: 1, secret: pepper }], 'number to answer')
}
