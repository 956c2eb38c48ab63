import { createHash } from 'node:crypto'
import { styleFor } from '../pages/style.ts'

const sheet = `
.page{max-width:60rem}
.rooms{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center}
.rooms a,.rooms button{min-height:2.75rem;display:inline-flex;align-items:center;padding:0 .375rem;border:0;background:none;
color:var(--accent);font:inherit;text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
.rooms [aria-current]{color:var(--ink);font-weight:700;text-decoration:none}
.search{display:grid;gap:.375rem .75rem;grid-template-columns:minmax(0,1fr)}
@media (min-width:42rem){.search{grid-template-columns:minmax(0,1fr) auto}.search label,.search .hint,.search .error{grid-column:1/-1}
.search .button{width:auto;padding-inline:2rem}
.beside{display:grid;gap:1.25rem;grid-template-columns:minmax(0,3fr) minmax(0,2fr);align-items:start}}
.beside>*{min-width:0}.beside{gap:1.25rem}
.acts{display:grid;gap:.5rem}
.acts .button{flex-direction:row;justify-content:flex-start;gap:.75rem;text-align:start}
kbd{flex:none;min-width:1.75rem;padding:.0625rem .375rem;border:1px solid var(--control);border-radius:.375rem;font:inherit;
font-weight:600;text-align:center;background:var(--paper);color:var(--ink)}
.digit{display:grid;gap:.375rem .75rem;grid-template-columns:minmax(4rem,6rem) auto;justify-content:start}
.digit label,.digit .error{grid-column:1/-1}
.digit input{text-align:center;font-weight:700;font-size:1.25rem}
.digit .button{width:auto;padding-inline:1.5rem}
.said{font-size:1.1875rem;line-height:1.45}
textarea{min-height:4.5rem}`.replace(/\s*\n\s*/g, '')

/** The public pages' sheet with what the rooms of staff need on top: one look, one set of colours. */
export const staffStyle = styleFor().css + sheet

const hash = createHash('sha256').update(staffStyle).digest('base64')

/** The pages work without script; the one there is adds keys, and comes from this origin alone. */
export const staffPolicy = `default-src 'none'; style-src 'sha256-${hash}'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
