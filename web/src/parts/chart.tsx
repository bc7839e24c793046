interface BarsProps {
  /** What the chart shows, such as `Contacts after each of the last 30 runs`. */
  label: string
  /** The height of each bar; null where there is no value, such as after a failed run, which is drawn as a red foot. */
  values: readonly (number | null)[]
  /** The same in words, a row a bar, for screen readers and on hover: `['Nov 26', '283 contacts']`. */
  table: readonly (readonly [name: string, value: string])[]
}

const WIDTH = 6
const STEP = 8
const HEIGHT = 28

/** A small bar chart, with a table of the same values behind it. */
export function Bars({ label, values, table }: BarsProps) {
  const most = Math.max(1, ...values.map((value) => value ?? 0))
  return (
    <figure class="bars">
      <svg viewBox={`0 0 ${Math.max(1, values.length) * STEP} ${HEIGHT}`} aria-hidden="true">
        {values.map((value, index) => {
          const height = value === null ? 3 : Math.max(1, (value / most) * HEIGHT)
          const [name, words] = table[index] ?? ['', '']
          return (
            <rect
              key={`${index}-${name}`}
              class={value === null ? 'bad' : undefined}
              x={index * STEP}
              y={HEIGHT - height}
              width={WIDTH}
              height={height}
              rx={1}
            >
              <title>{`${name}: ${words}`}</title>
            </rect>
          )
        })}
      </svg>
      {/* A table is as wide as its content, hidden or not; a box around it is not. */}
      <div class="hidden">
        <table>
          <caption>{label}</caption>
          <tbody>
            {table.map(([name, words], index) => (
              <tr key={`${index}-${name}`}>
                <th scope="row">{name}</th>
                <td>{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
