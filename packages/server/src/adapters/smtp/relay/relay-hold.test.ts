import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { email, keyed, type Point, saveTestRelation, say } from '../../../../test/people.ts'
import { holdCampaign, releaseCampaign } from '../../../services/campaigns/hold-campaign.ts'
import { listSends } from '../../../storage/sends.ts'
import { sendThrough, signInFor, startTestRelay, type TestRelay } from './testing/relay.ts'

let hub: TestHub
let relay: TestRelay
const reader = email('lezer@voorbeeld.example')
const leaver = email('nee@voorbeeld.example')
const lente = { brand: 'acme', campaign: 'lente' }

beforeAll(async () => {
  hub = await createTestHub()
  relay = await startTestRelay(hub)
  for (const [index, point] of [reader, leaver].entries()) {
    await saveTestRelation(hub, `H-${index}`, [point], { customerSince: '2024-01-01', language: 'nl' })
  }
  await say(hub, leaver, { kind: 'objection' })
})
afterAll(async () => {
  await relay[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

type Wish = NonNullable<Parameters<typeof signInFor>[1]>

/** The mail server's last word to the client. */
async function answerTo(wish: Wish, point: Point, headers: Record<string, string> = {}): Promise<string> {
  const mail = {
    from: 'Acme <news@acme.example>',
    to: point.value,
    subject: 'Nieuw in de lente',
    html: '<html><body><p>Er is nieuw brood.</p></body></html>',
    headers,
  }
  const auth = await signInFor(hub, wish)
  return sendThrough(relay.port, auth, mail).then(
    ({ response }: { response: string }) => response,
    (error: { response?: string }) => error.response ?? '',
  )
}

const inHeader = { 'X-Verzet-Campaign': 'lente' }

describe('mail of a campaign that is held', () => {
  it.each([
    ['named by the sign-in, at RCPT', { topic: 'news', campaign: 'lente' }, {}],
    ['named by a field of the mail', { topic: 'news' }, inHeader],
    ['named by a field, from who wants refusals dropped', { topic: 'news', whenRefused: 'accept' as const }, inHeader],
  ])('stays with the client, %s, and leaves once it is released', async (_, wish, headers) => {
    await holdCampaign(hub, lente, 'test')
    const before = relay.nextHop.taken.length
    expect(await answerTo(wish, reader, headers)).toMatch(/^451 4\.7\.1 .*\(campaign_held\)/)
    expect(relay.nextHop.taken).toHaveLength(before)
    expect(await listSends(hub.db, [keyed(hub, reader).key], 0)).toHaveLength(before)
    await releaseCampaign(hub, lente, 'test')
    expect(await answerTo(wish, reader, headers)).toMatch(/^250 /)
    expect(relay.nextHop.taken).toHaveLength(before + 1)
  })

  it('is refused for good to who said no, and other campaigns leave', async () => {
    await holdCampaign(hub, lente, 'test')
    expect(await answerTo({ topic: 'news' }, leaver, inHeader)).toMatch(/^550 5\.7\.1 .*\(objection\)/)
    expect(await answerTo({ topic: 'news' }, reader, { 'X-Verzet-Campaign': 'zomer' })).toMatch(/^250 /)
    expect(await answerTo({ topic: 'news' }, reader)).toMatch(/^250 /)
  })
})
