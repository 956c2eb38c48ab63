import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { z } from 'zod'
import { dnsRecords, domain } from '../../src/adapters/smtp/message/testing/dkim.ts'
import { python } from './missing.ts'

/** What a verifier says of our two signatures, in their order: `rsa pass`, `ed fail`. */
export type Verdicts = readonly string[]

/** The name server of the tests; nothing leaves the machine. */
async function resolver(name: string): Promise<string[][]> {
  const record = dnsRecords[name]
  if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  return [[record]]
}

/** mailauth says "neutral" of a body that is not the one that was signed; like "fail", the signature then does not count. */
export function askMailauth(messages: readonly Buffer[]): Promise<readonly Verdicts[]> {
  return Promise.all(messages.map(askMailauthOne))
}

async function askMailauthOne(message: Buffer): Promise<Verdicts> {
  const { results } = await dkimVerify(message, { resolver })
  return results
    .filter(({ signingDomain }) => signingDomain === domain)
    .map(({ selector, status }) => `${selector} ${status.result === 'pass' ? 'pass' : 'fail'}`)
}

const dkimpyScript = fileURLToPath(new URL('../../src/adapters/smtp/message/testing/dkimpy-verify.py', import.meta.url))

export function askDkimpy(messages: readonly Buffer[]): readonly Verdicts[] {
  const input = JSON.stringify({ records: dnsRecords, messages: messages.map((one) => one.toString('base64')) })
  const { status, stdout, stderr } = spawnSync(python, [dkimpyScript], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const found = z.array(z.array(z.boolean())).parse(JSON.parse(stdout))
  return found.map((passes) => ['rsa', 'ed'].map((key, index) => `${key} ${passes[index] ? 'pass' : 'fail'}`))
}

/** Runs the filter in its test mode, which reads the keys from a file and shows the header field it would add. */
export function askOpendkim(messages: readonly Buffer[]): readonly Verdicts[] {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-opendkim-'))
  try {
    const config = join(directory, 'opendkim.conf')
    const keys = join(directory, 'keys')
    const lines = Object.entries(dnsRecords).map(([name, record]) => `${name} ${record}\n`)
    writeFileSync(keys, lines.join(''))
    writeFileSync(config, `TestPublicKeys ${keys}\nSyslog no\n`)
    const files = messages.map((message, index) => {
      const file = join(directory, `${index}.eml`)
      // As SMTP hands it over: the last line is ended, too (RFC 5321 §4.1.1.4).
      writeFileSync(file, message.subarray(-2).toString() === '\r\n' ? message : Buffer.concat([message, crlf]))
      return file
    })
    return runOpendkim(config, files)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function runOpendkim(config: string, files: readonly string[]): readonly Verdicts[] {
  const { stdout } = spawnSync('opendkim', ['-x', config, '-vv', '-t', files.join(',')], { encoding: 'utf8' })
  const found = stdout
    .split('### INSHEADER')
    .slice(1)
    .map((field) => {
      const results = [...field.matchAll(/\bdkim=(\w+)\b[^;]*\bheader\.d=acme\.example\b[^;]*\bheader\.s=(\w+)/g)]
      return results.map(([, result, selector]) => `${selector} ${result}`)
    })
  if (found.length !== files.length) throw new Error(`opendkim read ${found.length} of ${files.length} messages`)
  return found
}

const crlf = Buffer.from('\r\n')
