import type { HashSecrets, SealRing } from '@verzet/core'
import type { Database } from '../storage/database.ts'
import type { Catalog } from './catalog.ts'
import type { ChoiceCommitter } from './choice-committer.ts'
import type { PublicPlace } from './mint-links.ts'
import type { Clock, RandomBytes } from './ports.ts'

/**
 * What a running hub is made of, built once by entry/compose.ts. Functions take the parts they use;
 * only the ones that wire routes and commands see the whole.
 */
export type Hub = {
  readonly db: Database
  readonly catalog: Catalog
  readonly committer: ChoiceCommitter
  readonly secrets: HashSecrets
  /** Seals personal opt-out links. */
  readonly linkRing: SealRing
  /** Seals links that confirm, lift or erase, and that expire. */
  readonly confirmationRing: SealRing
  readonly place: PublicPlace
  readonly clock: Clock
  readonly random: RandomBytes
}
