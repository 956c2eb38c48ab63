/** The frames beside the sentences follow the typing, after a pause in it. The buttons do the same without it. */
export const contentScript = `'use strict'
const texts = document.getElementById('texts')
let timer
const press = (act) => texts.requestSubmit(texts.querySelector('button[value=' + act + ']'))
const show = () => {
  press('preview')
  // A form that is sent twice in one turn is sent once, to the second place (HTML, planned navigation).
  setTimeout(press, 50, 'check')
}
const later = () => {
  clearTimeout(timer)
  timer = setTimeout(show, 600)
}
if (texts instanceof HTMLFormElement) {
  texts.addEventListener('input', later)
  document.getElementById('sample').addEventListener('change', later)
}
`
