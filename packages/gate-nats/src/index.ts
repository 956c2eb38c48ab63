export { NatsFeedBroken, type NatsFeedOptions, natsFeed, openPublished } from './nats-feed.ts'
export { isNatsUrl, NatsLink, type NatsPlace, serversOf } from './nats-link.ts'
export { defaultNatsName, isNatsName, type NatsNames, natsNames } from './nats-names.ts'
