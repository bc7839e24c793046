/** A file that was chosen in the form of a source, which the source's page uploads once the source is saved. */
let pending: { source: string; file: File } | null = null

/** Leaves a file for the page of a source. */
export function handOver(source: string, file: File): void {
  pending = { source, file }
}

/** Takes the file that was left for the page of a source; null if there is none. It can be taken once. */
export function takeHandedOver(source: string): File | null {
  if (pending?.source !== source) return null
  const { file } = pending
  pending = null
  return file
}
