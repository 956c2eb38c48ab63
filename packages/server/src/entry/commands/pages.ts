import type { Command } from 'commander'
import { z } from 'zod'
import { findingInWords } from '../../services/page-lint/finding-in-words.ts'
import { lintCandidate } from '../../services/page-lint/publish-wording.ts'
import type { Finding } from '../../services/page-lint/rules.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'
import { findingLine } from '../finding-lines.ts'
import { readJson } from '../read-json.ts'

type CheckOptions = PlaceOptions & { brand?: string; wording?: string; json?: boolean }

const wordingSchema = z.strictObject({ texts: z.record(z.string(), z.record(z.string(), z.string().min(1))) })

export function addPagesCommand(program: Command): void {
  const check = hubCommand('check', 'say which rules the pages of a brand break, if any', [
    'verzet pages check',
    'verzet pages check --brand shop --wording wording.json',
  ])
    .option('--brand <brand>', 'only this brand')
    .option('--wording <file>', 'judge the pages as they would be with this wording (JSON as PUT …/wording takes it)')
    .addOption(jsonOption())
    .action(checkPages)
  const group = plainCommand('pages', 'judge the pages people leave on', ['verzet pages check'])
  program.addCommand(group.addCommand(check))
}

async function checkPages(options: CheckOptions): Promise<void> {
  const tried = options.wording === undefined ? undefined : await readJson(options.wording, wordingSchema)
  await withHub(options, async (hub) => {
    const faults = tried === undefined ? [] : hub.pages.wordingFaults(tried.texts)
    if (faults.length > 0) {
      const lines = faults.map(({ language, key, detail }) => `  ${language}${key ? ` ${key}` : ''}: ${detail}`)
      throw dataProblem(`this wording cannot be used:\n${lines.join('\n')}`)
    }
    const brands = options.brand === undefined ? hub.catalog.brands() : [brandNamed(hub.catalog, options.brand)]
    const results = []
    for (const brand of brands) {
      const candidate = tried === undefined ? brand : { ...brand, wording: { version: 0, texts: tried.texts } }
      results.push({ brand: brand.id, findings: await lintCandidate(hub, candidate) })
    }
    if (options.json) {
      const told = (found: Finding) => findingInWords(hub.sayInEnglish, found)
      printJson(results.map(({ brand, findings }) => ({ brand, findings: findings.map(told) })))
    }
    for (const { brand, findings } of options.json ? [] : results) {
      if (findings.length === 0) print(`${brand}: the pages keep every rule`)
      for (const finding of findings) print(`${brand}: ${findingLine(hub, finding)}`)
    }
    return results.some(({ findings }) => findings.length > 0) ? exitCodes.negative : exitCodes.ok
  })
}
