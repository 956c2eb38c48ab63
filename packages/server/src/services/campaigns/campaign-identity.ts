import { campaignFingerprint, campaignKey, type HashSecrets, type Standing } from '@verzet/core'

/** What a campaign is known by in the feed and in an index; its fingerprint in two halves, as the index takes it. */
export type CampaignIdentity = {
  readonly key: string
  readonly fingerprint: bigint
  readonly low: number
  readonly high: number
}

/** A mailing asks the same of millions: the hashes of so many campaigns are kept. */
const rememberedMax = 1_000
const remembered = new WeakMap<HashSecrets, Map<string, CampaignIdentity>>()

export function identifyCampaign(secrets: HashSecrets, brand: string, campaign: string): CampaignIdentity {
  const known = remembered.get(secrets) ?? new Map<string, CampaignIdentity>()
  remembered.set(secrets, known)
  const name = `${brand}/${campaign}`
  const found = known.get(name)
  if (found !== undefined) return found
  const unsigned = campaignFingerprint(secrets.fingerprintKey, brand, campaign)
  const identity = {
    key: campaignKey(secrets, brand, campaign),
    // As the database keeps it: a signed number.
    fingerprint: BigInt.asIntN(64, unsigned),
    low: Number(unsigned & 0xffffffffn),
    high: Number(unsigned >> 32n),
  }
  if (known.size >= rememberedMax) known.clear()
  known.set(name, identity)
  return identity
}

/** A campaign that is held has a standing that says something; of the others there is none, or an empty one. */
export function isHeld(standing: Standing | undefined): boolean {
  return standing !== undefined && standing.groups.length > 0
}
