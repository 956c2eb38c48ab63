import type { RelayCredential } from '../../../services/relay-credentials.ts'
import type { TopicRow } from '../../../storage/catalog.ts'
import type { WhenRefused } from '../../../storage/relay-credentials.ts'
import type { ControlFields } from '../message/header-fields.ts'

/** What a mail is about, and what its sender wants for recipients who may not be written to. */
export type Assignment =
  | {
      readonly kind: 'assigned'
      readonly topic: TopicRow
      readonly campaign?: string
      readonly whenRefused: WhenRefused
    }
  | { readonly kind: 'refused'; readonly reason: AssignmentProblem }

export type AssignmentProblem =
  | 'other_brand'
  | 'other_topic'
  | 'no_topic'
  | 'unknown_topic'
  | 'unknown_policy'
  | 'campaign_too_long'

/** As long as the API lets a campaign's name be. */
const campaignCharactersMax = 100

export type TopicSource = {
  topic(brand: string, topic: string): TopicRow | undefined
  /** The topic of a list's mails, by its List-Id in lower case. */
  topicOfList(listId: string): Promise<string | undefined>
}

/**
 * Topic and campaign of a mail: what its credential is bound to, then its `X-Verzet-…` fields, then its List-Id. What
 * contradicts the credential is refused and not guessed at: a guess could send what was refused.
 */
export async function assignMail(
  credential: RelayCredential,
  control: ControlFields,
  source: TopicSource,
): Promise<Assignment> {
  const refused = (reason: AssignmentProblem) => ({ kind: 'refused', reason }) as const
  if (control.brand !== undefined && control.brand !== credential.brand) return refused('other_brand')
  const { topic: bound } = credential
  if (bound !== undefined && control.topic !== undefined && control.topic !== bound) return refused('other_topic')
  const whenRefused = readPolicy(control.policy ?? credential.whenRefused)
  if (whenRefused === undefined) return refused('unknown_policy')
  const named = bound ?? control.topic ?? (control.listId && (await source.topicOfList(control.listId)))
  if (named === undefined || named === '') return refused('no_topic')
  const topic = source.topic(credential.brand, named)
  if (topic === undefined) return refused('unknown_topic')
  const campaign = credential.campaign ?? control.campaign
  if (campaign !== undefined && campaign.length > campaignCharactersMax) return refused('campaign_too_long')
  return { kind: 'assigned', topic, whenRefused, ...(campaign && { campaign }) }
}

function readPolicy(text: string): WhenRefused | undefined {
  return text === 'refuse' || text === 'accept' ? text : undefined
}
