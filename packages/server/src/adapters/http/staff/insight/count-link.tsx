import type { StaffFrame } from '../layout.tsx'

type Props = {
  readonly frame: StaffFrame
  /** Undefined where this reader may not see who is behind it, or where nobody is. */
  readonly href: string | undefined
  readonly shown: string
  /** What the number is of, for who hears the link without its table. */
  readonly of: string
}

/** A number that opens the people behind it. */
export function CountLink({ frame, href, shown, of }: Props) {
  if (href === undefined) return <>{shown}</>
  return (
    <a href={href}>
      {shown}
      <span class="out-of-sight"> {frame.text('insight.people.of', { name: of })}</span>
    </a>
  )
}
