import { offers } from '@verzet/core'
import { type Command, Option } from 'commander'
import { returnMarks } from '../../services/print/return-scope.ts'
import { hubCommand, jsonOption } from '../command-frame.ts'
import { collect } from '../contact-argument.ts'
import { usageProblem } from '../exit-codes.ts'
import { importReturnsFile, previewReturns, type ReturnsOptions } from '../import-returns-file.ts'

/** What a whole pile can be said to be; what cannot be read is never a whole pile. */
export const pileMarks = returnMarks.filter((mark) => mark !== 'unclear')

export function addPostCommand(program: Command): void {
  const command = hubCommand('post', 'read post that came back: cards, letters, wrong addresses, stickers', [
    'verzet post returns.csv --preview',
    'verzet post returns.csv --code code --mark-column remark --post street,number,postcode,town --said-at date',
    'verzet post stickers.csv --mark sticker --unaddressed flyers --post street,number,postcode,town --brand shop',
  ])
  command
    .argument('<file>', 'CSV with one piece a line')
    .option('--code <column>', 'the printed code, or what the QR code says')
    .option('--mark-column <column>', 'what the piece says, in words')
    .option('--mark <mark>', `what they all say where no word does: ${pileMarks.join(', ')}`, 'silent')
    .option('--post <column>', 'postal address; several columns are read as its parts', collect)
    .option('--external-id <column>', 'your own number of the person')
    .option('--said-at <column>', 'when it came back')
    .option('--brand <brand>', 'whose post it is; its country is that of addresses without one')
    .option('--offered <parts>', `what the print offered beside the code: ${offers.join(', ')}`, collect)
    .option('--unaddressed <topic>', 'the topic of your unaddressed print, which a sticker refuses')
    .option('--source <text>', 'where the pile comes from')
    .option('--preview', 'show what would be read as what, and change nothing')
    .option('--no-header', 'the first line is a piece too; columns then go by number')
    .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
    .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
    .option('--rejects <file>', 'where lines go that cannot be taken (default: FILE.rejected.csv)')
    .option('--strict', 'end with 65 when any line could not be taken')
    .option('--restart', 'begin again instead of going on where an earlier run stopped')
    .addOption(new Option('--batch <rows>', 'lines in one transaction').hideHelp())
    .addOption(jsonOption('print the summary as JSON'))
    .addHelpText('after', '\nThe words it reads, and what each does: docs/operate/print.md\n')
    .action(post)
  program.addCommand(command)
}

async function post(path: string, options: ReturnsOptions): Promise<void> {
  if (path === '-')
    throw usageProblem('this reads a file, so that it can go on where it stopped; stdin cannot be read twice')
  if (options.preview) return previewReturns(path, options)
  return importReturnsFile(path, options)
}
