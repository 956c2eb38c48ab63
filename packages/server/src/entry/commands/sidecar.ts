import { isIP } from 'node:net'
import { defaultNatsName, isNatsName, isNatsUrl, type NatsFeedOptions } from '@verzet/gate-nats'
import type { Command } from 'commander'
import { jsonOption, plainCommand } from '../command-frame.ts'
import { type ListenAddress, parseListenAddress } from '../config.ts'
import { dataProblem, usageProblem } from '../exit-codes.ts'
import { readPrivateFile } from '../private-file.ts'
import { runSidecar } from '../run-sidecar.ts'

type Options = {
  hub: string
  key?: string
  keyFile?: string
  socket?: string
  listen?: string
  policyListen?: string
  brand?: string
  topic?: string
  cache?: string
  nats?: string
  natsCredentials?: string
  natsCa?: string
  natsName?: string
  staleAfter?: string
  json?: true
}

/** Longer than a day without word from the hub is no copy of it any more. */
const staleAfterSecondsMax = 86_400

export function addSidecarCommand(program: Command): void {
  program.addCommand(
    plainCommand('sidecar', 'answer the programs of this host from a copy of the gate', [
      'verzet sidecar --hub https://optout.example.com --key-file /etc/verzet/key --socket /run/verzet/gate.sock',
      'verzet sidecar --hub https://optout.example.com --key-file key --listen 127.0.0.1:8421 --cache gate.snapshot',
      'verzet sidecar --hub https://optout.example.com --key-file key --policy-listen 127.0.0.1:8422 --brand shop --topic news',
    ])
      .requiredOption('--hub <url>', 'where the hub is')
      .option('--key <key>', 'an API key with the scopes changes:read and gate:claim; others on this host can see it')
      .option('--key-file <file>', 'a file with that key, readable by its owner alone')
      .option('--socket <path>', 'answer on this Unix socket: HTTP and one question a line')
      .option('--listen <address>', 'answer the same on a loopback address, like 127.0.0.1:8421')
      .option('--policy-listen <address>', 'answer the policy requests of Postfix on a loopback address')
      .option(
        '--brand <brand>',
        'who sends the mail that Postfix asks about; may be left out when one brand has the topic',
      )
      .option('--topic <topic>', 'what the mail that Postfix asks about is about')
      .option('--cache <file>', 'keep a snapshot here, so that the next start takes less than a second')
      .option('--nats <url>', 'hear of changes from NATS as well, like tls://nats.example.com:4222')
      .option('--nats-credentials <file>', 'a NATS user’s JWT and seed, in place of a user in the address')
      .option('--nats-ca <file>', 'who signed the certificate of the NATS server, as PEM')
      .option('--nats-name <name>', 'what the hub calls its stream', defaultNatsName)
      .option('--stale-after <seconds>', 'deny everything after so long without word from the hub (default: 30)')
      .addOption(jsonOption('print one line of JSON when listening, for scripts'))
      .action(sidecar),
  )
}

async function sidecar(options: Options): Promise<void> {
  if (options.socket === undefined && options.listen === undefined && options.policyListen === undefined) {
    throw usageProblem('say where to answer: --socket, --listen or --policy-listen')
  }
  const listen = loopback('--listen', options.listen)
  const policyListen = loopback('--policy-listen', options.policyListen)
  const { brand, topic, socket, cache } = options
  if (policyListen !== undefined && topic === undefined) {
    throw usageProblem('--policy-listen needs --topic: what the mail that Postfix asks about is about')
  }
  await runSidecar({
    hub: hubOf(options.hub),
    key: keyOf(options),
    json: options.json === true,
    ...(socket !== undefined && { socket }),
    ...(listen && { listen }),
    ...(policyListen &&
      topic !== undefined && {
        policy: { listen: policyListen, topic: { topic, ...(brand !== undefined && { brand }) } },
      }),
    ...(cache !== undefined && { cacheFile: cache }),
    ...(options.nats !== undefined && { nats: natsOf(options, options.nats) }),
    ...(options.staleAfter !== undefined && { staleAfterMs: secondsOf(options.staleAfter) * 1_000 }),
  })
}

function natsOf({ natsCredentials, natsCa, natsName = defaultNatsName }: Options, url: string): NatsFeedOptions {
  if (!isNatsUrl(url)) throw usageProblem('--nats takes an address like tls://nats.example.com:4222')
  if (!isNatsName(natsName)) throw usageProblem('--nats-name takes 1 to 64 letters, digits, - or _')
  return {
    url,
    name: natsName,
    ...(natsCredentials !== undefined && { credentialsFile: natsCredentials }),
    ...(natsCa !== undefined && { caFile: natsCa }),
  }
}

function hubOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw usageProblem('--hub takes a web address, like https://optout.example.com')
}

function keyOf({ key, keyFile }: Options): string {
  if ((key === undefined) === (keyFile === undefined)) throw usageProblem('give the API key with --key or --key-file')
  if (keyFile === undefined) return key ?? ''
  const text = readPrivateFile(keyFile)
  if (text === undefined) throw dataProblem(`there is no file ${keyFile}`)
  return text.trim()
}

/** It asks nobody for a key, so that only this host may reach it. */
function loopback(option: string, text: string | undefined): ListenAddress | undefined {
  if (text === undefined) return undefined
  const address = parseListenAddress(text)
  const isLoopback =
    address !== undefined &&
    (address.host === 'localhost' ||
      address.host === '::1' ||
      (isIP(address.host) === 4 && address.host.startsWith('127.')))
  if (!isLoopback) throw usageProblem(`${option} takes a loopback address with a port, like 127.0.0.1:8421`)
  return address
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (seconds < 1 || seconds > staleAfterSecondsMax) throw usageProblem('--stale-after takes 1 to 86400 seconds')
  return seconds
}
