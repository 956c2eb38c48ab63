import { describe, expect, it } from 'vitest'
import { parseAfterHeard, parseImapUrl } from './imap-url.ts'

describe('the address of a mailbox', () => {
  it.each([
    [
      'imaps://optout%40example.com@imap.example.com',
      { host: 'imap.example.com', port: 993, encryption: 'tls', user: 'optout@example.com', folder: 'INBOX' },
    ],
    [
      'imaps://optout@example.com@imap.example.com:1993/Opt-outs/2026',
      {
        host: 'imap.example.com',
        port: 1993,
        encryption: 'tls',
        user: 'optout@example.com',
        folder: 'Opt-outs/2026',
      },
    ],
    [
      'imap://box@mail.internal/D%C3%A9sabonnements',
      { host: 'mail.internal', port: 143, encryption: 'starttls', user: 'box', folder: 'Désabonnements' },
    ],
    ['imap://box@127.0.0.1:2143/', { host: '127.0.0.1', port: 2143, encryption: 'none', user: 'box', folder: 'INBOX' }],
    ['imaps://box@[2001:db8::1]', { host: '2001:db8::1', port: 993, encryption: 'tls', user: 'box', folder: 'INBOX' }],
  ])('%s', (text, mailbox) => {
    expect(parseImapUrl(text)).toEqual(mailbox)
  })

  it.each([
    '',
    'imap.example.com',
    'https://box@imap.example.com',
    'imaps://imap.example.com/INBOX',
    'imaps://box:secret@imap.example.com',
    'imaps://box@imap.example.com/INBOX?x=1',
    'imaps://box@imap.example.com/%0d%0aLOGOUT',
    'imaps://box@imap.example.com/%E0%A4%A',
  ])('is not %j', (text) => {
    expect(parseImapUrl(text)).toBeUndefined()
  })
})

describe('what becomes of a mail that was heard', () => {
  it('is named by a word, with a folder where it is moved', () => {
    expect(parseAfterHeard('keep')).toEqual({ kind: 'keep' })
    expect(parseAfterHeard('delete')).toEqual({ kind: 'delete' })
    expect(parseAfterHeard('move: Heard ')).toEqual({ kind: 'move', folder: 'Heard' })
  })

  it.each(['', 'move', 'move:', 'move: ', 'flag', 'DELETE', 'move:a\u0000b'])('is not %j', (text) => {
    expect(parseAfterHeard(text)).toBeUndefined()
  })
})
