import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigInvalid } from './config.ts'
import { readMailAuthority } from './mail-authority.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-ca-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function fileWith(text: string): string {
  const path = join(directory, 'ca.pem')
  writeFileSync(path, text)
  return path
}

it('trusts the public authorities where no file is named', () => {
  expect(readMailAuthority({})).toBeUndefined()
})

it('reads one certificate or several', () => {
  const [one = '', two = ''] = rootCertificates
  expect(readMailAuthority({ mail_ca: fileWith(one) })).toBe(one)
  expect(readMailAuthority({ mail_ca: fileWith(`${one}\n${two}`) })).toBe(`${one}\n${two}`)
})

it('refuses a file that is missing or no certificate, by the name of the setting', () => {
  for (const path of [join(directory, 'nothing.pem'), fileWith('not a certificate')]) {
    expect(() => readMailAuthority({ mail_ca: path })).toThrow(ConfigInvalid)
    expect(() => readMailAuthority({ mail_ca: path })).toThrow('VERZET_MAIL_CA')
  }
})
