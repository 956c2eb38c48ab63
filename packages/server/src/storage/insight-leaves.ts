import type { Queryable } from './database.ts'
import { keptDays, noAgain } from './insight-lives.ts'
import type { BehindRow } from './insight-people.ts'

type Stretch = { readonly brand: string; readonly from: Date; readonly until: Date; readonly limit: number }

const behind = `select l.subject_key as "subjectKey", l.started_at as at, '' as signal, '' as reason, p.type,
    p.value as contact
  from leaves l left join contact_points p on p.key = l.subject_key`

/** Whose question after a no ended in this answer, written `policy:state`; the latest first. */
export async function listAsked(
  db: Queryable,
  wanted: Stretch & { readonly channel?: string; readonly answer: string },
): Promise<BehindRow[]> {
  const { brand, from, until, channel = null, answer, limit } = wanted
  const text = `${behind}
    where l.started_at >= $1 and l.started_at < $2 and l.brand = $3 and ($4::text is null or l.channel = $4)
      and l.policy || ':' || l.state = $5
    order by l.started_at desc limit $6`
  return db.query<BehindRow>(text, [from, until, brand, channel, answer, limit])
}

/** Everybody who took an alternative, those of them whose 90 days have passed, or those of these who said no to nothing since. */
export const keptParts = ['taken', 'passed', 'stayed'] as const
export type KeptPart = (typeof keptParts)[number]

/** How many took an alternative after the noes of each day, as they were counted, the latest day first. */
export async function listKeptDays(
  db: Queryable,
  wanted: {
    readonly brand: string
    readonly alternative: string
    readonly part: KeptPart
    readonly from: string
    readonly to: string
  },
): Promise<readonly { readonly day: string; readonly people: number }[]> {
  const { brand, alternative, part, from, to } = wanted
  const text = `select day::text as day, ${part} as people from insight_kept
    where brand = $1 and alternative = $2 and day >= $3::date and day <= $4::date and ${part} > 0
    order by day desc`
  return db.query(text, [brand, alternative, from, to])
}

/** Who took an alternative, the latest first; as it stood at `countedAt`, when the numbers were counted. */
export async function listKeptBy(
  db: Queryable,
  wanted: Stretch & { readonly alternative: string; readonly part: KeptPart; readonly countedAt: Date },
): Promise<BehindRow[]> {
  const { brand, from, until, alternative, part, countedAt, limit } = wanted
  const text = `${behind}
    ${noAgain}
    where l.started_at >= $1 and l.started_at < $2 and l.brand = $3 and l.alternative = $4 and l.answered_at is not null
      and ($5 = 'taken' or l.answered_at < $6::timestamptz - make_interval(days => ${keptDays}))
      and ($5 <> 'stayed' or (l.state = 'narrowed' and again.id is null))
    order by l.started_at desc limit $7`
  return db.query<BehindRow>(text, [from, until, brand, alternative, part, countedAt, limit])
}
