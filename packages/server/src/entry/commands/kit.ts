import type { Command } from 'commander'
import { kitFormats, showKit, showPiece } from '../../adapters/kit/show-kit.ts'
import { kitPieceIds } from '../../services/brand-kit.ts'
import { chooseMailLanguage, mailLanguages } from '../../services/mail-language.ts'
import { hearsTexts } from '../../services/texts/sms-accounts.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, print, printJson, withHub } from '../command-frame.ts'
import { oneOf } from '../contact-argument.ts'
import { exitCodes } from '../exit-codes.ts'
import { noteOutsideUrl } from '../note-outside-url.ts'

type Options = PlaceOptions & { brand: string; language?: string; piece?: string; format: string; json?: boolean }

export function addKitCommand(program: Command): void {
  program.addCommand(
    hubCommand('kit', 'print the texts that offer the way out, for privacy statement, mail, SMS, paper and phone', [
      'verzet kit --brand shop --language fr',
      'verzet kit --brand shop --piece privacy --format html > privacy.html',
    ])
      .requiredOption('--brand <brand>', 'whose texts')
      .option('--language <language>', `${mailLanguages.join(', ')} (default: that of the brand's country)`)
      .option('--piece <piece>', `one of them: ${kitPieceIds.join(', ')}`)
      .option('--format <format>', kitFormats.join(', '), 'text')
      .addOption(jsonOption())
      .addHelpText('after', '\nWhere each goes: docs/operate/kit.md\n')
      .action(kit),
  )
}

async function kit(options: Options): Promise<void> {
  const format = oneOf(kitFormats, options.format, '--format')
  const wanted = options.piece === undefined ? undefined : oneOf(kitPieceIds, options.piece, '--piece')
  const given = options.language === undefined ? undefined : oneOf(mailLanguages, options.language, '--language')
  await withHub(options, async ({ db, catalog, place, pages }, config) => {
    const brand = brandNamed(catalog, options.brand)
    const language = given ?? chooseMailLanguage([], brand.country)
    const whole = pages.kit(place, brand, language, { hearsTexts: await hearsTexts(db, brand.id) })
    const made = { ...whole, pieces: whole.pieces.filter(({ id }) => wanted === undefined || id === wanted) }
    const [only] = made.pieces
    noteOutsideUrl(config)
    if (options.json) printJson(made)
    else if (wanted !== undefined && only !== undefined) print(showPiece(only, format))
    else print(showKit(made, format))
    return exitCodes.ok
  })
}
