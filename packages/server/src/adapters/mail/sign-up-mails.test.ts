import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { MailContent } from '../../services/compose-mail.ts'
import { mailLanguages } from '../../services/mail-language.ts'
import { loadMailTexts } from './mail-texts.ts'

const texts = loadMailTexts(fileURLToPath(new URL('../../../locales', import.meta.url)))
const at = Date.UTC(2026, 10, 21, 9)

describe.each(mailLanguages)('the mails about signing up and the public form: %s', (language) => {
  const frame = { language, brand: { name: 'Acme' }, controller: { name: 'Acme NV' }, timeZone: 'Europe/Brussels' }

  it('ask to confirm a sign-up by one link, and say what it is for and until when', () => {
    const wanted = [{ kind: 'topic_channel' as const, topic: 'Nieuws', channel: 'email' as const }]
    const content: MailContent = {
      ...frame,
      kind: 'confirm_sign_up',
      confirm: 'https://h.example/s/t',
      expiresAt: at,
      wanted,
    }
    const { subject, text } = texts.render(content)
    expect(subject).toContain('Acme')
    expect(text).toContain('Nieuws')
    expect(text).toContain('2026')
    expect(text.match(/https:\S+/g)).toEqual(['https://h.example/s/t'])
    expect(subject + text).not.toMatch(/[{}]/)
  })

  it('tell of a no on the form with a way to everything and a way back', () => {
    const scope = { kind: 'channel' as const, channel: 'email' as const, sender: 'Acme NV' }
    const links = { page: 'https://h.example/u/t', undo: 'https://h.example/o/t' }
    const content: MailContent = { ...frame, ...links, kind: 'opt_out_notice', saidAt: at, undoUntil: at, scope }
    const { subject, text } = texts.render(content)
    expect(text.match(/https:\S+/g)).toEqual([links.page, links.undo])
    expect(subject + text).not.toMatch(/[{}]/)
  })
})
