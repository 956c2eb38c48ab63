import type { Choice, Decision } from '@verzet/core'
import type { Command } from 'commander'
import { askGate, type GateAnswer, type GateQuestion } from '../../services/ask-gate.ts'
import { claimSend } from '../../services/claim-send.ts'
import type { Hub } from '../../services/hub.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import { findChoice } from '../../storage/choices.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../../storage/ties.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { channelOption, contactPointArgument } from '../contact-argument.ts'
import { describeDecision } from '../decision-words.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'

type Options = PlaceOptions & {
  channel: string
  topic: string
  brand?: string
  campaign?: string
  type?: string
  claim?: boolean
  json?: boolean
}

export function addGateCommand(program: Command): void {
  program.addCommand(
    hubCommand('gate', 'say whether a message may be sent to somebody now, and why', [
      'verzet gate jan@voorbeeld.be --channel email --topic nieuws',
      'verzet gate "+32 470 12 34 56" --channel sms --topic acties --brand winkel --json',
    ])
      .argument('<contact>', 'e-mail address, phone number, postal address, push token or customer number')
      .requiredOption('--channel <channel>', 'email, sms, whatsapp, phone, post or push')
      .requiredOption('--topic <topic>', 'what the message is about')
      .option('--brand <brand>', 'who sends it; may be left out when one brand has the topic')
      .option('--campaign <campaign>', 'which campaign the message belongs to: one that is held is denied')
      .option('--type <type>', 'what <contact> is, when it cannot be told from its looks')
      .option('--claim', 'count the message when the answer is allow, for people who asked for fewer')
      .addOption(jsonOption())
      .addHelpText('after', '\nEnds with 0 for allow, 1 for deny and 2 for defer.\n')
      .action(gate),
  )
}

async function gate(contact: string, options: Options): Promise<void> {
  const question: GateQuestion = {
    contactPoint: contactPointArgument(contact, options.type),
    channel: channelOption(options.channel),
    topic: options.topic,
    ...(options.brand !== undefined && { brand: options.brand }),
    ...(options.campaign !== undefined && { campaign: options.campaign }),
  }
  await withHub(options, async (hub) => {
    const answer = await ask(hub, question, options.claim === true)
    if (options.json) printJson(answer)
    else print(describeDecision(answer, await decidingChoice(hub, question, answer)))
    return exitCodeFor(answer)
  })
}

async function ask(hub: Hub, question: GateQuestion, isClaim: boolean): Promise<GateAnswer> {
  const { db, catalog, secrets, random } = hub
  if (isClaim) return claimSend(db, catalog, secrets, random, question, hub.clock())
  const [answer] = await askGate(db, catalog, secrets, [question], hub.clock())
  if (answer === undefined) throw new Error('the gate gave no answer')
  return answer
}

/** It may have been said through the contact point, for its relation, or through another contact point of that relation. */
async function decidingChoice(hub: Hub, question: GateQuestion, answer: Decision): Promise<Choice | undefined> {
  if (answer.choiceId === undefined) return undefined
  const country = hub.catalog
    .brands()
    .find((brand) => brand.id === (question.brand ?? ownerOf(hub, question.topic)))?.country
  const named = keyContactPoint(hub.secrets, question.contactPoint, country)
  if (named.kind !== 'ok') return undefined
  const { key } = named.keyed
  const relations = [key, ...(await tiesOfContactPoints(hub.db, [key])).map((tie) => tie.relationKey)]
  const members = await tiesOfRelations(hub.db, relations)
  return findChoice(hub.db, [...relations, ...members.map((tie) => tie.contactKey)], answer.choiceId)
}

function ownerOf(hub: Hub, topic: string): string | undefined {
  return hub.catalog.brands().find((brand) => hub.catalog.topic(brand.id, topic) !== undefined)?.id
}

function exitCodeFor(answer: Decision): ExitCode {
  if (answer.decision === 'allow') return exitCodes.ok
  return answer.decision === 'deny' ? exitCodes.negative : exitCodes.defer
}
