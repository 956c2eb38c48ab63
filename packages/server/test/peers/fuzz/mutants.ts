import {
  fixtureNames as homeComing,
  readFixture as readHomeComing,
} from '../../../src/adapters/intake/mail/testing/mail-fixtures.ts'
import {
  fixtureNames as leaving,
  readFixture as readLeaving,
} from '../../../src/adapters/smtp/message/testing/fixtures.ts'
import { type Bytes, diceFrom, mutations } from './mutations.ts'

export type Mutant = {
  readonly number: number
  readonly raw: Buffer
  /** The fixture it was made of and what was done to it. */
  readonly story: string
}

const seedStride = 1_000_003
/** Beyond it a mutant only takes time: the limits of both readers lie below. */
const bytesMax = 2_000_000
const names = Object.keys(mutations)

/** Every fixture of the mail that leaves and of the mail that comes home, with CRLF as it is on the wire. */
function readCorpus(): readonly (readonly [string, Bytes])[] {
  const read = (name: string, raw: Buffer) => [name, raw.toString('latin1').replace(/\r?\n/g, '\r\n')] as const
  return [
    ...leaving().map((name) => read(`leaving/${name}`, readLeaving(name))),
    ...homeComing.map((name) => read(`home/${name}`, readHomeComing(name))),
  ]
}

const corpus = readCorpus()
export const corpusSize = corpus.length

/** The same for the same seed and number, whatever was made before; the first ones are the fixtures as they are. */
export function makeMutant(seed: number, number: number): Mutant {
  const whole = corpus[number]
  if (whole !== undefined) return { number, raw: Buffer.from(whole[1], 'latin1'), story: whole[0] }
  const dice = diceFrom(seed * seedStride + number)
  const pick = () => corpus[dice.below(corpus.length)] ?? (['', ''] as const)
  const [origin, start] = pick()
  let mail = start
  const done: string[] = []
  for (let times = 1 + dice.below(4); times > 0; times--) {
    const name = names[dice.below(names.length)] ?? ''
    mail = (mutations[name]?.(mail, dice, pick()[1]) ?? mail).slice(0, bytesMax)
    done.push(name)
  }
  // A lone CR or LF is refused at once by the relay, so most get whole line ends back.
  if (dice.chance(0.9)) mail = mail.replace(/\r\n|\r|\n/g, '\r\n')
  return { number, raw: Buffer.from(mail, 'latin1'), story: `${origin}: ${done.join(', ')}` }
}
