import type { Decision } from '@verzet/core'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { ChoiceCommitter } from '../../services/choice-committer.ts'
import type { Clock } from '../../services/ports.ts'
import { relayedMails, relaySignInFailures } from '../smtp/relay/relay-metrics.ts'

export type Metrics = { readonly registry: Registry; countDecision(decision: Decision): void }

/** From the engine's fastest durable commit (a fraction of a millisecond) to what makes a person wait. */
const commitSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const requestSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** What Prometheus reads. Labels come from fixed sets only: no person, contact point or token can be in one. */
export function createMetrics(committer: ChoiceCommitter, clock: Clock): Metrics & Disposable {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(relayedMails)
  registry.registerMetric(relaySignInFailures)
  const optOuts = new Counter({
    name: 'verzet_optouts_total',
    help: 'Objections recorded, by the signal they came by.',
    labelNames: ['signal'],
    registers: [registry],
  })
  const commits = new Histogram({
    name: 'verzet_signal_to_commit_seconds',
    help: 'From hearing a choice to its durable commit.',
    buckets: commitSeconds,
    registers: [registry],
  })
  const decisions = new Counter({
    name: 'verzet_gate_decisions_total',
    help: 'Answers of the gate.',
    labelNames: ['decision', 'reason'],
    registers: [registry],
  })
  const stop = committer.onCommit((choices, outcomes) => {
    const now = clock()
    for (const [index, choice] of choices.entries()) {
      if (outcomes[index]?.kind !== 'recorded') continue
      if (choice.words.kind === 'objection') optOuts.inc({ signal: choice.context.signal })
      commits.observe(Math.max(0, now - choice.recordedAt) / 1_000)
    }
  })
  return {
    registry,
    countDecision: ({ decision, reason }) => decisions.inc({ decision, reason }),
    [Symbol.dispose]: stop,
  }
}

export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'verzet_http_request_duration_seconds',
    help: 'Duration of requests, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: requestSeconds,
    registers: [registry],
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
    done()
  })
}
