import { createPrivateKey, X509Certificate } from 'node:crypto'
import { resolveTxt } from 'node:dns/promises'
import { greetSmarthost } from '../adapters/mail/greet-smarthost.ts'
import type { Config } from './config.ts'
import { dkimRecordOf, type KeptDkimKey, readDkimKeysFile } from './dkim-keys.ts'
import { type Check, fail, ok, warn } from './doctor-check.ts'
import { readMailAuthority } from './mail-authority.ts'
import { readTls } from './start-relay.ts'

/** A certificate that ends sooner has not been renewed as it should. */
const certificateMsMin = 14 * 86_400_000

/** What has to hold for mail to be passed on; nothing where there is no relay. */
export async function checkRelay(config: Config): Promise<Check[]> {
  if (config.relay_listen === undefined && config.relay_listen_tls === undefined) return []
  return [await checkNextHop(config), checkCertificate(config), ...(await checkDkimKeys(config))]
}

async function checkNextHop(config: Config): Promise<Check> {
  const name = 'relay'
  const url = config.relay_next_hop ?? config.smarthost ?? ''
  const own = config.url === undefined ? 'localhost' : new URL(config.url).hostname
  const greeting = await greetSmarthost(url, own, readMailAuthority(config))
  const { host } = new URL(url)
  return greeting.kind === 'ok'
    ? ok(name, `mail is passed on to ${host}, which answers`)
    : fail(
        name,
        `the next hop ${host} cannot be used: ${greeting.reason}`,
        'Check VERZET_RELAY_NEXT_HOP (or VERZET_SMARTHOST), and that it lets this machine in.',
      )
}

function checkCertificate(config: Config): Check {
  const name = 'relay TLS'
  try {
    const tls = readTls(config)
    if (tls === undefined) {
      return warn(
        name,
        'no certificate is set',
        'Fine on this machine; over the network nobody can sign in without TLS.',
      )
    }
    const certificate = new X509Certificate(tls.cert)
    if (!certificate.checkPrivateKey(createPrivateKey(tls.key))) {
      return fail(
        name,
        'the key does not belong to the certificate',
        'Set VERZET_RELAY_TLS_KEY to the key of the certificate.',
      )
    }
    const endsInMs = Date.parse(certificate.validTo) - Date.now()
    if (endsInMs < 0) return fail(name, 'the certificate has ended', 'Renew it, and start the hub again.')
    const until = `the certificate holds until ${new Date(certificate.validTo).toISOString().slice(0, 10)}`
    return endsInMs < certificateMsMin ? warn(name, until, 'Renew it, and start the hub again.') : ok(name, until)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error'
    return fail(name, `the certificate cannot be used: ${reason}`, 'Both files have to be PEM.')
  }
}

async function checkDkimKeys(config: Config): Promise<Check[]> {
  const keys = readDkimKeysFile(config.dataDir)
  if (keys.length > 0) return Promise.all(keys.map(checkDkimRecord))
  return [
    warn(
      'relay DKIM',
      'there are no keys',
      'Make some with "verzet relay keys add", unless the next hop signs: without a signature no client offers one-click.',
    ),
  ]
}

async function checkDkimRecord(key: KeptDkimKey): Promise<Check> {
  const { name, value } = dkimRecordOf(key)
  const check = `relay DKIM ${name}`
  const advice = '"verzet relay keys list" prints the record that belongs there.'
  try {
    const published = (await resolveTxt(name)).map((strings) => strings.join(''))
    const wanted = publicKeyOf(value)
    return published.some((text) => publicKeyOf(text) === wanted)
      ? ok(check, 'published')
      : fail(check, 'the DNS holds another key', advice)
  } catch {
    return fail(check, 'not in the DNS', advice)
  }
}

function publicKeyOf(record: string): string {
  return /(?:^|;)\s*p=([^;]*)/.exec(record)?.[1]?.replace(/\s+/g, '') ?? ''
}
