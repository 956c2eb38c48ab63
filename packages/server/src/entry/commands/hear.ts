import type { Command } from 'commander'
import { replyWish } from '../../adapters/intake/mail/reply-wish.ts'
import { readTextWish } from '../../adapters/intake/text/read-text-wish.ts'
import { likelihoodOf, wordsThatWeigh } from '../../adapters/intake/wish/likelihood.ts'
import type { Medium } from '../../adapters/intake/wish/word-features.ts'
import { jsonOption, plainCommand, print, printJson } from '../command-frame.ts'
import { oneOf } from '../contact-argument.ts'

type Options = { medium: string; json?: boolean }

const mediums = ['mail', 'text'] as const
/** More would be the whole message. */
const wordsShown = 8

const meanings = {
  no: 'a no, at once',
  waits: 'may be a no: a human reads it, and marketing waits',
  passed_over: 'something else: it is kept for 30 days in the review room',
  start: 'asks to be written to again',
  help: 'asks for help',
}

export function addHearCommand(program: Command): void {
  program.addCommand(
    plainCommand('hear', 'say how the words of an answer are read, and which of them weigh most', [
      'verzet hear "Kunt u mij van de lijst halen?"',
      'verzet hear --medium text "stop maar met die smsjes"',
    ])
      .argument('<words>', 'what somebody answers')
      .option('--medium <medium>', mediums.join(' or '), 'mail')
      .addOption(jsonOption())
      .action(hear),
  )
}

function hear(words: string, options: Options): void {
  const medium = oneOf(mediums, options.medium, '--medium')
  const heard = heardIn(words, medium)
  const likely = likelihoodOf(words, medium)
  const weighs = wordsThatWeigh(words, medium, wordsShown)
  if (options.json) {
    printJson({ heard, likely: likely ?? null, weighs })
    return
  }
  print(meanings[heard])
  if (likely === undefined) return
  const percent = (part: number) => `${Math.round(100 * part)} %`
  print(
    `by its words: a no ${percent(likely.no)}, doubtful ${percent(likely.doubtful)}, else ${percent(likely.ordinary)}`,
  )
  for (const one of weighs) print(`  ${one.weight.toFixed(2).padStart(5)}  ${one.word}`)
}

function heardIn(words: string, medium: Medium): keyof typeof meanings {
  const wish = medium === 'mail' ? replyWish(words, 'Re:') : readTextWish(words).kind
  switch (wish) {
    case 'clear':
    case 'stop':
      return 'no'
    case 'none':
      return 'passed_over'
    case 'start':
    case 'help':
      return wish
    default:
      return 'waits'
  }
}
