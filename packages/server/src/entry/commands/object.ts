import { type Scope, uuidV7 } from '@verzet/core'
import type { Command } from 'commander'
import { countryFor } from '../../services/country-for.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { channelOption, contactPointArgument } from '../contact-argument.ts'
import { describeScope } from '../decision-words.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'
import { assertScopeExists } from '../scope-options.ts'

type Options = PlaceOptions & {
  brand?: string
  channel?: string
  topic?: string
  type?: string
  source?: string
  reason?: string
  json?: boolean
}

export function addObjectCommand(program: Command): void {
  program.addCommand(
    hubCommand('object', 'record the objection somebody made, for all marketing unless narrowed', [
      'verzet object jan@voorbeeld.be --source "letter of 3 May"',
      'verzet object 0470123456 --channel sms --brand winkel',
    ])
      .argument('<contact>', 'e-mail address, phone number, postal address, push token or customer number')
      .option('--channel <channel>', 'only this channel')
      .option('--topic <topic>', 'only this topic')
      .option('--brand <brand>', 'only this brand')
      .option('--type <type>', 'what <contact> is, when it cannot be told from its looks')
      .option('--source <text>', 'where it was said')
      .option('--reason <reason>', 'the reason, when the person gave one')
      .addOption(jsonOption())
      .action(object),
  )
}

async function object(contact: string, options: Options): Promise<void> {
  const contactPoint = contactPointArgument(contact, options.type)
  const scope: Scope = {
    ...(options.brand !== undefined && { brand: options.brand }),
    ...(options.channel !== undefined && { channel: channelOption(options.channel) }),
    ...(options.topic !== undefined && { topic: options.topic }),
  }
  await withHub(options, async (hub) => {
    assertScopeExists(hub.catalog, scope)
    const named = keyContactPoint(hub.secrets, contactPoint, countryFor(hub.catalog, options.brand))
    if (named.kind !== 'ok') throw dataProblem(`"${contact}" cannot be read. ${named.hint}`)
    const { key, fingerprint, contactPoint: known } = named.keyed
    const now = hub.clock()
    const [outcome] = await hub.committer.record([
      {
        id: uuidV7(now, hub.random(10)),
        evidenceId: uuidV7(now, hub.random(10)),
        subjectKey: key,
        subject: { type: known.type, value: known.normalised, fingerprint },
        words: { kind: 'objection', scope, author: 'agent', saidAt: now },
        context: { signal: 'command', ...wordsGiven(options) },
        recordedAt: now,
        actor: 'command',
        isRepeatable: true,
      },
    ])
    if (outcome === undefined) throw new Error('nothing was recorded')
    if (options.json) printJson(outcome)
    else print(outcome.kind === 'recorded' ? `Recorded: no to ${describeScope(scope)}.` : `This no stands already.`)
    return exitCodes.ok
  })
}

function wordsGiven({ source, reason }: Options) {
  return { ...(source !== undefined && { source }), ...(reason !== undefined && { reason }) }
}
