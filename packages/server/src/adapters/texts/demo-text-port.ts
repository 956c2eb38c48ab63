import type { MailPort, TextPort } from '../../services/ports.ts'

/** The demo's texts arrive where its mails do: in memory, and nowhere else. */
export function demoTextPort(mailbox: MailPort): TextPort {
  return {
    send: ({ id, to, text }) =>
      mailbox.send({
        id,
        to,
        fromName: 'SMS',
        subject: 'SMS',
        text,
        html: '',
        language: 'en',
        autoSubmitted: 'auto-generated',
      }),
  }
}
