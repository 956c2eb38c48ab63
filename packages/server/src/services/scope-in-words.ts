import type { Channel, Scope } from '@verzet/core'
import type { TopicRow } from '../storage/catalog.ts'
import type { Catalog } from './catalog.ts'

/** A scope with the names a reader knows: enough for one full sentence, since its grammar differs by language. */
export type ScopeInWords =
  | { readonly kind: 'all'; readonly controller: string }
  | { readonly kind: 'brand'; readonly brand: string }
  /** `sender` is a brand, or the controller for all of its brands. */
  | { readonly kind: 'channel'; readonly channel: Channel; readonly sender: string }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'topic_channel'; readonly topic: string; readonly channel: Channel }

/** `brandId` is the brand the person knows the message from; it names a topic that is refused for every brand. */
export function scopeInWords(catalog: Catalog, scope: Scope, brandId: string, language: string): ScopeInWords {
  const { brand: scopeBrand, channel, topic } = scope
  const brand = catalog.brand(scopeBrand ?? brandId)
  const controller = brand?.controller ?? ''
  if (topic !== undefined) {
    const found = catalog.topic(scopeBrand ?? brandId, topic)
    const name = found === undefined ? topic : nameOfTopic(found, language)
    return channel === undefined ? { kind: 'topic', topic: name } : { kind: 'topic_channel', topic: name, channel }
  }
  const sender = scopeBrand === undefined ? controller : (brand?.name ?? scopeBrand)
  if (channel !== undefined) return { kind: 'channel', channel, sender }
  return scopeBrand === undefined ? { kind: 'all', controller } : { kind: 'brand', brand: sender }
}

/** In the reader's language, else in English, else in any. */
export function nameOfTopic(topic: TopicRow, language: string): string {
  return topic.names[language] ?? topic.names.en ?? Object.values(topic.names)[0] ?? topic.id
}
