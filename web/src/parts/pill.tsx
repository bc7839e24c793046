import type { Tone } from '../words.ts'
import { State } from './state.tsx'

const KINDS = { wait: 'waiting', good: 'ok', bad: 'bad', busy: 'busy', quiet: 'quiet' } as const

/** A state in one or two words. */
export function Pill({ text, tone }: { text: string; tone: Tone }) {
  return <State kind={KINDS[tone]}>{text}</State>
}
