/**
 * Asks the browser for a passkey when its form is sent, puts the answer into the form and sends it on. What to ask comes
 * from the server at that moment, so that a page that lay open for an hour works. Bytes travel as base64url.
 */
export const passkeyScript = `'use strict'
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '')
const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }))

async function make(options) {
  const publicKey = { ...options, challenge: toBytes(options.challenge), excludeCredentials: withBytes(options.excludeCredentials),
    user: { ...options.user, id: toBytes(options.user.id) } }
  const { rawId, response } = await navigator.credentials.create({ publicKey })
  const transports = response.getTransports ? response.getTransports() : []
  return answer(rawId, { clientDataJSON: toText(response.clientDataJSON),
    attestationObject: toText(response.attestationObject), transports })
}

async function use(options) {
  const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) }
  const { rawId, response } = await navigator.credentials.get({ publicKey })
  return answer(rawId, { clientDataJSON: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData), signature: toText(response.signature),
    userHandle: response.userHandle ? toText(response.userHandle) : null })
}

function answer(rawId, response) {
  const id = toText(rawId)
  return JSON.stringify({ id, rawId: id, type: 'public-key', response })
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const problem = form.querySelector('[data-problem]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.hidden = true
    try {
      const asked = await fetch(form.dataset.options, { headers: { accept: 'application/json' } })
      if (asked.redirected || !asked.ok) {
        location.assign(asked.redirected ? asked.url : location.href)
        return
      }
      const options = await asked.json()
      form.elements.response.value = form.dataset.passkey === 'create' ? await make(options) : await use(options)
      form.submit()
    } catch {
      problem.hidden = false
    }
  })
}
`
