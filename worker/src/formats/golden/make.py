"""Makes the golden files of sqlite3, Python, gzip, zip, openpyxl and XlsxWriter; README.md has the versions."""

import csv
import datetime
import io
import subprocess

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

HEADER = ['ID', 'Name', 'Organization Name', 'Title', 'Number', 'Number Type', 'Number Description', 'Email Address',
          'Notification Priority', 'Groups']
ROWS = [
    ['007', 'Zoë Ångström', 'North "Hill" Rescue; Search, Rope | Dogs', 'Lead\nsecond line', '6045550100', 'mobile',
     '2024-02-29', 'zoe@example.org', 'High', 'Search, Rope'],
    ['008', 'José “Pepe” Núñez', 'Café', '', '+1 604 555 0101', 'landline', '12.5%', 'jose@example.org', '', 'Rope'],
    ['007', 'Zoë Ångström', '', '', '604-555-0103', 'landline', 'TRUE', '', '', 'Rope'],
    ['E-12', 'O’Brien & <Sons>', '', '', '16045550104', 'pager', '', '#N/A', 'Low', 'Search'],
]
DAY = datetime.date(2024, 2, 29)


def csv_text(**dialect):
    text = io.StringIO(newline='')
    csv.writer(text, **dialect).writerows([HEADER, *ROWS])
    return text.getvalue()


def write(name, content):
    with open(name, 'wb') as file:
        file.write(content)


write('python-semicolon.csv', csv_text(delimiter=';', lineterminator='\n').encode('utf-8-sig'))
write('python-tab.csv', b'\xfe\xff' + csv_text(dialect='excel-tab').encode('utf-16-be'))
write('python-pipe.csv', csv_text(delimiter='|', lineterminator='\r', quoting=csv.QUOTE_ALL).encode('cp1252'))

for name in ['sqlite3.csv.gz', 'sqlite3.csv.zip', 'sqlite3-streamed.zip']:
    subprocess.run(['rm', '-f', name], check=True)
imported = '.import --csv /dev/stdin contacts'
write('sqlite3.csv', subprocess.run(
    ['sqlite3', ':memory:', imported, '.headers on', '.mode csv', 'SELECT * FROM contacts'],
    input=csv_text().encode(), stdout=subprocess.PIPE, check=True).stdout)
subprocess.run('gzip -9 -k sqlite3.csv && zip -q sqlite3.csv.zip sqlite3.csv && zip -q - - < sqlite3.csv > '
               'sqlite3-streamed.zip', shell=True, check=True)


def cells(rich, text):
    """The rows with a blank second column under a merged header, and values of other kinds than text."""
    for at, row in enumerate(ROWS):
        row = [row[0], None, *(value or None for value in row[1:])]
        if at == 0:
            row[4] = rich('Lead\n', 'second line')
            row[5] = int(row[5])
            row[7] = DAY
        if at == 1:
            row[7] = 0.125
        if at == 2:
            row[7] = True
        if at == 3:
            row[5] = int(row[5])
        yield [text(value) for value in row]


def of_openpyxl(name, iso_dates):
    book = openpyxl.Workbook()
    book.iso_dates = iso_dates
    notes = book.active
    notes.title = 'Notes'
    notes.sheet_state = 'hidden'
    notes['A1'] = 'Not this one'
    sheet = book.create_sheet('Contacts')
    sheet.append(['Staff list'])
    sheet.append([])
    sheet.append(['ID', None, *HEADER[1:]])
    sheet.merge_cells('A3:B3')
    rich = lambda first, bold: CellRichText(first, TextBlock(InlineFont(b=True), bold))
    for row in cells(rich, lambda value: value):
        sheet.append(row)
    sheet['H4'].number_format = 'yyyy-mm-dd'
    sheet['H5'].number_format = '0.0%'
    sheet.row_dimensions[6].hidden = True
    book.create_sheet('Old ones')['A1'] = 'ID'
    book.active = 1
    book.save(name)


of_openpyxl('openpyxl.xlsx', False)
of_openpyxl('openpyxl-iso-dates.xlsx', True)


def of_xlsxwriter(name, **options):
    book = xlsxwriter.Workbook(name, options)
    hidden = book.add_worksheet('Notes')
    hidden.write('A1', 'Not this one')
    sheet = book.add_worksheet('Contacts')
    sheet.activate()
    sheet.set_first_sheet()
    hidden.hide()
    bold = book.add_format({'bold': True})
    formats = {7: book.add_format({'num_format': 'yyyy-mm-dd'})}, {7: book.add_format({'num_format': '0.0%'})}
    sheet.write(0, 0, 'Staff list')
    sheet.merge_range(2, 0, 2, 1, 'ID')
    sheet.write_row(2, 2, HEADER[1:])
    for at, row in enumerate(cells(lambda first, rest: (first, bold, rest), lambda value: value)):
        number = at + 3
        if at == 2:
            sheet.set_row(number, None, None, {'hidden': True})
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, tuple):
                sheet.write_rich_string(number, column, *value)
            elif value == '#N/A':
                sheet.write_formula(number, column, '=NA()', None, '#N/A')
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write(number, column, value, formats[at].get(column) if at < 2 else None)
    book.add_worksheet('Old ones').write('A1', 'ID')
    book.close()


of_xlsxwriter('xlsxwriter.xlsx')
of_xlsxwriter('xlsxwriter-1904-inline.xlsx', date_1904=True, constant_memory=True)
