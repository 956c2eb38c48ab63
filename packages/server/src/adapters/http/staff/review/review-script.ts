/**
 * Keys for who reads one item after the other. They act on the item that has the focus and nowhere else (WCAG 2.2, 2.1.4):
 * a digit presses its button, j and k go on and back, u takes the last decision back. Everything works without it.
 */
export const reviewScript = `'use strict'
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
  const at = event.target
  if (!(at instanceof HTMLElement) || at.matches('input:not([type=radio]):not([type=checkbox]), textarea, select')) return
  const item = at.closest('[data-item]')
  if (item === null) return
  const key = event.key.toLowerCase()
  if (key === 'j' || key === 'k') {
    const all = [...document.querySelectorAll('[data-item]')]
    const next = all[all.indexOf(item) + (key === 'j' ? 1 : -1)]
    if (next instanceof HTMLElement) next.focus()
    return
  }
  const button = key === 'u' ? document.querySelector('#undo') : item.querySelector('[data-key="' + CSS.escape(key) + '"]')
  if (!(button instanceof HTMLElement)) return
  event.preventDefault()
  if (button instanceof HTMLButtonElement) button.click()
  else button.focus()
})
`
