import { describe, expect, it } from 'vitest'
import { replyBytesMax } from '../relay-limits.ts'
import { stuffDots } from './dot-stuffing.ts'
import { ReplyReader, splitStatus } from './reply-reader.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('replies of a server', () => {
  it('are whole with their last line, in whatever pieces they come', () => {
    const text = '250-first\r\n250 second\r\n354 go\r\n'
    for (let cut = 1; cut < text.length; cut++) {
      const reader = new ReplyReader()
      const replies = [text.slice(0, cut), text.slice(cut)].flatMap((piece) => reader.read(bytes(piece)) ?? [])
      expect(replies).toEqual([
        { code: 250, lines: ['first', 'second'] },
        { code: 354, lines: ['go'] },
      ])
    }
  })

  it('may have no words', () => {
    expect(new ReplyReader().read(bytes('250\r\n'))).toEqual([{ code: 250, lines: [''] }])
  })

  it.each([
    ['speaks no SMTP', 'HTTP/1.1 400 Bad Request\r\n'],
    ['never ends', 'x'.repeat(replyBytesMax + 1)],
  ])('are given up when the server %s', (_, text) => {
    expect(new ReplyReader().read(bytes(text))).toBeUndefined()
  })

  it('say their status at the head of each line, or none', () => {
    expect(splitStatus({ code: 550, lines: ['5.1.1 no', '5.1.1 such user'] })).toEqual({
      status: '5.1.1',
      text: 'no such user',
    })
    expect(splitStatus({ code: 450, lines: ['5.1.1 is of another class'] })).toEqual({
      status: '4.0.0',
      text: '5.1.1 is of another class',
    })
  })
})

describe('a message as DATA carries it', () => {
  it.each([
    ['a\r\n', 'a\r\n'],
    ['.a\r\n', '..a\r\n'],
    ['a\r\n.\r\n..b\r\n', 'a\r\n..\r\n...b\r\n'],
    ['a', 'a\r\n'],
    ['', '\r\n'],
    ['a.b\r\n', 'a.b\r\n'],
  ])('%j becomes %j', (message, carried) => {
    expect(Buffer.concat([...stuffDots(bytes(message))]).toString('latin1')).toBe(carried)
  })
})
