import { fileURLToPath } from 'node:url'
import { createTestHub, type TestHub } from '../../../../../test/hub.ts'
import type { OutgoingText } from '../../../../services/ports.ts'
import { sendDueTexts } from '../../../../services/texts/send-due-texts.ts'
import type { TextVerdict } from '../../../../services/texts/text-verdict.ts'
import { loadOwnTexts } from '../../../mail/own-texts.ts'
import { handleIncomingText } from '../handle-incoming-text.ts'
import type { WebhookSignal } from '../webhook.ts'

const account = { id: 'acme-cm', brand: 'acme', vendor: 'cm' }
const texts = loadOwnTexts(fileURLToPath(new URL('../../../../../locales', import.meta.url)))

/** Texts that come to a hub of their own, and what it answers; its clock stands still until it is moved. */
export class TextBench implements AsyncDisposable {
  readonly hub: TestHub
  readonly #clock: { now: number }
  #heard = 0

  private constructor(hub: TestHub, clock: { now: number }) {
    this.hub = hub
    this.#clock = clock
  }

  static async open(): Promise<TextBench> {
    const clock = { now: Date.UTC(2026, 10, 22, 9) }
    return new TextBench(await createTestHub({ now: () => clock.now }), clock)
  }

  get now(): number {
    return this.#clock.now
  }

  pass(durationMs: number): void {
    this.#clock.now += durationMs
  }

  hear(from: string, text: string, more: Partial<Extract<WebhookSignal, { kind: 'text' }>> = {}): Promise<TextVerdict> {
    this.#heard += 1
    const signal = { kind: 'text' as const, id: `T${this.#heard}`, from, text, channel: 'sms' as const, ...more }
    return handleIncomingText(this.hub, signal, { account, raw: Buffer.from(text), receivedAt: this.now })
  }

  /** What the number gets for it; undefined for nothing. */
  async answerTo(from: string, text: string): Promise<string | undefined> {
    // What is owed from before is none of it.
    await this.#send()
    await this.hear(from, text)
    return (await this.#send()).find(({ to }) => to === from)?.text
  }

  async #send(): Promise<readonly OutgoingText[]> {
    const sent: OutgoingText[] = []
    const port = {
      send: async (one: OutgoingText) => {
        sent.push(one)
        return { kind: 'sent' as const }
      },
    }
    while ((await sendDueTexts({ ...this.hub, texts, port })).leased > 0);
    return sent
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]()
  }
}
