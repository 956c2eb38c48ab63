/**
 * Takes the font and the colours of the site around it; what a site may change has a name. As a constructed style sheet
 * it needs nothing of a Content-Security-Policy. Widths are of the element, since it may stand in a column.
 */
const css = `
:host{display:block;container-type:inline-size;line-height:1.5;color:var(--verzet-ink,inherit);font:var(--verzet-font,inherit)}
:host([hidden]){display:none}
*,*::before,*::after{box-sizing:border-box}
.view{display:grid;gap:var(--verzet-gap,2rem);grid-template-columns:minmax(0,1fr)}
section{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr);padding:var(--verzet-padding,0);
background:var(--verzet-surface,transparent);border-radius:var(--verzet-radius,.5rem)}
p,ul,form,fieldset{margin:0}
.heading{font-size:1.25em;font-weight:700;line-height:1.25}
.stop>.heading,.done>.heading{font-size:1.5em}
.heading:focus{outline:none}
.hint,small{font-size:.9375em;color:var(--verzet-quiet,inherit)}
small{display:block;font-weight:400}
.state,.alert{padding:1rem;border:.0625rem solid;border-inline-start-width:.375rem;border-radius:var(--verzet-radius,.5rem)}
.state{border-color:var(--verzet-accent,#0f5c4d)}
.alert{border-color:var(--verzet-warning,#a96b00)}
.error{font-weight:700}
ul{padding-inline-start:1.25rem}
form,.act,.field,fieldset{display:grid;gap:.5rem;grid-template-columns:minmax(0,1fr)}
form{gap:1rem}
fieldset{border:0;padding:0;min-width:0}
legend,label{font-weight:600;padding:0}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.625rem 1.25rem;width:100%;cursor:pointer;text-align:center;
color:inherit;background:transparent;border:.125rem solid currentColor;border-radius:var(--verzet-radius,.5rem)}
button.first{color:var(--verzet-on-accent,#fff);background:var(--verzet-accent,#0f5c4d);border-color:var(--verzet-accent,#0f5c4d)}
button:hover{text-decoration:underline}
:is(button,input,select,textarea):focus-visible{outline:.1875rem solid var(--verzet-focus,currentColor);outline-offset:.125rem}
input:not([type=checkbox],[type=radio]),select,textarea{font:inherit;color:inherit;background:var(--verzet-field,transparent);
width:100%;min-height:2.75rem;padding:.5rem .75rem;border:.0625rem solid currentColor;border-radius:var(--verzet-radius,.5rem)}
option{color:#1c1e21;background:#fff}
[aria-invalid]{border-width:.1875rem!important}
input[type=checkbox],input[type=radio]{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--verzet-accent,#0f5c4d)}
.acts{display:flex;flex-wrap:wrap;gap:.75rem}
.acts>.act{flex:1 1 100%}
.title{font-weight:700;padding-top:1rem;border-top:.0625rem solid var(--verzet-line,currentColor)}
.choice>span:not(.unseen){min-width:0}
.choice{display:flex;gap:.25rem .75rem;align-items:center;min-height:2.75rem;font-weight:400;cursor:pointer}
.row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding-top:.75rem;
border-top:.0625rem solid var(--verzet-line,currentColor)}
.row>div:first-child{flex:1 1 12rem;min-width:0;overflow-wrap:anywhere}
.tag{padding:0 .5rem;border:.0625rem solid;border-radius:.375rem;font-size:.875em}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table,tbody,tr,th,td{display:block;text-align:start}
thead,.none{display:none}
tr{border-top:.0625rem solid var(--verzet-line,currentColor);padding:.75rem 0}
th{font-weight:600}
[aria-busy=true]{cursor:progress}
@container (min-width:36rem){
.acts>.act{flex:0 1 auto}
button{width:auto;min-width:14rem;justify-self:start}
.row button{min-width:0}
table{display:table;width:100%;border-collapse:collapse}
thead{display:table-header-group}
tbody{display:table-row-group}
tr{display:table-row}
th,td,.none{display:table-cell;padding:.5rem .25rem;vertical-align:middle;border-top:.0625rem solid var(--verzet-line,currentColor)}
thead th{border-top:0}
td,thead th+th{text-align:center;width:6rem}
td .choice{flex-flow:column;justify-content:center}
td .channel{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
}
@media (forced-colors:active){.state,.alert,button{border:.125rem solid ButtonText}}
`

let sheet: CSSStyleSheet | undefined

/** One for all elements of a page. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  return sheet
}
