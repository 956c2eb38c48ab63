import { describe, expect, it } from 'vitest'
import { findHtmlPlaces } from './html-places.ts'
import { applyTextSplices } from './splices.ts'

/** The page with `^` where the top goes and `$` where the bottom goes. */
function marked(html: string): string {
  const { edges } = findHtmlPlaces(html)
  if (edges === undefined) return 'no place'
  return applyTextSplices(html, [
    { start: edges.top, end: edges.top, text: '^' },
    { start: edges.bottom, end: edges.bottom, text: '$' },
  ])
}

describe('the top and the bottom of a page', () => {
  it.each([
    '<html><head><title>a</title></head><body class="x">^<p>a</p>$</body></html>',
    '<BODY TITLE="a > b">^a$</BODY >',
    '^<p>a</p>$',
    '^a$',
    '^$',
    '<!doctype html>^<p>a</p>$',
    '<!doctype html>\n<html>\n<head><meta charset="utf-8"><style>p{}</style></head>^\n<p>a</p>$</html>',
    '<html><head><title>a</title>^<p>a$',
    '<body>^one</body><body>two$</body>',
    '<body>^<!-- </body> -->a$</body>',
    '<!-- <body> --><body>^a$</body><!-- </body> -->',
    '<head><script>"<body>"</script></head><body>^<script>"</body>"</script>a$</body>',
    '<body>^<template><body>a</body></template>b$</body>',
    '<!--[if mso]><body><![endif]--><body>^a<!--[if mso]></body><![endif]-->$</body>',
    '<body>^<![if !mso]>a<![endif]>$</body>',
    '<body>^<textarea></body></textarea>$</body>',
    '<body>^<svg/>a$</body>',
    '\ufeff^<p>a</p>$',
    '<body/>^a$',
    '<body>^a < b and c > d$',
  ])('%s', (html) => {
    expect(marked(html.replaceAll(/[\^$]/g, ''))).toBe(html)
  })

  it.each([
    '<body>a<!-- never closed </body>',
    '<body>a<style>p{}</body>',
    '<body>a<script>"</body>"',
    '<body>a<template></body>',
    '<p>a</p><a href="never closed',
    '<p>a</p><b',
    '<p>a</p></bo',
    '<p>a</p></b x',
    '<body>a<title>b</body>',
    `${'<template>'.repeat(200)}${'</template>'.repeat(200)}`,
  ])('are nowhere in a page that ends within what is not shown: %s', (html) => {
    expect(marked(html)).toBe('no place')
  })
})

describe('placeholders', () => {
  it.each([
    ['<a href="{{verzet_stop}}">x</a>', 'link_address'],
    ['<a href=%7B%7Bverzet_stop%7D%7D>x</a>', 'link_address'],
    ['<p>{{ verzet_stop }}</p>', 'text'],
    ['<a href="x">{{verzet_stop}}</a>', 'link_text'],
    ['<img alt="{{verzet_stop}}">', 'attribute'],
    ['<!--[if mso]><v:rect href="{{verzet_stop}}"><![endif]-->', 'conditional_comment'],
    ['<!-- {{verzet_stop}} -->', 'unseen'],
    ['<style>{{verzet_stop}}</style>', 'unseen'],
    ['<title>{{verzet_stop}}</title>', 'unseen'],
    ['<template><a href="{{verzet_stop}}">x</a></template>', 'unseen'],
  ])('in %s stands in %s', (html, context) => {
    expect(findHtmlPlaces(html).placeholders.map((one) => one.context)).toEqual([context])
  })

  it('are found each once, with their names, in order', () => {
    const { placeholders } = findHtmlPlaces('<a href="{{OPTOUT_URL}}">{{verzet_preferences}}</a>{{unknown}}')
    expect(placeholders.map(({ name }) => name)).toEqual(['optout_url', 'verzet_preferences'])
  })
})
