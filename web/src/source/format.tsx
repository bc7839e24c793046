import { SelectField, TextField } from '../parts/field.tsx'
import type { SectionProps } from './draft.ts'

type Format = SectionProps['draft']['format']

const TYPES = [
  ['auto', 'Find out from the file'],
  ['xlsx', 'Excel workbook (.xlsx)'],
  ['csv', 'Text with separators (.csv)'],
  ['json', 'List of records (.json)'],
] as const
const DELIMITERS = [
  ['', 'Find out from the file'],
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['\t', 'Tab'],
  ['|', 'Vertical bar'],
] as const
const ENCODINGS = [
  ['', 'Find out from the file'],
  ['utf-8', 'UTF-8'],
  ['utf-16le', 'UTF-16, little-endian'],
  ['utf-16be', 'UTF-16, big-endian'],
  ['windows-1252', 'Windows-1252 (Western European)'],
] as const

/** The country of telephone numbers without a country code. */
export function CountryField({ draft: { format }, change }: SectionProps) {
  return (
    <TextField
      path="format.defaultCountry"
      label="Country of numbers without a country code"
      hint="Two letters, such as CA or US."
      short
      value={format.defaultCountry}
      onChange={(text) => change({ format: { ...format, defaultCountry: text.trim().toUpperCase() } })}
    />
  )
}

/** The settings for reading the file. Most files need only the country. */
export function FormatFields({ draft, change }: SectionProps) {
  const { format } = draft
  const set = (part: Partial<Format>) => change({ format: { ...format, ...part } })
  return (
    <>
      <CountryField draft={draft} change={change} />
      <details class="fold">
        <summary>Format of the file: {format.type === 'auto' ? 'found out by itself' : `.${format.type}`}</summary>
        <div class="pair">
          <SelectField
            path="format.type"
            label="Format"
            value={format.type}
            options={TYPES}
            onChange={(type) => set({ type })}
          />
          {format.type === 'csv' || format.type === 'json' ? null : (
            <TextField
              path="format.sheet"
              label="Sheet of the workbook"
              placeholder="The one whose columns fit"
              value={format.sheet ?? ''}
              onChange={(sheet) => set({ sheet: sheet === '' ? null : sheet })}
            />
          )}
        </div>
        {format.type === 'xlsx' ? null : (
          <div class="pair">
            {format.type === 'json' ? null : (
              <SelectField
                path="format.delimiter"
                label="Separator"
                value={format.delimiter ?? ''}
                options={DELIMITERS}
                onChange={(delimiter) => set({ delimiter: delimiter === '' ? null : delimiter })}
              />
            )}
            <SelectField
              path="format.encoding"
              label="Encoding"
              value={format.encoding ?? ''}
              options={ENCODINGS}
              onChange={(encoding) => set({ encoding: encoding === '' ? null : encoding })}
            />
          </div>
        )}
      </details>
    </>
  )
}
