/**
 * What the hub answers, as the element draws it: sections in the order in which they are read, each of parts. The words
 * come from the hub, in the reader's language and with the brand's own sentences, so that the element has none to keep.
 */
export type View = {
  /** What came of the act that was asked; absent when somebody only looked. */
  readonly outcome?: string
  readonly lang: string
  readonly sections: readonly Section[]
}

export type Section = {
  /** Names the section for the style sheet of the site: `section-stop`. */
  readonly id: string
  readonly title: string
  readonly parts: readonly Part[]
}

/** Names and values of a form. A name may have several values. */
export type Fields = Readonly<Record<string, string | readonly string[]>>

export type Words = {
  readonly kind: 'words'
  readonly words: string
  readonly tone?: 'title' | 'hint' | 'state' | 'alert'
}
export type List = { readonly kind: 'list'; readonly items: readonly string[] }
/** One press, which acts. `first` is for the one act that ends everything. */
export type Act = {
  readonly kind: 'act'
  readonly act: string
  readonly fields: Fields
  readonly label: string
  readonly first?: boolean
  /** Under the label, on the button. */
  readonly small?: string
  /** Only heard: which of several alike it is. */
  readonly of?: string
  /** Beside the button, and read with it. */
  readonly explained?: string
}
export type Form = {
  readonly kind: 'form'
  readonly act: string
  readonly fields: Fields
  readonly inputs: readonly Input[]
  readonly button: string
}
/** Something the person has, with the one thing that can be done about it. */
export type Row = {
  readonly kind: 'row'
  readonly label: string
  readonly words: string
  readonly tag?: string
  readonly act: Act
}
export type Grid = {
  readonly kind: 'grid'
  readonly act: string
  readonly fields: Fields
  readonly topic: string
  readonly channels: readonly string[]
  readonly rows: readonly { readonly name: string; readonly cells: readonly Cell[] }[]
  readonly button: string
}
/** Without `value` there is nothing to tick: `note` says so. */
export type Cell = { readonly value?: string; readonly ticked?: boolean; readonly note?: string }
export type Part = Words | List | Act | Form | Row | Grid

type Labelled = {
  readonly label: string
  /** It is the title above it: it need not be seen twice. */
  readonly heard?: boolean
  readonly lang?: string
  readonly hint?: string
}
export type Option = {
  readonly value: string
  readonly label: string
  readonly lang?: string
  readonly picked?: boolean
}
export type Field = Labelled & {
  readonly kind: 'text' | 'email' | 'date' | 'long'
  readonly name: string
  readonly error?: string
  readonly required?: boolean
  readonly charactersMax?: number
  readonly autocomplete?: string
  readonly min?: string
  readonly max?: string
}
export type Choice = Labelled & {
  /** `pick` is a list that drops down, `one` and `many` stand open. */
  readonly kind: 'pick' | 'one' | 'many'
  readonly name: string
  readonly options: readonly Option[]
}
export type Input = Field | Choice
