import { addressParser, decodeWords } from 'postal-mime'
import { noValues } from '../../../services/finding-text.ts'
import { type Finding, finding, type Place } from '../finding.ts'
import type { FoundWayOut } from '../link-rules.ts'
import { type CheckContext, readTarget } from '../way-out-target.ts'
import { names } from '../words.ts'
import { type ReadEmail, valuesOf } from './read-email.ts'

const field = fieldPlace('List-Unsubscribe')

/** The addresses in `List-Unsubscribe`, as ways out. What leads elsewhere counts too: the field says what it is for. */
export function headerWayOuts(context: CheckContext, email: ReadEmail): readonly FoundWayOut[] {
  return valuesOf(email, 'list-unsubscribe')
    .flatMap(addressesIn)
    .flatMap((url) => {
      const target =
        readTarget(context, url, 'unsubscribe stop') ?? readTarget({ ...context, languages: ['en'] }, url, 'stop')
      return target === undefined ? [] : [{ url, label: '', target, where: field }]
    })
}

function addressesIn(value: string): readonly string[] {
  return [...value.matchAll(/<([^<>]*)>/g)].map((match) => match[1]?.trim() ?? '')
}

/** What RFC 2369, RFC 8058 and RFC 2919 ask of the header of advertising. */
export function checkListFields(email: ReadEmail): Finding[] {
  return [...checkUnsubscribe(email), ...checkPost(email), ...checkListId(email)]
}

function checkUnsubscribe(email: ReadEmail): Finding[] {
  const values = valuesOf(email, 'list-unsubscribe')
  const [value] = values
  if (value === undefined) return [finding('list-unsubscribe.absent', noValues, field)]
  const found: Finding[] = []
  if (values.length > 1) found.push(finding('list-unsubscribe.twice', noValues, field))
  const addresses = addressesIn(value)
  const web = addresses.filter((address) => /^https?:/i.test(address))
  if (web.length !== 1) found.push(finding('list-unsubscribe.addresses', { count: web.length }, field))
  if (
    web.some(
      (address) => !/^https:/i.test(address) && !/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/i.test(address),
    )
  ) {
    found.push(finding('list-unsubscribe.http', noValues, field))
  }
  if (addresses.some((address) => /[\s,]/.test(address) || /[^\x21-\x7e]/.test(address))) {
    found.push(finding('list-unsubscribe.cut', noValues, field))
  }
  if (!addresses.some((address) => /^mailto:/i.test(address))) {
    found.push(finding('list-unsubscribe-mailto.none', noValues, field))
  }
  return found
}

function checkPost(email: ReadEmail): Finding[] {
  const where = fieldPlace('List-Unsubscribe-Post')
  const values = valuesOf(email, 'list-unsubscribe-post')
  if (values.length === 0) return [finding('list-unsubscribe-post.absent', noValues, where)]
  if (values.length > 1) return [finding('list-unsubscribe-post.twice', noValues, where)]
  if (values[0]?.trim() === 'List-Unsubscribe=One-Click') return []
  return [finding('list-unsubscribe-post.words', noValues, where)]
}

function checkListId(email: ReadEmail): Finding[] {
  const values = valuesOf(email, 'list-id')
  if (values.length === 1 && /<[\w-]+(?:\.[\w-]+)+>/.test(values[0] ?? '')) return []
  const where = fieldPlace('List-Id')
  if (values.length === 0) return [finding('list-id.absent', noValues, where)]
  return [finding('list-id.form', { example: '<news.shop.example>' }, where)]
}

/** Who the mail says it is from (Directive 2002/58/EC art. 13(4): the sender must not be concealed). */
export function checkFrom({ brand }: CheckContext, email: ReadEmail): Finding[] {
  const where = fieldPlace('From')
  const values = valuesOf(email, 'from')
  const addresses = values.flatMap((value) => addressParser(value, { flatten: true }))
  const [from] = addresses
  if (values.length !== 1 || addresses.length !== 1 || from?.address?.includes('@') !== true) {
    return [finding('from-address.one', noValues, where)]
  }
  const name = decodeWords(from.name)
  if (name.trim() === '') return [finding('from-name.none', noValues, where)]
  if (brand === undefined || names(`${name} ${from.address}`, [brand.name, brand.controller])) return []
  return [finding('from-name.other', { brand: brand.name, controller: brand.controller }, where)]
}

function fieldPlace(name: string): Place {
  return { kind: 'field', name }
}

/** The addresses the mail is written to; those of a group or of nobody in particular are none. */
export function recipientsOf(email: ReadEmail): readonly string[] {
  return valuesOf(email, 'to')
    .flatMap((value) => addressParser(value, { flatten: true }))
    .flatMap(({ address }) => (address?.includes('@') ? [address] : []))
}

export function fromDomain(email: ReadEmail): string | undefined {
  const [from] = valuesOf(email, 'from').flatMap((value) => addressParser(value, { flatten: true }))
  return from?.address?.split('@').at(-1)?.toLowerCase()
}
