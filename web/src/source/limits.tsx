import { BOUND_KEYS, BOUNDS, type Setting } from '../../../worker/src/core/limits/limit.ts'
import { LIMIT_KEYS, LIMITS } from '../../../worker/src/core/limits.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { CheckField } from '../parts/choice.tsx'
import { useFieldError } from '../parts/form.tsx'
import type { SectionProps } from './draft.ts'

/** Returns how many of the safety limits are on, in a few words. */
export function limitsWords({ limits }: Pick<SourceSettings, 'limits'>): string {
  const on = LIMIT_KEYS.filter((key) => limits[key] !== null).length
  return on === LIMIT_KEYS.length ? 'All on' : `${on} of ${LIMIT_KEYS.length} on`
}

/** The safety limits of an import (design: Limits). */
export function LimitFields({ draft, change }: SectionProps) {
  const { limits, hold } = draft
  return (
    <>
      <p class="muted">
        What goes over one of these waits until you have looked at it and approved it. Opt-outs never wait.
      </p>
      <CheckField
        path="hold"
        label="Let the whole import wait"
        hint="Otherwise only the part that a limit stops waits, such as the removals, and the rest is imported at once."
        checked={hold === 'whole'}
        onChange={(whole) => change({ hold: whole ? 'whole' : 'part' })}
      />
      {LIMIT_KEYS.map((key) => (
        <LimitRow
          key={key}
          path={`limits.${key}`}
          label={LIMITS[key].label}
          unit={LIMITS[key].unit}
          setting={limits[key]}
          standard={LIMITS[key].default}
          onChange={(setting) => change({ limits: { ...limits, [key]: setting } })}
        />
      ))}
    </>
  )
}

interface LimitRowProps {
  path: string
  label: string
  unit: string
  setting: Setting | null
  standard: Setting
  onChange: (setting: Setting | null) => void
}

function LimitRow({ path, label, unit, setting, standard, onChange }: LimitRowProps) {
  const error = useFieldError(path)
  return (
    <div class="limit">
      <CheckField
        path={path}
        label={label}
        checked={setting !== null}
        onChange={(on) => onChange(on ? standard : null)}
      />
      {setting === null ? (
        <p class="hint">Off: never held for this.</p>
      ) : (
        <p class="limit-values">
          <LimitValues
            path={path}
            label={label}
            unit={unit}
            setting={setting}
            standard={standard}
            onChange={onChange}
          />
        </p>
      )}
      {error === null ? null : <p class="error">{error}</p>}
    </div>
  )
}

type LimitValuesProps = Omit<LimitRowProps, 'setting' | 'onChange'> & {
  setting: Setting
  onChange: (setting: Setting) => void
}

/** The numbers of a limit, followed by the other numbers by which a plan can be over it as well. */
function LimitValues({ path, label, unit, setting, standard, onChange }: LimitValuesProps) {
  const { small } = standard
  return (
    <>
      {BOUND_KEYS.filter((bound) => standard[bound] !== undefined).map((bound, place) => {
        const { joint, before, after, spoken } = BOUNDS[bound]
        return (
          <span key={bound}>
            {place === 0 || joint === '' ? '' : `${joint} `}
            {before}{' '}
            <LimitNumber
              path={`${path}.${bound}`}
              label={`${label}: ${spoken}`}
              value={setting[bound] ?? Number.NaN}
              onChange={(value) => onChange({ ...setting, [bound]: value })}
            />{' '}
            {after ?? unit}
          </span>
        )
      })}
      {small === undefined ? null : (
        <span class="limit-values">
          or
          <LimitValues
            path={`${path}.small`}
            label={`${label}, or`}
            unit={unit}
            setting={setting.small ?? small}
            standard={small}
            onChange={(numbers) => onChange({ ...setting, small: numbers })}
          />
        </span>
      )}
    </>
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
