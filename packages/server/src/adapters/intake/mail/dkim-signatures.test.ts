import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { describe, expect, it } from 'vitest'
import { checkSignatures, type KeyLookup, signatureAgeMsMax } from './dkim-signatures.ts'
import { readFixture } from './testing/mail-fixtures.ts'
import { selector, silentLookup, type TestSigner, testSigners, withCrlf } from './testing/signed-mail.ts'

const at = Date.UTC(2026, 10, 3, 9, 30)
const {
  signers: [yahoo, parent, stranger],
  lookup,
} = threeSigners()
const report = readFixture('complaint-yahoo-arf-without-token')

function threeSigners(): { signers: [TestSigner, TestSigner, TestSigner]; lookup: KeyLookup } {
  const { signers, lookup } = testSigners('arf.mail.yahoo.com', 'yahoo.com', 'attacker.example')
  const [first, second, third] = signers
  if (first === undefined || second === undefined || third === undefined) throw new Error('no signers')
  return { signers: [first, second, third], lookup }
}

const check = (raw: Buffer, find = lookup, now = at) => checkSignatures(raw, find, now)
const signersOf = async (raw: Buffer, now = at) => {
  const checked = await check(raw, lookup, now)
  return checked.kind === 'checked' ? checked.signers : checked.kind
}

/** Signed by another implementation, with the fields and tags that a test wants. */
async function signedByMailauth(raw: Buffer, { headerList, algorithm }: { headerList?: string; algorithm?: string }) {
  const { domain: signingDomain, privateKeyPem: privateKey } = yahoo
  const options = {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(at),
    ...(algorithm && { algorithm }),
    signatureData: [{ signingDomain, selector, privateKey, ...(algorithm && { algorithm }) }],
    ...(headerList && { headerList }),
  }
  // Its declarations describe other options than the ones it reads.
  const { signatures }: { signatures: string } = await Reflect.apply(dkimSign, undefined, [withCrlf(raw), options])
  return Buffer.concat([Buffer.from(signatures), withCrlf(raw)])
}

function withFirstLine(raw: Buffer, line: string): Buffer {
  return Buffer.concat([Buffer.from(`${line}\r\n`), raw])
}

describe('a signature of whom From names', () => {
  it('is believed when it holds, of this or another implementation', async () => {
    expect(await signersOf(yahoo.sign(report, at))).toEqual(['arf.mail.yahoo.com'])
    expect(await signersOf(await signedByMailauth(report, {}))).toEqual(['arf.mail.yahoo.com'])
  })

  it('is believed of the domain above as well, and each once', async () => {
    const both = parent.sign(yahoo.sign(yahoo.sign(report, at), at), at)
    expect(await signersOf(both)).toEqual(['yahoo.com', 'arf.mail.yahoo.com'])
  })

  it.each([
    ['no signature', report],
    ['a changed body', changed(yahoo.sign(report, at), 'piet@yahoo.example', 'anna@yahoo.example')],
    ['a changed sender', changed(yahoo.sign(report, at), 'From: feedback@', 'From: somebody@')],
    ['a changed boundary', changed(yahoo.sign(report, at), 'boundary="arf"', 'boundary="xxx"')],
    ['another domain in d=', changed(yahoo.sign(report, at), 'd=arf.mail.yahoo.com', 'd=yahoo.com')],
    ['the signature of a stranger', stranger.sign(report, at)],
    ['a second From above the signed one', withFirstLine(yahoo.sign(report, at), 'From: staff@hotmail.com')],
    ['a second way to read the body', withFirstLine(yahoo.sign(report, at), 'Content-Type: text/plain')],
    [
      'a transfer encoding added on the way',
      withFirstLine(yahoo.sign(report, at), 'Content-Transfer-Encoding: base64'),
    ],
    ['an open end', changed(yahoo.sign(report, at), 'v=1;', 'v=1; l=10;')],
    [
      'more signatures than are looked at',
      withFirstLine(yahoo.sign(report, at), 'DKIM-Signature: v=1\r\n'.repeat(8).trim()),
    ],
    [
      'fields beyond those that are read',
      withFirstLine(yahoo.sign(report, at), 'X-Filler: 1\r\n'.repeat(1_000).trim()),
    ],
    ['a header without an end', yahoo.sign(report, at).subarray(0, 200)],
    ['nothing at all', Buffer.alloc(0)],
  ])('is not believed with %s', async (_, raw) => {
    expect(await signersOf(raw)).toEqual([])
  })

  it('is not believed where it leaves the way the body is read open, or is made with SHA-1', async () => {
    expect(await signersOf(await signedByMailauth(report, { headerList: 'From:Subject:Date' }))).toEqual([])
    expect(await signersOf(await signedByMailauth(report, { algorithm: 'rsa-sha1' }))).toEqual([])
    expect(await signersOf(await signedByMailauth(report, { headerList: 'From:Content-Type' }))).not.toEqual([])
  })

  it('is believed for a week, and not from the future', async () => {
    const raw = yahoo.sign(report, at)
    expect(await signersOf(raw, at + signatureAgeMsMax - 1_000)).toHaveLength(1)
    expect(await signersOf(raw, at + signatureAgeMsMax + 1_000)).toEqual([])
    expect(await signersOf(raw, at - 2 * 3_600_000)).toEqual([])
  })
})

function changed(raw: Buffer, from: string, to: string): Buffer {
  const text = raw.toString('latin1')
  if (!text.includes(from)) throw new Error(`there is no ${from} in it`)
  return Buffer.from(text.replace(from, to), 'latin1')
}

describe('the DNS', () => {
  it('that does not answer leaves the question open', async () => {
    expect(await check(yahoo.sign(report, at), silentLookup)).toEqual({ kind: 'unavailable' })
  })

  it('that has no such key, or another one, answers it', async () => {
    const other = testSigners('arf.mail.yahoo.com')
    expect(await check(yahoo.sign(report, at), other.lookup)).toEqual({ kind: 'checked', signers: [] })
    const none: KeyLookup = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENODATA' }))
    expect(await check(yahoo.sign(report, at), none)).toEqual({ kind: 'checked', signers: [] })
  })

  it('is asked for the keys of whom From names and of nobody else', async () => {
    const asked: string[] = []
    const listening: KeyLookup = (name) => {
      asked.push(name)
      return lookup(name)
    }
    await check(stranger.sign(yahoo.sign(report, at), at), listening)
    await check(stranger.sign(report, at), listening)
    expect(asked).toEqual(['test._domainkey.arf.mail.yahoo.com'])
  })
})
