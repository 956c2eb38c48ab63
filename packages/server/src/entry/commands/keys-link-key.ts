import type { Command } from 'commander'
import { linkKeyTerms } from '../../services/link-key-terms.ts'
import { hubCommand, note, type PlaceOptions, print, withHub } from '../command-frame.ts'
import { writePrivateFile } from '../private-file.ts'

export function keysLinkKeyCommand(): Command {
  return hubCommand('link-key', 'write what makes personal links elsewhere, without asking the hub', [
    'verzet keys link-key /etc/mailer/link-key.json',
  ])
    .argument('<file>', 'where to write it (mode 0600); one that is there is replaced')
    .action(writeLinkKey)
}

async function writeLinkKey(file: string, options: PlaceOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const terms = linkKeyTerms(hub)
    writePrivateFile(file, `${JSON.stringify(terms, null, 2)}\n`, { replace: true })
    print(`Wrote ${file}: key ${terms.keyId}, ${terms.brands.length} brand(s).`)
    note(
      'Who has it can opt out whomever they know the address of. Write it anew after "verzet keys rotate", and when brands, topics or campaigns are added.',
    )
    return undefined
  })
}
