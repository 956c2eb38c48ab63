import type { Command } from 'commander'
import { topicSchema } from '../../services/content/catalog-schema.ts'
import { writeTopic } from '../../services/content/write-catalog.ts'
import { giveNumber } from '../../services/give-number.ts'
import { lintTopics } from '../../services/page-lint/publish-wording.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { exitCodes } from '../exit-codes.ts'
import { refuseBrokenPages } from '../finding-lines.ts'
import { oneOrMany, readJson } from '../read-json.ts'
import { assertScopeExists } from '../scope-options.ts'

type ListOptions = PlaceOptions & { brand?: string; json?: boolean }

export function addTopicsCommand(program: Command): void {
  const list = hubCommand('list', 'show what each brand sends, and whether it is marketing or service', [
    'verzet topics list --brand shop',
  ])
    .option('--brand <brand>', 'only this brand')
    .addOption(jsonOption())
    .action(listTopics)
  const set = hubCommand('set', 'add or change topics from JSON: one object or an array', [
    `echo '{"brand":"shop","id":"news","purpose":"marketing","names":{"en":"News"}}' | verzet topics set -`,
  ])
    .argument('<file>', 'JSON file, or - for stdin')
    .action(setTopics)
  const group = plainCommand('topics', 'list and set topics', ['verzet topics list'])
  program.addCommand(group.addCommand(list, { isDefault: true }).addCommand(set))
}

async function listTopics(options: ListOptions): Promise<void> {
  await withHub(options, async ({ catalog }) => {
    assertScopeExists(catalog, options.brand === undefined ? {} : { brand: options.brand })
    const brands = catalog.brands().filter(({ id }) => options.brand === undefined || id === options.brand)
    const topics = brands
      .flatMap(({ id }) => catalog.topics(id))
      .map(({ brand, id, purpose, names, settings }) => ({ brand, id, purpose, names, settings }))
    if (options.json) printJson(topics)
    for (const topic of options.json ? [] : topics) {
      print(`${topic.brand}  ${topic.id}  ${topic.purpose}  ${topic.names.en ?? Object.values(topic.names)[0] ?? ''}`)
    }
    return exitCodes.ok
  })
}

async function setTopics(file: string, options: PlaceOptions): Promise<void> {
  const given = await readJson(file, oneOrMany(topicSchema))
  await withHub(options, async (hub) => {
    const { db, clock, catalog } = hub
    for (const brand of new Set(given.map((topic) => topic.brand))) {
      assertScopeExists(catalog, { brand })
      const wanted = given.filter((topic) => topic.brand === brand)
      refuseBrokenPages(hub, brand, await lintTopics(hub, brand, wanted))
    }
    await giveNumber(db, async (tx) => {
      for (const topic of given) await writeTopic(tx, topic, clock(), 'command topics')
    })
    print(`Set ${given.map(({ brand, id }) => `${brand}/${id}`).join(', ')}.`)
    return exitCodes.ok
  })
}
