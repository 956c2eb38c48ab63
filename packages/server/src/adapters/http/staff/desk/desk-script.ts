/**
 * Keys for who records while somebody speaks: a digit goes to the field for it from anywhere but a text field, a slash to
 * the search. Everything works without it, by the forms alone.
 */
export const deskScript = `'use strict'
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const at = event.target
  const isText = at instanceof HTMLElement && at.matches('input:not([type=radio]):not([type=checkbox]), textarea, select')
  if (isText) return
  const wanted = /^[0-9]$/.test(event.key) ? 'digit' : event.key === '/' ? 'contact' : ''
  const field = wanted && document.getElementById(wanted)
  if (!(field instanceof HTMLInputElement)) return
  event.preventDefault()
  field.value = wanted === 'digit' ? event.key : ''
  field.focus()
})
`
