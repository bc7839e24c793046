import Papa from 'papaparse'
import * as XLSX from 'xlsx'
import { HEADER } from './roster.ts'

/** Returns rows as a CSV file in the form that a spreadsheet saves: UTF-8 with a byte-order mark, and CRLF. */
export function toCsv(rows: string[][]): Uint8Array {
  const text = Papa.unparse({ fields: [...HEADER], data: rows }, { newline: '\r\n' })
  return new TextEncoder().encode(`\uFEFF${text}\r\n`)
}

/** Returns rows as a workbook. A phone number that is only digits becomes a numeric cell, as when a person types it. */
export function toXlsx(rows: string[][]): Uint8Array {
  const cells = rows.map((row) => row.map((cell) => (/^[1-9]\d{9}$/.test(cell) ? Number(cell) : cell)))
  const workbook = XLSX.utils.book_new()
  XLSX.utils.book_append_sheet(workbook, XLSX.utils.aoa_to_sheet([[...HEADER], ...cells]), 'Contacts')
  const bytes: ArrayBuffer = XLSX.write(workbook, { type: 'array', bookType: 'xlsx', compression: true })
  return new Uint8Array(bytes)
}
