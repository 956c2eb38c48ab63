/**
 * Puts what the hub says into the page as it happens. Where somebody is reading by keyboard within it, it waits until they
 * leave: the ground is not pulled from under anybody. Without it the page shows the state at load.
 */
export const todayScript = `'use strict'
const live = document.querySelector('#live')
const note = document.querySelector('#live-note')
if (live !== null && note instanceof HTMLElement && 'EventSource' in window) {
  const stream = new EventSource('/today/live' + location.search)
  let waiting
  const show = () => {
    if (waiting === undefined || live.contains(document.activeElement)) return
    live.innerHTML = waiting
    waiting = undefined
  }
  const say = (name) => { note.textContent = note.dataset[name] }
  stream.addEventListener('state', (event) => { waiting = event.data; say('live'); show() })
  stream.addEventListener('end', () => { stream.close(); say('ended') })
  stream.addEventListener('error', () => say(stream.readyState === EventSource.CLOSED ? 'ended' : 'lost'))
  live.addEventListener('focusout', () => setTimeout(show, 0))
}
`
