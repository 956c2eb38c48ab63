import type { Command } from 'commander'
import { readRelayLists, removeRelayList, saveRelayList } from '../../services/relay-lists.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'

type ListOptions = PlaceOptions & { brand: string; listId: string }

/** RFC 2919 §2: at most 255 characters, in the angle brackets of the field. */
const listIdPattern = /^[\x21-\x3b\x3d\x3f-\x7e]{1,255}$/

export function relayListsCommand(): Command {
  const add = hubCommand('add', 'say which topic the mails of a list are about', [
    'verzet relay lists add --brand acme --list-id weekly.acme.example --topic news',
  ])
    .requiredOption('--brand <id>', 'whose list it is')
    .requiredOption('--list-id <id>', 'what stands between < and > in the List-Id of its mails')
    .requiredOption('--topic <id>', 'what they are about')
    .action(addList)
  const list = hubCommand('list', 'show the lists and their topics', ['verzet relay lists list'])
    .addOption(jsonOption())
    .action(listLists)
  const remove = hubCommand('remove', 'forget a list', [
    'verzet relay lists remove --brand acme --list-id weekly.acme.example',
  ])
    .requiredOption('--brand <id>', 'whose list it is')
    .requiredOption('--list-id <id>', 'as "verzet relay lists list" shows it')
    .action(removeList)
  return plainCommand('lists', 'topics of mails that name none, by their List-Id', ['verzet relay lists list'])
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
}

async function addList(options: ListOptions & { topic: string }): Promise<void> {
  const { brand, topic, listId } = options
  if (!listIdPattern.test(listId)) throw dataProblem('a List-Id is written without spaces and brackets')
  await withHub(options, async (hub) => {
    if (hub.catalog.topic(brand, topic) === undefined)
      throw dataProblem(`there is no topic ${topic} of a brand ${brand}; "verzet topics" lists them`)
    await saveRelayList(hub.db, { brand, listId, topic }, hub.clock())
    print(`Mails of the list ${listId.toLowerCase()} are about ${topic}.`)
    return exitCodes.ok
  })
}

async function listLists(options: PlaceOptions & { json?: true }): Promise<void> {
  await withHub(options, async (hub) => {
    const lists = await readRelayLists(hub.db)
    if (options.json) printJson(lists)
    else for (const { brand, listId, topic } of lists) print(`${listId}  ${brand}  ${topic}`)
    return exitCodes.ok
  })
}

async function removeList(options: ListOptions): Promise<void> {
  await withHub(options, async (hub) => {
    if (!(await removeRelayList(hub.db, options.brand, options.listId))) throw dataProblem('there is no such list')
    print('Removed.')
    return exitCodes.ok
  })
}
