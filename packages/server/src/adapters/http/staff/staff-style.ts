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
.facts dt{color:var(--quiet);font-size:.9375rem}.facts dd{margin:0 0 .5rem}.connection+.connection{border-top:1px solid var(--line);padding-top:1rem}
.command{display:block;padding:.625rem .875rem;border-radius:.5rem;background:var(--tint);white-space:pre-wrap;overflow-wrap:anywhere}
@media (min-width:42rem){.facts{grid-template-columns:minmax(8rem,1fr) minmax(0,3fr);align-items:baseline}.facts dt,.facts dd{margin:0}}
.row-links{display:flex;flex-wrap:wrap;gap:.25rem 1rem}.row-links a{min-height:1.75rem;display:inline-flex;align-items:center}
.row-links [aria-current]{color:var(--ink);font-weight:700;text-decoration:none}
@media (min-width:60rem){.with-phone{grid-template-columns:minmax(0,1fr) 25.5rem}.with-phone .sticky{position:sticky;top:.5rem}}
.phone,.findings{width:100%;border:1px solid var(--line);border-radius:.5rem;background:var(--paper)}
.phone{max-width:362px;height:640px}.findings{height:12rem}
.differences dt{color:var(--quiet);font-size:.9375rem;overflow-wrap:anywhere}.differences dd{margin:0 0 .25rem;overflow-wrap:anywhere}
.differences del{color:var(--quiet)}.differences ins{text-decoration:none;font-weight:600}
.wide-table{overflow-x:auto}.wide-table table{width:100%;min-width:36rem;border-collapse:collapse}
.wide-table th,.wide-table td{padding:.5rem .75rem .5rem 0;text-align:start;vertical-align:top;border-top:1px solid var(--line)}
.wide-table thead th{border-top:0;color:var(--quiet);font-size:.9375rem}.wide-table .button{width:auto;min-height:2.75rem;padding:.25rem 1rem}
.wide-table code,.stacking th{overflow-wrap:anywhere}.choices{display:grid;gap:0 1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr))}
.choices legend,.choices .error,.choices .hint{grid-column:1/-1}fieldset.stack>legend{padding-bottom:.5rem}blockquote{margin:0}
[hidden]{display:none!important}
@media (max-width:42rem){.stacking table{min-width:0}.stacking thead{position:absolute;clip-path:inset(50%)}.stacking tr{display:grid;padding-block:.5rem;border-top:1px solid var(--line)}
.stacking th,.stacking td{border-top:0;padding:.125rem 0}.stacking td::before{content:attr(data-label) ' ';color:var(--quiet);font-size:.9375rem}}
.plain{grid-template-columns:minmax(0,1fr)}.wide-table caption{text-align:start;font-weight:600;padding-bottom:.375rem}.wide-table td small{display:block;color:var(--quiet);font-size:.875rem}
.proof{font-size:.8125rem;color:var(--quiet);overflow-wrap:anywhere}ol.plain{margin:0;padding:0}
.figures,.figures tbody,.figures tr,.figures th,.figures td{display:block;text-align:start}
.figures thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.figures caption{display:block;text-align:start;color:var(--quiet);font-size:.9375rem;padding-bottom:.375rem}
.figures tr{border-top:1px solid var(--line);padding:.625rem 0}
.figures th[scope=row]{font-weight:600;overflow-wrap:anywhere}
.figures td{display:flex;justify-content:space-between;gap:1rem}.figures td>span{text-align:end}
.figures td::before{content:attr(data-name);color:var(--quiet)}
.figures small{display:block;font-weight:400;font-size:.875rem;color:var(--quiet)}.figures small.tag{color:var(--ink)}
@media (min-width:42rem){.figures{display:table;width:100%;border-collapse:collapse}.figures caption{display:table-caption}
.figures thead{display:table-header-group;position:static;clip-path:none}.figures tbody{display:table-row-group}
.figures tr{display:table-row}.figures th,.figures td{display:table-cell;padding:.5rem .375rem;vertical-align:top;border-top:1px solid var(--line)}
.figures td::before{content:none}.figures td,.figures thead th+th{text-align:end;font-variant-numeric:tabular-nums}
.figures thead th{border-top:0;font-size:.9375rem;vertical-align:bottom}.figures th:first-child{padding-inline-start:0}}
.words{margin:0;padding:.75rem 1rem;border-inline-start:.25rem solid var(--accent);background:var(--tint);border-radius:.5rem;
font-size:1.125rem;white-space:pre-wrap;overflow-wrap:anywhere}
.total strong{font-size:2rem;line-height:1.1}
.mark{display:grid;grid-template-columns:1.25rem minmax(0,1fr);gap:.5rem}
.asking{display:grid;gap:.75rem 1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,11rem),1fr));align-items:end}
.scrolling{overflow-x:auto;position:relative}.scrolling>.drawing{min-width:40rem}.drawing svg{display:block;width:100%;height:auto}
.numbers{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}.numbers caption{text-align:start;font-weight:600;padding-bottom:.375rem}
.numbers th,.numbers td{padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);text-align:start;vertical-align:top;min-width:5rem}
.numbers thead th{border-top:0;font-size:.9375rem}.numbers tbody th{font-weight:400;min-width:9rem}.numbers small{color:var(--quiet);white-space:nowrap}.numbers caption small{display:block;font-weight:400;white-space:normal}
.numbers td a{display:inline-flex;align-items:center;min-height:1.75rem;min-width:1.75rem}
.comment{border-top:1px solid var(--line);padding-top:.875rem}.comment blockquote{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.tagging{display:flex;flex-wrap:wrap;gap:.375rem .5rem;align-items:center}.tagging label{font-size:.9375rem;font-weight:400}
.tagging input:not([type=hidden]):not([type=file]){width:10rem;min-height:2.5rem;padding:.25rem .625rem}.tagging button{min-height:2.5rem;padding:.25rem .75rem;font:inherit;font-size:.9375rem;color:var(--ink);
background:var(--surface);border:.125rem solid var(--control);border-radius:.625rem;cursor:pointer}.tagging .tag{background:var(--warn)}
:root{--line-1:#0f5c4d;--line-2:#a03c10;--line-3:#34479a;--line-4:#84256f;--line-5:#6b5500}
@media (prefers-color-scheme:dark){:root{--line-1:#7fd0bd;--line-2:#f0a27a;--line-3:#a9b8f5;--line-4:#e39bd2;--line-5:#d9c46a}}
textarea{min-height:4.5rem}`.replace(/\s*\n\s*/g, '')

/** The public pages' sheet with what the rooms of staff need on top: one look, one set of colours. */
export const staffStyle = styleFor().css + sheet

const hash = createHash('sha256').update(staffStyle).digest('base64')

/** The pages work without script; the one there is adds keys, and comes from this origin alone. */
export const staffPolicy = `default-src 'none'; style-src 'sha256-${hash}'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
