import type { ReviewItem } from '../services/review/list.ts'
import { describeScope } from './decision-words.ts'

/** One item as a line of a list: no words of the person in it, so that it may stand in a ticket. */
export function reviewLine({ row }: ReviewItem, now: number): string {
  const state = row.decision ?? (row.dueAt.getTime() <= now ? 'OVERDUE' : 'open')
  const when = row.decidedAt === null ? `by ${minute(row.dueAt)}` : `on ${minute(row.decidedAt)}`
  return `${row.id}  ${state.padEnd(8)}  ${when}  ${row.source}  ${row.reason}${row.brand === null ? '' : `  ${row.brand}`}`
}

/** One item with all that a human needs to decide it. */
export function reviewLines(item: ReviewItem, now: number): string[] {
  const { row, subjects } = item
  const proposed = row.proposedScope
  return [
    reviewLine(item, now),
    `  received  ${minute(row.arrivedAt)}`,
    `  from      ${row.sender ?? (row.forgottenAt === null ? 'nobody named' : '(forgotten)')}`,
    ...(row.language === null ? [] : [`  language  ${row.language}`]),
    `  concerns  ${subjects.map(({ type, key }) => `${type} ${key}`).join(', ') || 'nobody named'}`,
    `  waits     ${proposed === null ? 'nothing; silence changes nothing' : describeScope(proposed)}`,
    ...(row.note === null ? [] : [`  note      ${printable(row.note)}`]),
    '',
    ...(row.excerpt === null ? ['(forgotten)'] : row.excerpt.split('\n').map((line) => `> ${printable(line)}`)),
  ]
}

/** A stranger's words may hold the control sequences of a terminal (CWE-150). */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{FFFD}')
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16)}Z`
}
