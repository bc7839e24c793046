import { type Limits, limitsSchema } from '../../../worker/src/core/source.ts'
import { CheckField } from '../parts/choice.tsx'
import { useFieldError } from '../parts/form.tsx'
import type { SectionProps } from './draft.ts'

type Limit = { percent?: number; atLeast?: number }

const DEFAULTS = limitsSchema.parse({})

const ROWS: { key: keyof Limits; text: string; unit: string }[] = [
  { key: 'removed', text: 'Contacts would be removed', unit: 'contacts' },
  { key: 'changed', text: 'Contacts would be changed', unit: 'contacts' },
  { key: 'blanked', text: 'One field would be blanked', unit: 'contacts' },
  { key: 'unreachable', text: 'Contacts would lose their last number', unit: 'contacts' },
  { key: 'emptiedGroups', text: 'A group would lose all its contacts', unit: 'contacts in the group' },
  { key: 'resubscribed', text: 'Opted-out contacts would become opted in', unit: 'contacts' },
  { key: 'errors', text: 'Rows have errors', unit: 'rows' },
]

/** What an import may do without a person (design: Limits), folded away because the defaults suit most. */
export function LimitFields({ draft, change }: SectionProps) {
  const { limits } = draft
  const on = ROWS.filter(({ key }) => limits[key] !== null).length
  const set = (key: keyof Limits, limit: Limit | null) => change({ limits: { ...limits, [key]: limit } })
  return (
    <details class="fold">
      <summary>
        {on} of {ROWS.length} limits are on
      </summary>
      <p class="muted">An import over one of these waits until you have looked at it and approved it.</p>
      {ROWS.map(({ key, text, unit }) => (
        <LimitRow
          key={key}
          path={`limits.${key}`}
          text={text}
          unit={unit}
          limit={limits[key]}
          standard={DEFAULTS[key]}
          onChange={(limit) => set(key, limit)}
        />
      ))}
    </details>
  )
}

interface LimitRowProps {
  path: string
  text: string
  unit: string
  limit: Limit | null
  standard: Limit | null
  onChange: (limit: Limit | null) => void
}

function LimitRow({ path, text, unit, limit, standard, onChange }: LimitRowProps) {
  const error = useFieldError(path)
  return (
    <div class="limit">
      <CheckField path={path} label={text} checked={limit !== null} onChange={(on) => onChange(on ? standard : null)} />
      {limit === null ? (
        <p class="hint">Off: never held for this.</p>
      ) : (
        <p class="limit-values">
          {limit.percent === undefined ? null : (
            <span>
              more than{' '}
              <LimitNumber
                path={`${path}.percent`}
                label={`${text}: more than, in percent`}
                value={limit.percent}
                onChange={(percent) => onChange({ ...limit, percent })}
              />{' '}
              %
            </span>
          )}
          {limit.percent === undefined || limit.atLeast === undefined ? null : <span>and</span>}
          {limit.atLeast === undefined ? null : (
            <span>
              at least{' '}
              <LimitNumber
                path={`${path}.atLeast`}
                label={`${text}: at least`}
                value={limit.atLeast}
                onChange={(atLeast) => onChange({ ...limit, atLeast })}
              />{' '}
              {unit}
            </span>
          )}
        </p>
      )}
      {error === null ? null : <p class="error">{error}</p>}
    </div>
  )
}

interface LimitNumberProps {
  path: string
  label: string
  value: number
  onChange: (value: number) => void
}

function LimitNumber({ path, label, value, onChange }: LimitNumberProps) {
  return (
    <input
      class="tiny"
      type="number"
      inputMode="numeric"
      min={0}
      aria-label={label}
      data-path={path}
      value={Number.isNaN(value) ? '' : value}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  )
}
