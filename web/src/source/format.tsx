import { Combobox } from '../parts/combobox.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { countryOptions } from '../places.ts'
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
/** Common encodings, by where they are used. Any other label can be set through the API, and then stays in the list. */
const ENCODINGS = [
  ['', 'Find out from the file'],
  ['utf-8', 'UTF-8'],
  ['utf-16le', 'UTF-16, little-endian'],
  ['utf-16be', 'UTF-16, big-endian'],
  ['windows-1252', 'Western European (Windows-1252)'],
  ['macintosh', 'Western European (Mac)'],
  ['iso-8859-15', 'Western European (ISO 8859-15)'],
  ['windows-1250', 'Central European (Windows-1250)'],
  ['iso-8859-2', 'Central European (ISO 8859-2)'],
  ['windows-1257', 'Baltic (Windows-1257)'],
  ['windows-1254', 'Turkish (Windows-1254)'],
  ['windows-1253', 'Greek (Windows-1253)'],
  ['windows-1251', 'Cyrillic (Windows-1251)'],
  ['koi8-r', 'Cyrillic (KOI8-R)'],
  ['koi8-u', 'Cyrillic (KOI8-U)'],
  ['ibm866', 'Cyrillic (DOS 866)'],
  ['windows-1255', 'Hebrew (Windows-1255)'],
  ['windows-1256', 'Arabic (Windows-1256)'],
  ['windows-874', 'Thai (Windows-874)'],
  ['windows-1258', 'Vietnamese (Windows-1258)'],
  ['gb18030', 'Chinese, simplified (GB 18030)'],
  ['gbk', 'Chinese, simplified (GBK)'],
  ['big5', 'Chinese, traditional (Big5)'],
  ['shift_jis', 'Japanese (Shift JIS)'],
  ['euc-jp', 'Japanese (EUC-JP)'],
  ['iso-2022-jp', 'Japanese (ISO-2022-JP)'],
  ['euc-kr', 'Korean (EUC-KR)'],
] as const

/** Returns the encodings to choose from, the one that is set included. */
function encodingsWith(set: string): (readonly [string, string])[] {
  return ENCODINGS.some(([name]) => name === set) ? [...ENCODINGS] : [...ENCODINGS, [set, set]]
}

/** Returns the name of the country of telephone numbers without a country code. */
export function countryName({ format: { defaultCountry } }: SectionProps['draft']): string {
  return countryOptions().find(({ value }) => value === defaultCountry)?.label ?? defaultCountry
}

/** The country of telephone numbers without a country code. */
export function CountryField({ draft: { format }, change }: SectionProps) {
  return (
    <Combobox
      path="format.defaultCountry"
      label="Country of numbers without a country code"
      value={format.defaultCountry}
      options={countryOptions()}
      onChange={(defaultCountry) => change({ format: { ...format, defaultCountry } })}
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
              hint="Counts if neither the file nor its server says it."
              value={format.encoding ?? ''}
              options={encodingsWith(format.encoding ?? '')}
              onChange={(encoding) => set({ encoding: encoding === '' ? null : encoding })}
            />
          </div>
        )}
      </details>
    </>
  )
}
