import type { Tone } from '../words.ts'

/** A state in one or two words. */
export function Pill({ text, tone }: { text: string; tone: Tone }) {
  return <span class={`pill ${tone}`}>{text}</span>
}
