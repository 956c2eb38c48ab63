import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { python } from '../missing.ts'

/** A message as it came and as it left. */
export type MailPair = {
  readonly number: number
  readonly before: Buffer
  readonly after: Buffer
  /** What was put into its parts, as HTML and as text. */
  readonly ours: readonly string[]
}

const oracleAnswer = z.object({
  problems: z.array(z.object({ number: z.number(), problem: z.string() })),
  /** How many were flawless before. */
  valid: z.number(),
})

/** What Python's own parser finds lost, changed or broken in the messages that left (mime-oracle.py). */
export function comparePairs(pairs: readonly MailPair[]): z.infer<typeof oracleAnswer> {
  if (pairs.length === 0) return { problems: [], valid: 0 }
  const script = fileURLToPath(new URL('mime-oracle.py', import.meta.url))
  const lines = pairs.map(({ number, before, after, ours }) =>
    JSON.stringify({ number, before: before.toString('base64'), after: after.toString('base64'), ours }),
  )
  const input = `${lines.join('\n')}\n`
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 50_000_000 })
  if (status !== 0) throw new Error(`the other parser ended with ${status}: ${stderr.slice(-2_000)}`)
  return oracleAnswer.parse(JSON.parse(stdout))
}
