import type { MintedLinks } from '../../services/mint-links.ts'

/** What `verzet links` adds to each line, in this order. */
export const linkColumns = [
  'optout_page',
  'optout_stop_all',
  'optout_preferences',
  'optout_mailto',
  'list_unsubscribe',
  'list_unsubscribe_post',
  'list_id',
  'optout_short',
  'optout_code',
] as const
export const decisionColumn = 'optout_decision'

/** The values for one line; empty for a line that gets no links. */
export function linkFields(links: MintedLinks | undefined): string[] {
  if (links === undefined) return linkColumns.map(() => '')
  const { page, stopAll, preferences, mailto, headers, shortUrl, code } = links
  return [
    page,
    stopAll,
    preferences,
    mailto,
    headers['List-Unsubscribe'] ?? '',
    headers['List-Unsubscribe-Post'] ?? '',
    headers['List-Id'] ?? '',
    shortUrl,
    code,
  ]
}
