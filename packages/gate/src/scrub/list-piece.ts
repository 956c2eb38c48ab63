import { KernelScanner } from './kernel-scanner.ts'
import { LineScanner } from './line-scanner.ts'
import { bytesPerUnit } from './list-encoding.ts'
import type { ListHead } from './list-head.ts'
import { rowsMax } from './row-marks.ts'
import { PlainScanner, type RowScanner } from './row-scanner.ts'
import { RowWindow } from './row-window.ts'

/** Some of a list, with what finds its rows, and what became of each. */
export type ListPiece = {
  readonly window: RowWindow
  readonly scanner: RowScanner
  /** The scanner, where it is the kernel. */
  readonly kernel: KernelScanner | undefined
  readonly numbers: Uint8Array
  /** A sink that still writes from the memory of the kernel. */
  lent: Promise<void> | undefined
}

/** @param fingerprintKey undefined when no row is judged by its fingerprint */
export function createPiece(
  { encoding, layout }: ListHead,
  fingerprintKey: Uint8Array | undefined,
  options: { readonly useKernel: boolean; readonly pieceBytes: number | undefined },
): ListPiece {
  const isForKernel = options.useKernel && bytesPerUnit(encoding) === 1 && fingerprintKey !== undefined
  const kernel = layout && isForKernel ? KernelScanner.create(layout, fingerprintKey) : undefined
  const window = new RowWindow(encoding, kernel?.bytes, options.pieceBytes)
  const { units } = window
  const scanner =
    kernel ?? (layout === undefined ? new LineScanner(units) : new PlainScanner(units, layout, fingerprintKey))
  return { window, scanner, kernel, numbers: kernel?.keeps ?? new Uint8Array(rowsMax), lent: undefined }
}
