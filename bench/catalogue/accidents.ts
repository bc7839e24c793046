import type { Accident } from './accidents/accident.ts'
import { COLUMN_ACCIDENTS } from './accidents/columns.ts'
import { ID_ACCIDENTS } from './accidents/ids.ts'
import { ROW_ACCIDENTS } from './accidents/rows.ts'
import { TEXT_ACCIDENTS } from './accidents/texts.ts'

/** Every kind of accident of the catalogue. */
export const ACCIDENTS: readonly Accident[] = [
  ...COLUMN_ACCIDENTS,
  ...ROW_ACCIDENTS,
  ...ID_ACCIDENTS,
  ...TEXT_ACCIDENTS,
]
