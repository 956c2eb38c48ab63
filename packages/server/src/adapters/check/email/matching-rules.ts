import type { Compound, Declaration, StyleRule, StyleView } from './style-sheet.ts'

/** What selectors can ask of an element. */
export type ElementNames = { readonly tag: string; readonly id: string; readonly classes: readonly string[] }

/** Finds the rules for an element by what their last part names, so that a large sheet costs little. */
export class RuleIndex {
  readonly #byName = new Map<string, { readonly rule: StyleRule; readonly order: number }[]>()

  constructor(rules: readonly StyleRule[], view: StyleView) {
    for (const [order, rule] of rules.entries()) {
      if (rule.view !== 'light' && rule.view !== view) continue
      const last = rule.selector.at(-1)
      const name = last === undefined ? '' : nameOf(last)
      const known = this.#byName.get(name)
      if (known === undefined) this.#byName.set(name, [{ rule, order }])
      else known.push({ rule, order })
    }
  }

  /** What holds for the element, the last one said winning: by importance, place, specificity and order (CSS Cascade 4 §6). */
  declarationsFor(path: readonly ElementNames[], inline: readonly Declaration[]): ReadonlyMap<string, string> {
    const element = path.at(-1)
    if (element === undefined) return new Map()
    const candidates = ['', element.tag, `#${element.id}`, ...element.classes.map((name) => `.${name}`)]
      .flatMap((name) => this.#byName.get(name) ?? [])
      .filter(({ rule }) => matches(rule.selector, path))
      .toSorted((one, other) => one.rule.specificity - other.rule.specificity || one.order - other.order)
    const said = [...candidates.flatMap(({ rule }) => rule.declarations), ...inline]
    const inOrder = [...said.filter((one) => !one.isImportant), ...said.filter((one) => one.isImportant)]
    const values = new Map<string, string>()
    for (const { name, value } of inOrder) {
      if (name === 'all') values.clear()
      for (const longhand of longhands[name] ?? []) values.delete(longhand)
      values.set(name, value)
    }
    return values
  }
}

/** What is said anew by a declaration of another name, as far as it is looked at here. */
const longhands: Readonly<Record<string, readonly string[]>> = {
  font: ['font-size'],
  background: ['background-color', 'background-image'],
  margin: ['margin-left', 'margin-top'],
  inset: ['left', 'top'],
}

function nameOf({ tag, id, classes }: Compound): string {
  if (id !== undefined) return `#${id}`
  const [first] = classes
  return first === undefined ? (tag ?? '') : `.${first}`
}

function matches(selector: readonly Compound[], path: readonly ElementNames[]): boolean {
  let wanted = selector.length - 1
  for (let place = path.length - 1; place >= 0 && wanted >= 0; place--) {
    const compound = selector[wanted]
    const element = path[place]
    const isMatch = compound !== undefined && element !== undefined && fits(compound, element)
    if (isMatch) wanted--
    else if (place === path.length - 1) return false
  }
  return wanted < 0
}

function fits({ tag, id, classes }: Compound, element: ElementNames): boolean {
  return (
    (tag === undefined || tag === element.tag) &&
    (id === undefined || id === element.id) &&
    classes.every((name) => element.classes.includes(name))
  )
}
