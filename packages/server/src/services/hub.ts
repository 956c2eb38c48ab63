import type { HashSecrets, SealRing } from '@verzet/core'
import type { Database } from '../storage/database.ts'
import type { Catalog } from './catalog.ts'
import type { ChoiceCommitter } from './choice-committer.ts'
import type { SayFinding } from './finding-text.ts'
import type { GateMemory } from './gate-memory.ts'
import type { PublicPlace } from './mint-links.ts'
import type { BrandPages } from './page-lint/brand-pages.ts'
import type { Clock, RandomBytes } from './ports.ts'
import type { PublishedChanges } from './published-changes.ts'
import type { PasswordPolicy } from './staff/password-policy.ts'

/**
 * What a running hub is made of, built once by entry/compose.ts. Functions take the parts they use;
 * only the ones that wire routes and commands see the whole.
 */
export type Hub = {
  readonly db: Database
  /** For what is counted and read to be learnt from: few connections, which let those of the noes go first. */
  readonly insightDb: Database
  readonly catalog: Catalog
  readonly committer: ChoiceCommitter
  readonly secrets: HashSecrets
  /** Seals personal opt-out links. */
  readonly linkRing: SealRing
  /** Seals links that confirm, lift or erase, and that expire. */
  readonly confirmationRing: SealRing
  readonly place: PublicPlace
  /** The brand's pages, rendered to be judged before they are published. */
  readonly pages: BrandPages
  /** What the check and the page lint found, in English: for programs and the command line. */
  readonly sayInEnglish: SayFinding
  /** Who is told what a privacy officer has to hear, where the brand names nobody. */
  readonly privacyMail?: string
  /** The gate's index, in processes that answer questions and were told to hold one. */
  readonly gateMemory?: GateMemory
  /** Who may sign in with a password; where nothing is said, the first administrator. */
  readonly staffPasswords?: PasswordPolicy
  /** Where a yes that staff record for somebody who said no waits for a second member of staff. */
  readonly hasFourEyes?: boolean
  /** Changes that a broker brings sooner than the database is asked, where one is configured. */
  readonly published?: PublishedChanges
  readonly clock: Clock
  readonly random: RandomBytes
}
