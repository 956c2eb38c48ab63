import { createHash } from 'node:crypto'
import { type Accent, checkedAccent, darkSurface, lightPaper } from './accent.ts'

type Style = { readonly css: string; readonly hash: string }

/** Brands per deployment that keep their style sheet ready; beyond it one is built per page, which costs microseconds. */
const stylesKeptMax = 256
const kept = new Map<string, Style>()

/** The `sha256-…` source of the one inline style sheet of a page with this accent colour, for the CSP. */
export function styleHash(accent?: string): string {
  return styleFor(accent).hash
}

/**
 * The Content-Security-Policy that every page of this directory renders under: no script, nothing from elsewhere,
 * forms to this origin only, never inside a frame.
 */
export function pagePolicy(accent?: string): string {
  const style = `style-src '${styleHash(accent)}'`
  return `default-src 'none'; ${style}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
}

export function styleFor(accent?: string): Style {
  const checked = checkedAccent(accent)
  const known = kept.get(checked.light)
  if (known !== undefined) return known
  const css = colours(checked) + sheet
  const style = { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` }
  if (kept.size < stylesKeptMax) kept.set(checked.light, style)
  return style
}

function colours(accent: Accent): string {
  return pressed(`
:root{color-scheme:light dark;--paper:${lightPaper};--surface:#fff;--ink:#1c1e21;--quiet:#53575e;--line:#dedad1;
--control:#767a80;--tint:#eef3f2;--warn:#fdf3dd;--warn-edge:#a96b00;--accent:${accent.light};--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#14181b;--surface:${darkSurface};--ink:#eceae4;--quiet:#b0b4b9;
--line:#343b41;--control:#8b9198;--tint:#232b2e;--warn:#332a17;--warn-edge:#e0a84a;
--accent:${accent.dark};--on-accent:${darkSurface}}}`)
}

/** Line ends and the space around punctuation carry no meaning in the sheet below; spaces between words do. */
function pressed(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s*\n\s*/g, '')
    .trim()
}

const sheet = pressed(`
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);border-top:.375rem solid var(--accent);
font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
h1,h2,h3,p,ul,dl,figure,fieldset{margin:0;padding:0;border:0}
h1,h2,h3{line-height:1.25;text-wrap:balance;letter-spacing:-.01em}
h1{font-size:clamp(1.625rem,1.35rem + 1.4vw,2.125rem)}
h2{font-size:1.3125rem}
h3{font-size:1.0625rem;letter-spacing:0}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:.08em}
a:hover{text-decoration-thickness:.16em}
ul{list-style:none}
:focus-visible{outline:.1875rem solid var(--ink);outline-offset:.1875rem;border-radius:.25rem}
.skip{position:absolute;left:1rem;top:-6rem;padding:.75rem 1rem;background:var(--surface);color:var(--ink);z-index:1}
.skip:focus{top:1rem}
.out-of-sight{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.page{width:100%;max-width:45rem;margin-inline:auto;padding-inline:1.25rem}
.masthead{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;justify-content:space-between;padding-block:1rem}
.wordmark{font-weight:700;font-size:1.125rem;letter-spacing:-.01em}
.languages{display:flex;flex-wrap:wrap;margin-inline:-.375rem}
.languages a,.languages button,.languages [aria-current]{min-width:2.75rem;min-height:2.75rem;padding:0 .375rem;border:0;
display:inline-flex;align-items:center;justify-content:center;background:none;color:var(--accent);font:inherit;
font-size:.875rem;text-decoration:underline;text-underline-offset:.2em;text-decoration-thickness:.08em;cursor:pointer}
.languages [aria-current]{color:var(--ink);font-weight:700;text-decoration:none;cursor:default}
main{display:grid;gap:1.25rem;grid-template-columns:minmax(0,1fr);padding-bottom:2.5rem}
.card{background:var(--surface);border:1px solid var(--line);border-radius:1rem;padding:1.5rem}
.stack{display:grid;gap:.875rem;grid-template-columns:minmax(0,1fr);align-content:start}
.stack.wide{gap:1.75rem}
.pair{display:grid;gap:.75rem;align-items:stretch;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr))}
.quiet-text{color:var(--quiet)}
.small{font-size:.9375rem}
.who{font-size:1.125rem}
.plain{list-style:none;display:grid;gap:.5rem}
.ticks>li{padding-inline-start:1.25rem;position:relative}
.ticks>li::before{content:"";position:absolute;inset-inline-start:.125rem;top:.62em;width:.4375rem;height:.4375rem;
border-radius:50%;background:var(--accent)}
.rule{border-top:1px solid var(--line);padding-top:1.5rem}
.button{display:flex;flex-direction:column;align-items:center;justify-content:center;width:100%;min-height:3.25rem;
padding:.6875rem .75rem;font:inherit;font-size:1rem;font-weight:600;text-wrap:balance;line-height:1.3;text-align:center;text-decoration:none;
color:var(--ink);background:var(--surface);border:.125rem solid var(--control);border-radius:.75rem;cursor:pointer}
.button:hover{background:var(--tint);border-color:var(--ink)}
.button.first{min-height:4rem;font-size:1.1875rem;color:var(--on-accent);background:var(--accent);border-color:var(--accent)}
.button.first:hover{text-decoration:underline;text-underline-offset:.2em}
.button small{font-size:.875rem;font-weight:400;color:var(--quiet)}
details>summary{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--accent);text-decoration:underline;
text-underline-offset:.2em;text-decoration-thickness:.08em;cursor:pointer}
details>summary::-webkit-details-marker{display:none}
summary::after{content:"";width:.4375rem;height:.4375rem;margin:-.125rem .125rem 0 .625rem;border:solid;border-width:0 .125rem .125rem 0;
transform:rotate(45deg)}
details[open]>summary::after{transform:rotate(225deg);margin-top:.25rem}
details>p{padding-bottom:.5rem}
footer a{display:inline-block;padding-block:.25rem;min-height:1.75rem}
.marks{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
label,legend,.label{font-weight:600;display:block;padding:0}
.hint{color:var(--quiet);font-size:.9375rem}
.field{display:grid;gap:.375rem;grid-template-columns:minmax(0,1fr)}
input:not([type=checkbox]):not([type=radio]),select,textarea{width:100%;min-height:3.25rem;padding:.625rem .875rem;
font:inherit;color:var(--ink);background:var(--surface);border:.125rem solid var(--control);border-radius:.75rem}
input[type=date]{-webkit-appearance:none;appearance:none}
textarea{min-height:7rem;resize:vertical}
[aria-invalid=true]{border-color:var(--warn-edge)!important;border-width:.1875rem!important}
.error{font-weight:600;padding-inline-start:.75rem;border-inline-start:.25rem solid var(--warn-edge)}
.choice{display:flex;gap:.25rem .75rem;align-items:center;min-height:2.75rem;padding:.25rem 0;font-weight:400;cursor:pointer}
input[type=checkbox],input[type=radio]{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--accent);cursor:pointer}
.notice{padding:1.125rem 1.25rem;border-radius:.75rem;background:var(--warn);border-inline-start:.375rem solid var(--warn-edge)}
.state{padding:1.125rem 1.25rem;border-radius:.75rem;background:var(--tint);border-inline-start:.375rem solid var(--accent)}
.seal{width:3rem;height:3rem;border-radius:50%;background:var(--accent);position:relative}
.seal::after{content:"";position:absolute;inset-inline-start:1.125rem;top:.6875rem;width:.75rem;height:1.25rem;
border:solid var(--on-accent);border-width:0 .25rem .25rem 0;transform:rotate(45deg)}
.row{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;justify-content:space-between;padding:.625rem 0;
border-top:1px solid var(--line)}
.row>div{flex:1 1 12rem;min-width:0}
.row .button{width:auto;min-height:2.75rem;padding:.375rem 1rem;font-size:.9375rem}
.tag{display:inline-block;padding:.0625rem .5rem;border-radius:.375rem;background:var(--warn);font-size:.875rem}
.grid,.grid tbody,.grid tr,.grid th,.grid td{display:block;border:0;padding:0;text-align:start}
.grid thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.grid tr{border-top:1px solid var(--line);padding:.875rem 0}
.grid th[scope=row]{font-weight:600}
.grid th small{display:block;font-weight:400;font-size:.9375rem;color:var(--quiet)}
.grid .none{display:none}
.grid .choice{flex-wrap:wrap}
.grid .choice small{color:var(--quiet)}
@media (min-width:42rem){
.card{padding:2rem}
.button.fit{width:auto;min-width:15rem;justify-self:start;padding-inline:1.5rem}
.grid{display:table;width:100%;border-collapse:collapse}
.grid thead{display:table-header-group;position:static;clip-path:none}
.grid tbody{display:table-row-group}
.grid tr{display:table-row}
.grid th,.grid td,.grid td.none{display:table-cell;padding:.5rem .25rem;vertical-align:middle;border-top:1px solid var(--line)}
.grid thead th{border-top:0;font-size:.9375rem;font-weight:600;vertical-align:bottom}
.grid td,.grid thead th+th{text-align:center;width:5.75rem}
.grid td{color:var(--quiet)}
.grid th[scope=row]{padding-inline-end:1rem}
.grid .choice{flex-flow:column nowrap;gap:.125rem;justify-content:center}
.grid .choice .channel{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.grid .choice small{font-size:.8125rem;line-height:1.2}
}
footer{margin-top:auto;border-top:1px solid var(--line);background:var(--surface)}
footer .page{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem;padding-block:2rem 2.5rem;font-size:.9375rem}
.right h2{font-size:1.0625rem;margin-bottom:.375rem}
.mail{white-space:pre-wrap;font:inherit;margin:0}
dl{display:grid;gap:.25rem 1rem;grid-template-columns:minmax(0,1fr)}
dt{font-weight:600}
dd{margin:0 0 .5rem}
@media (forced-colors:active){
.button,.card,.notice,.state{border:.125rem solid ButtonText}
.seal{border:.1875rem solid}
.ticks>li::before{background:CanvasText;forced-color-adjust:none}
}
@media print{.languages,.skip{display:none}body{background:none}.card{border:0;padding:0}}
@media (prefers-reduced-motion:no-preference){.button{transition:background-color .12s,border-color .12s}}`)
