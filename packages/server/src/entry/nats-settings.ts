import { defaultNatsName, isNatsName, isNatsUrl } from '@verzet/gate-nats'
import { z } from 'zod'

/** The settings for carrying the change feed through NATS JetStream. */
export const natsSettings = {
  nats_url: z
    .string()
    .refine(isNatsUrl, 'is not like nats://user:password@host:4222, several servers of one cluster separated by commas')
    .optional(),
  /** A file with a user's JWT and seed, in place of a user in the URL. */
  nats_credentials: z.string().min(1).optional(),
  /** A file in PEM: who signed the servers' certificates, in place of the public authorities. */
  nats_ca: z.string().min(1).optional(),
  /** The stream, and what its subjects begin with: one for each deployment. */
  nats_name: z.string().refine(isNatsName, 'must be 1 to 64 letters, digits, - or _').default(defaultNatsName),
}
