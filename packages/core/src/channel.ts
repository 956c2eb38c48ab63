import type { ContactPointType } from './contact-point.ts'

/** How a message travels. */
export const channels = ['email', 'sms', 'whatsapp', 'phone', 'post', 'push'] as const
export type Channel = (typeof channels)[number]

const served: Record<ContactPointType, readonly Channel[]> = {
  email: ['email'],
  phone: ['sms', 'whatsapp', 'phone'],
  post: ['post'],
  push: ['push'],
  // A customer number stands for the person, who can be reached on any channel.
  customer: channels,
}

/** The channels a contact point of this type can be reached on. */
export function channelsServedBy(type: ContactPointType): readonly Channel[] {
  return served[type]
}
