import type { Interval } from '@verzet/core'
import type { Language } from '../../pages/text.ts'

/** How numbers and days are written for one reader. */
export type Numbers = {
  count(value: number): string
  percent(share: number): string
  /** Of a thousand, with one decimal. */
  perThousand(share: number): string
  rangePerThousand(interval: Interval): string
  rangePercent(interval: Interval): string
  day(day: string): string
  shortDay(day: string): string
  month(day: string): string
  shortMonth(day: string): string
}

export function numbersIn(language: Language): Numbers {
  const locale = language === 'en' ? 'en-GB' : `${language}-${language === 'de' ? 'DE' : 'BE'}`
  const whole = new Intl.NumberFormat(locale)
  const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (day: string) => format.format(new Date(`${day}T00:00:00Z`))
  }
  return {
    count: (value) => whole.format(value),
    percent: (value) => share.format(value),
    perThousand: (value) => one.format(value * 1000),
    rangePerThousand: ({ low, high }) => `${one.format(low * 1000)}–${one.format(high * 1000)}`,
    rangePercent: ({ low, high }) => `${share.format(low)}–${share.format(high)}`,
    day: date({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: date({ day: 'numeric', month: 'short' }),
    month: date({ month: 'long', year: 'numeric' }),
    shortMonth: date({ month: 'short', year: '2-digit' }),
  }
}
