import type { MailLanguage } from '../../services/mail-language.ts'
import { mailLanguages } from '../../services/mail-language.ts'
import type { Clock, MailOutcome, MailPort, OutgoingMail } from '../../services/ports.ts'

/** More than anybody reads on one page; older ones are dropped. */
export const demoMailsMax = 200

export type DemoMailboxMail = {
  readonly id: string
  readonly to: string
  readonly fromName: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly sentAt: number
  readonly language: MailLanguage
}

/** Where the demo's mails arrive: in memory, at once, and nowhere else. */
export class DemoMailbox implements MailPort {
  readonly #clock: Clock
  #mails: DemoMailboxMail[] = []

  constructor(clock: Clock = Date.now) {
    this.#clock = clock
  }

  async send(mail: OutgoingMail): Promise<MailOutcome> {
    const { id, to, fromName, subject, text, html } = mail
    const language = mailLanguages.find((known) => known === mail.language) ?? 'en'
    const kept = { id, to, fromName, subject, text, html, sentAt: this.#clock(), language }
    // The same mail again, after a crash between sending and saying so, is the same mail: as a mail program shows it.
    this.#mails = [kept, ...this.#mails.filter((known) => known.id !== id)].slice(0, demoMailsMax)
    return { kind: 'sent' }
  }

  /** The newest first. */
  list(): readonly DemoMailboxMail[] {
    return this.#mails
  }
}
