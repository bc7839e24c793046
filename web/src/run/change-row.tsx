import { Component } from 'preact'
import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import { useFields } from '../field/definitions.ts'
import { Icon } from '../parts/icon.tsx'
import { hrefOf } from '../router.ts'
import { Differences, Values } from './change-item.tsx'
import { type Summary, summaryOf } from './change-summary.ts'

const SIGNS: Record<ChangeView['op'], string> = { add: '+', update: '~', rekey: '→', remove: '−' }

interface RowProps {
  change: ChangeView
  /** The kind of the change in words. */
  word: string
  /** A word about a change that waits or was not made, among others that were. */
  note: string | null
  open: boolean
  onToggle: () => void
}

/** How many columns the table of changes has. */
export const CHANGE_COLUMNS = 4

/** A class, so that a list which grows renders only its new rows. `onToggle` must not depend on what is rendered. */
export class ChangeRow extends Component<RowProps> {
  override shouldComponentUpdate({ change, word, note, open }: RowProps): boolean {
    const now = this.props
    return change !== now.change || word !== now.word || note !== now.note || open !== now.open
  }

  override render(props: RowProps) {
    return <Row {...props} />
  }
}

/** The change of a contact in one line, and below it all its values before and after, once it is opened. */
function Row({ change, word, note, open, onToggle }: RowProps) {
  const { op, id, fromId, name, key } = change
  const { fields } = useFields()
  return (
    <>
      <tr class={`change ${op}`}>
        <td class="sign" title={word}>
          <span aria-hidden="true">{SIGNS[op]}</span>
          <span class="hidden">{word}</span>
        </td>
        <td class="who">{key === null ? name : <a href={hrefOf('/contacts/:key', { key })}>{name}</a>}</td>
        <td class="id muted">
          {fromId === null ? '' : `${fromId} → `}
          {id}
        </td>
        <td class="what">
          <button type="button" class="unfold" aria-expanded={open} onClick={onToggle}>
            <Icon name={open ? 'expand' : 'next'} />
            <span class="line">
              <Line summary={summaryOf(change, fields)} />
            </span>
            {note === null ? null : <span class="muted note">{note}</span>}
            <span class="hidden">, all values of {name}</span>
          </button>
        </td>
      </tr>
      {open ? (
        <tr class="unfolded">
          <td />
          <td colSpan={CHANGE_COLUMNS - 1}>
            {change.rows.length === 0 ? null : (
              <p class="muted small">
                {change.rows.length === 1 ? 'Row' : 'Rows'} {change.rows.join(', ')} of the file
              </p>
            )}
            <Differences change={change} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Line({ summary }: { summary: Summary }) {
  if (summary.kind === 'same') return <span class="muted">nothing else</span>
  if (summary.kind === 'values') return <>{summary.values.join(' · ')}</>
  const { difference, more } = summary
  return (
    <>
      <span class="muted">{difference.label}</span> <Values difference={difference} single={false} />
      {more === 0 ? null : <span class="muted"> and {more} more</span>}
    </>
  )
}
