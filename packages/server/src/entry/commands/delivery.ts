import type { Command } from 'commander'
import { deliveryKinds, reportDelivery } from '../../services/report-delivery.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { channelOption, contactPointArgument, oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'

type Options = PlaceOptions & { channel: string; kind: string; type?: string; source?: string; json?: boolean }

const kinds = deliveryKinds.map((kind) => kind.replace('_', '-'))

export function addDeliveryCommand(program: Command): void {
  program.addCommand(
    hubCommand('delivery', 'note that messages do, or do not, arrive at an address', [
      'verzet delivery jan@voorbeeld.be --channel email --kind delivered',
      'verzet delivery 0470123456 --channel sms --kind dead-number',
    ])
      .argument('<contact>', 'e-mail address, phone number, postal address or push token')
      .requiredOption('--channel <channel>', 'how it was tried')
      .requiredOption('--kind <kind>', kinds.join(', '))
      .option('--type <type>', 'what <contact> is, when it cannot be told from its looks')
      .option('--source <system>', 'which system says so, in small letters')
      .addOption(jsonOption())
      .action(report),
  )
}

async function report(contact: string, options: Options): Promise<void> {
  const contactPoint = contactPointArgument(contact, options.type)
  const channel = channelOption(options.channel)
  const kind = oneOf(deliveryKinds, options.kind.replaceAll('-', '_'), '--kind')
  await withHub(options, async (hub) => {
    const given = { contactPoint, channel, kind, ...(options.source !== undefined && { source: options.source }) }
    const outcome = await reportDelivery(hub, given, hub.clock(), 'command')
    if (outcome.kind === 'refused') throw dataProblem(outcome.faults.map((fault) => fault.hint).join(' '))
    const { changed, deliverable, until } = outcome
    const moment = until === undefined ? undefined : new Date(until).toISOString()
    if (options.json) printJson({ changed, deliverable, ...(moment !== undefined && { until: moment }) })
    else if (deliverable) print(`Noted. Messages by ${channel} may be sent there, as far as delivery goes.`)
    else print(`Noted. Nothing is sent there by ${channel} until ${moment ?? 'it proves alive'}.`)
    return exitCodes.ok
  })
}
