/** What a topic is for. Set on the topic, never by the sender of a message. */
export const purposes = ['marketing', 'service'] as const
export type Purpose = (typeof purposes)[number]
