import { createPublicKey } from 'node:crypto'
import { noValues } from '../../../services/finding-text.ts'
import { type Finding, finding, type Place } from '../finding.ts'
import { fromDomain } from './header-rules.ts'
import { type ReadEmail, valuesOf } from './read-email.ts'

const where: Place = { kind: 'field', name: 'DKIM-Signature' }
/** RFC 8058 §4: without a signature over both no client may offer one click; RFC 6376 §5.4 wants From. */
const coveredWhereAsked = ['from', 'list-unsubscribe', 'list-unsubscribe-post'] as const
/** More are not verified: each costs a hash of the whole body. */
const signaturesMax = 10

type Signature = { readonly domain: string; readonly names: readonly string[]; readonly isPartial: boolean }

/** What the signatures cover. A mail that is signed on its way out has none yet, so that is a warning only. */
export function checkSignatures(email: ReadEmail, isAdvertising: boolean): Finding[] {
  const signatures = valuesOf(email, 'dkim-signature').slice(0, signaturesMax).map(readSignature)
  if (signatures.length === 0) {
    return [finding('dkim-signed.none', noValues, where)]
  }
  const wanted = isAdvertising ? coveredWhereAsked : (['from'] as const)
  const covering = signatures.filter(({ names }) => wanted.every((name) => names.includes(name)))
  if (covering.length === 0) {
    const [best] = signatures.toSorted((one, other) => lacking(one, wanted).length - lacking(other, wanted).length)
    const lacks = best === undefined ? wanted : lacking(best, wanted)
    return [finding('dkim-covers.lacking', { fields: lacks.join(', ') }, where)]
  }
  return [...checkOverSigning(email, covering, wanted), ...checkAlignment(email, covering), ...checkWhole(covering)]
}

function lacking({ names }: Signature, wanted: readonly string[]): readonly string[] {
  return wanted.filter((name) => !names.includes(name))
}

function readSignature(value: string): Signature {
  const tags = new Map(
    value.split(';').map((tag) => {
      const equals = tag.indexOf('=')
      return [tag.slice(0, equals).trim(), tag.slice(equals + 1).trim()] as const
    }),
  )
  const names = (tags.get('h') ?? '').split(':').map((name) => name.trim().toLowerCase())
  return { domain: (tags.get('d') ?? '').toLowerCase(), names, isPartial: tags.has('l') }
}

function checkOverSigning(email: ReadEmail, covering: readonly Signature[], wanted: readonly string[]): Finding[] {
  const isClosed = ({ names }: Signature) =>
    wanted.every((name) => names.filter((one) => one === name).length > valuesOf(email, name).length)
  if (covering.some(isClosed)) return []
  return [finding('dkim-over-signs.open', { fields: wanted.join(', ') }, where)]
}

function checkAlignment(email: ReadEmail, covering: readonly Signature[]): Finding[] {
  const from = fromDomain(email)
  const isAligned = ({ domain }: Signature) =>
    from !== undefined && (from === domain || from.endsWith(`.${domain}`) || domain.endsWith(`.${from}`))
  if (covering.some(isAligned)) return []
  return [finding('dkim-aligned.other', noValues, where)]
}

function checkWhole(covering: readonly Signature[]): Finding[] {
  if (covering.some(({ isPartial }) => !isPartial)) return []
  return [finding('dkim-whole-body.partial', noValues, where)]
}

/** Verifies the signatures with a key that is given: a DNS record (`v=DKIM1; p=…`) or PEM. Asks no network. */
export async function verifySignatures(email: ReadEmail, key: string): Promise<Finding[]> {
  const record = recordOf(key)
  if (record === undefined) return [finding('dkim-verifies.key', noValues, where)]
  if (valuesOf(email, 'dkim-signature').length === 0) return []
  try {
    const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
    const { results } = await dkimVerify(email.raw, { resolver: async () => [[record]] })
    if (results.slice(0, signaturesMax).some(({ status }) => status.result === 'pass')) return []
  } catch {
    // What cannot even be taken apart does not verify.
  }
  return [finding('dkim-verifies.none', noValues, where)]
}

function recordOf(key: string): string | undefined {
  if (/\bp=/.test(key)) return key.replace(/\s+/g, ' ').trim()
  try {
    const read = createPublicKey(key)
    const der = read.export({ type: 'spki', format: 'der' })
    // RFC 8463 §4.2: of an Ed25519 key the record holds the 32 bytes alone.
    if (read.asymmetricKeyType === 'ed25519') return `v=DKIM1; k=ed25519; p=${der.subarray(-32).toString('base64')}`
    return read.asymmetricKeyType === 'rsa' ? `v=DKIM1; k=rsa; p=${der.toString('base64')}` : undefined
  } catch {
    return undefined
  }
}
