import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

/** How much a state needs a person. What is well is plain text. */
export type StateKind = 'waiting' | 'warning' | 'bad' | 'busy' | 'quiet' | 'ok'

const ICONS = { waiting: 'waiting', warning: 'warning', bad: 'failed', busy: 'busy', quiet: 'quiet' } as const

/** A state in a few words, with an icon, so that nobody has to tell colours apart. */
export function State({ kind, children }: { kind: StateKind; children: ComponentChildren }) {
  return (
    <span class={`state ${kind}`}>
      {kind === 'ok' ? null : <Icon name={ICONS[kind]} />}
      <span>{children}</span>
    </span>
  )
}

/** The state of a run or a source, in the words that `words.ts` has for it. */
export function StateWord({ word: { kind, text } }: { word: { kind: StateKind; text: string } }) {
  return <State kind={kind}>{text}</State>
}
