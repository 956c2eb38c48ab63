import { type Command, Option } from 'commander'
import { hubCommand, jsonOption } from '../command-frame.ts'
import { collect } from '../contact-argument.ts'
import { usageProblem } from '../exit-codes.ts'
import { importObjectionsFile } from '../import-objections-file.ts'
import type { ImportOptions } from '../import-plan.ts'
import { previewImport } from '../import-preview.ts'
import { importRelationsFile } from '../import-relations-file.ts'

export function addImportCommand(program: Command): void {
  const command = hubCommand('import', 'bring in people, or the refusals made before; never revives anyone', [
    'verzet import relations.csv --preview',
    'verzet import relations.csv --basis consent --channel email --consent-at "opt-in" --consent-source "web shop"',
    'verzet import customers.csv --basis customer --brand shop --customer-since "client depuis"',
    'verzet import --objections refused.csv --said-at date --channel email',
  ])
  command
    .argument('[file]', 'CSV with one person a line; columns are guessed from the first line where no flag names them')
    .option('--objections <file>', 'CSV of refusals instead: everyone in it is refused')
    .option('--basis <basis>', 'why these people may be written to: consent, customer or none')
    .option('--brand <brand>', 'the brand it is about; its country is that of numbers without one')
    .option('--channel <channels>', 'the channels the consents (or refusals) are for, such as email,sms', collect)
    .option('--topic <topic>', 'the topic they are for; left out: all')
    .option('--preview', 'show the guess with the first lines, and change nothing')
  addColumnOptions(command)
  addFileOptions(command)
  command.addHelpText(
    'after',
    '\nA column is named by its title or by its number from 1. docs/operate/import.md tells the rest.\n',
  )
  program.addCommand(command.action(run))
}

function addColumnOptions(command: Command): void {
  const column = (flag: string, what: string) => command.option(`--${flag} <column>`, what)
  column('external-id', 'your own number of the person')
  command.option('--email <column>', 'e-mail address; may be given again', collect)
  command.option('--phone <column>', 'phone number; may be given again', collect)
  command.option('--post <column>', 'postal address; several columns are read as its parts', collect)
  column('name', 'name')
  column('language', 'language')
  column('country', 'country')
  column('impersonal', 'yes for a general address of a company')
  column('customer-since', 'since when a customer: a column, or one date for all')
  column('consent-at', 'when the consent was given: a column, or one date for all')
  column('consent-source', 'where the consent comes from: a column, or one text for all')
  column('said-at', 'with --objections: when the no was said')
  column('brand-column', 'with --objections: narrows each no to a brand')
  column('channel-column', 'with --objections: narrows each no to a channel')
  column('topic-column', 'with --objections: narrows each no to a topic')
  command.option('--source <text>', 'with --objections: where they come from')
}

function addFileOptions(command: Command): void {
  command
    .option('--no-header', 'the first line is a person too; columns then go by number')
    .option('--delimiter <char>', 'what stands between columns (default: , ; tab or |, as the first line shows)')
    .option('--encoding <encoding>', 'utf8, latin1 or utf16le (default: utf8, or as the file says)')
    .option('--rejects <file>', 'where lines go that cannot be taken, with the reason (default: FILE.rejected.csv)')
    .option('--strict', 'end with 65 when any line could not be taken')
    .option('--restart', 'begin again instead of going on where an earlier run stopped')
    .addOption(new Option('--batch <rows>', 'lines in one transaction').hideHelp())
    .addOption(jsonOption('print the summary as JSON'))
}

async function run(file: string | undefined, options: ImportOptions): Promise<void> {
  if (options.objections !== undefined && file !== undefined)
    throw usageProblem('name one file: people, or --objections')
  const path = options.objections ?? file
  if (path === undefined) throw usageProblem('name a file: "verzet import relations.csv --preview" is a good start')
  if (path === '-')
    throw usageProblem('an import reads a file, so that it can go on where it stopped; stdin cannot be read twice')
  if (options.preview) return previewImport(path, options)
  if (options.objections !== undefined) return importObjectionsFile(path, options)
  return importRelationsFile(path, options)
}
