import { Counter } from 'prom-client'

export type RelayOutcome = 'sent' | 'dropped' | 'refused' | 'failed' | 'postponed'

/** Mails the relay of this process was handed, by what became of them. Reasons come from fixed sets: no person is in one. */
export const relayedMails = new Counter({
  name: 'verzet_relayed_mails_total',
  help: 'Mails handed to the relay, by outcome and reason.',
  labelNames: ['outcome', 'reason'],
  // The HTTP server registers it with what it shows.
  registers: [],
})

/** Sign-ins to the relay that were refused. */
export const relaySignInFailures = new Counter({
  name: 'verzet_relay_sign_in_failures_total',
  help: 'Sign-ins to the relay that were refused.',
  registers: [],
})
