import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** The axe that @axe-core/playwright brings along, put into a page once: its own builder does so at every look. */
const own = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
const source = readFileSync(own.resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const run = `axe.run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations'] }).then(({ violations, passes }) => ({
  violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')),
  passed: passes.length,
}))`

export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(source)
}

/** What breaks WCAG 2.2 AA or good practice on the page as it is now, and how many rules found nothing wrong. */
export function findViolations(page: Page): Promise<{ violations: string[]; passed: number }> {
  return page.evaluate(run)
}
