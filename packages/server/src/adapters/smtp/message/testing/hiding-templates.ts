/** Sheets that hide or spoil, by accident or not, what is put into the page; the last ones on a phone or in the dark. */
export const hidingSheets: Readonly<Record<string, string>> = {
  'links away': 'a{display:none}',
  'links away, and meant so': 'a,a:link,body a[href]{display:none!important;visibility:hidden!important}',
  'no size but in cells': 'body,div,center,td,span,a{font-size:0!important;line-height:0!important}',
  'white on everything': '*{color:#fff!important;-webkit-text-fill-color:#fff!important}',
  'the ground in the colour of links': 'a{background:#0b5d3b!important;color:#0b5d3b!important}',
  'first and last child away': 'body>:first-child,body>:last-child{display:none!important}',
  'children flat': 'body>*{height:0!important;max-height:0!important;overflow:hidden!important}',
  'children far away': 'body>*{position:absolute!important;left:-9999px!important;top:-9999px!important}',
  'words far away': '*{text-indent:-9999px!important;letter-spacing:-1em!important}',
  'see-through': 'body>*,a{opacity:0!important;filter:opacity(0)!important}',
  'shrunk to nothing': 'center,a{transform:scale(0)!important;scale:0!important;clip-path:inset(50%)!important}',
  'invisible unless in a table': 'body{visibility:hidden}table,table *{visibility:visible}',
  'content drawn over it':
    'table{margin-top:-120px!important;margin-bottom:-120px!important;background:#fff;width:100%}',
  'no width': 'body>*,a{width:0!important;max-width:0!important;overflow:hidden!important}',
  'beside each other': 'body{display:flex;flex-direction:row}body>*{flex:0 0 0!important;min-width:0}',
  'links away on a phone': '@media (max-width:600px){a,center{display:none!important}}',
  'white links in the dark': '@media (prefers-color-scheme:dark){body{background:#000}*{color:#fff!important}}',
}

export function templateWith(sheet: string): string {
  const words = '<p>Deze week is er van alles te doen in onze winkels.</p>'.repeat(6)
  return `<!doctype html><html lang="nl"><head><meta name="viewport" content="width=device-width"><style>${sheet}</style></head><body>\r\n<table role="presentation"><tr><td>${words}</td></tr></table>\r\n</body></html>`
}
