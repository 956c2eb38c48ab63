import { describe, expect, it } from 'vitest'
import { policyRequestBytesMax, readPolicyRequests } from './policy-request.ts'

const request = 'request=smtpd_access_policy\nprotocol_state=RCPT\nrecipient=jan@voorbeeld.be\nhelo_name=\n\n'
const read = (text: string | Buffer) => readPolicyRequests(Buffer.from(text))

describe('a policy request', () => {
  it('is read with its attributes, empty ones and equals signs in values included', () => {
    const found = read(`${request}request=x\nstress=a=b\n\n`)
    expect(found.kind === 'read' && found.requests.map((one) => [...one])).toEqual([
      [
        ['request', 'smtpd_access_policy'],
        ['protocol_state', 'RCPT'],
        ['recipient', 'jan@voorbeeld.be'],
        ['helo_name', ''],
      ],
      [
        ['request', 'x'],
        ['stress', 'a=b'],
      ],
    ])
  })

  it('waits for its end, wherever it is cut', () => {
    for (let cut = 0; cut < request.length; cut += 1) {
      const first = read(request.slice(0, cut))
      expect(first.kind === 'read' && [first.requests.length, first.rest.toString()]).toEqual([
        0,
        request.slice(0, cut),
      ])
    }
  })

  it('is refused when it is none: no equals sign, no name, not UTF-8, without end', () => {
    expect(read('GET / HTTP/1.1\nHost: x\n\n').kind).toBe('malformed')
    expect(read('=value\n\n').kind).toBe('malformed')
    expect(read('\n\n').kind).toBe('malformed')
    expect(read(Buffer.from('recipient=\xff@x.be\n\n', 'latin1')).kind).toBe('malformed')
    expect(read('a'.repeat(policyRequestBytesMax + 1)).kind).toBe('malformed')
    expect(read(`a=${'b'.repeat(policyRequestBytesMax)}\n\n`).kind).toBe('malformed')
  })
})
