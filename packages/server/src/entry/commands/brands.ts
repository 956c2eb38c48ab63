import type { Command } from 'commander'
import { brandSchema } from '../../services/content/catalog-schema.ts'
import { writeBrand } from '../../services/content/write-catalog.ts'
import { giveNumber } from '../../services/give-number.ts'
import { lintCandidate } from '../../services/page-lint/publish-wording.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { exitCodes } from '../exit-codes.ts'
import { refuseBrokenPages } from '../finding-lines.ts'
import { oneOrMany, readJson } from '../read-json.ts'

export function addBrandsCommand(program: Command): void {
  const list = hubCommand('list', 'show the brands', ['verzet brands list --json'])
    .addOption(jsonOption())
    .action(listBrands)
  const set = hubCommand('set', 'add or change brands from JSON: one object or an array', [
    `echo '{"id":"shop","name":"The Shop","controller":"Shop NV","country":"BE"}' | verzet brands set -`,
  ])
    .argument('<file>', 'JSON file, or - for stdin')
    .action(setBrands)
  const group = plainCommand('brands', 'list and set brands', ['verzet brands list'])
  program.addCommand(group.addCommand(list, { isDefault: true }).addCommand(set))
}

async function listBrands(options: PlaceOptions & { json?: boolean }): Promise<void> {
  await withHub(options, async ({ catalog }) => {
    const brands = catalog
      .brands()
      .map(({ id, name, controller, country, settings }) => ({ id, name, controller, country, settings }))
    if (options.json) printJson(brands)
    for (const brand of options.json ? [] : brands)
      print(`${brand.id}  ${brand.name} (${brand.controller}, ${brand.country})`)
    return exitCodes.ok
  })
}

async function setBrands(file: string, options: PlaceOptions): Promise<void> {
  const given = await readJson(file, oneOrMany(brandSchema))
  await withHub(options, async (hub) => {
    const { db, clock, catalog } = hub
    for (const brand of given) {
      const { number = 0, wording = null } = catalog.brand(brand.id) ?? {}
      refuseBrokenPages(hub, brand.id, await lintCandidate(hub, { ...brand, number, wording }))
    }
    await giveNumber(db, async (tx) => {
      for (const brand of given) await writeBrand(tx, brand, clock(), 'command brands')
    })
    print(`Set ${given.map(({ id }) => id).join(', ')}.`)
    return exitCodes.ok
  })
}
