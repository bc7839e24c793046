"""Makes the golden files of odd sheets, `kinds-*.xlsx`; README.md has the versions."""

import openpyxl
import xlsxwriter

HEADER = ['ID', 'Name', 'Organization Name', 'Title', 'Number', 'Number Type', 'Number Description', 'Email Address',
          'Notification Priority', 'Groups']
# The format of an ID and of a number, row by row.
FORMATS = [('"$"#,##0.00', '0.00E+00'), ('#,##0', '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)'),
           ('yyyy-mm-dd', '[<=9999999]###\\-####;\\(###\\)\\ ###\\-####'), ('00000000', '#,##0.00')]
NAMES = ['Ana Lee', 'Bob Ray', 'Cy Orr', 'Di Fox']
# The table begins at C4, under a title and a blank row; the groups are merged downwards, two cells of the third row
# across. The title of the second contact is a formula without a result.
TOP, LEFT = 4, 3
GROUPS = (TOP + 1, TOP + 3, LEFT + 9)


def contacts():
    for at, name in enumerate(NAMES):
        groups = {0: 'Search', 3: 'Rope'}.get(at)
        organization = {0: 'North', 1: 'North', 2: 'Base', 3: None}[at]
        title = {0: 'Lead', 1: '="Me"&"mber"', 2: None, 3: 'Member'}[at]
        yield [100000 + at, name, organization, title, 6045550100 + at, 'mobile', None, f'e{at}@example.org', None, groups]


def of_openpyxl():
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = 'Instructions'
    notes['A1'] = 'Put one contact on each row of the sheet Contacts.'
    book.create_sheet('Empty')
    sheet = book.create_sheet('Contacts')
    sheet.cell(1, LEFT, 'Members of the team')
    sheet.merge_cells(start_row=1, start_column=LEFT, end_row=2, end_column=LEFT + 9)
    for at, name in enumerate(HEADER):
        sheet.cell(TOP, LEFT + at, name)
    for at, row in enumerate(contacts()):
        for column, value in enumerate(row):
            sheet.cell(TOP + 1 + at, LEFT + column, value)
        for column, code in zip([0, 4], FORMATS[at]):
            sheet.cell(TOP + 1 + at, LEFT + column).number_format = code
    sheet.merge_cells(start_row=GROUPS[0], end_row=GROUPS[1], start_column=GROUPS[2], end_column=GROUPS[2])
    sheet.merge_cells(start_row=TOP + 3, end_row=TOP + 3, start_column=LEFT + 2, end_column=LEFT + 3)
    sheet.row_dimensions[TOP + 2].hidden = True
    sheet.column_dimensions['J'].hidden = True
    sheet.auto_filter.ref = f'C{TOP}:L{TOP + 4}'
    raw = book.create_sheet('Raw')
    raw.append(HEADER)
    raw.append(['X1', 'Not Me', None, None, '6045550199', 'mobile', None, None, None, 'Old'])
    raw.sheet_state = 'hidden'
    book.save('kinds-openpyxl.xlsx')


def of_xlsxwriter():
    book = xlsxwriter.Workbook('kinds-xlsxwriter.xlsx')
    book.add_worksheet('Instructions').write('A1', 'Put one contact on each row of the sheet Contacts.')
    book.add_worksheet('Empty')
    chart = book.add_chart({'type': 'bar'})
    chart.add_series({'values': '=Contacts!$G$5:$G$8'})
    book.add_chartsheet('Chart').set_chart(chart)
    sheet = book.add_worksheet('Contacts')
    filled = book.add_format({'bg_color': '#FFFF00'})
    sheet.merge_range(0, LEFT - 1, 1, LEFT + 8, 'Members of the team', filled)
    sheet.write_row(TOP - 1, LEFT - 1, HEADER)
    for at, row in enumerate(contacts()):
        for column, value in enumerate(row):
            place = (TOP + at, LEFT - 1 + column)
            code = dict(zip([0, 4], FORMATS[at])).get(column)
            if isinstance(value, str) and value.startswith('='):
                sheet.write_formula(*place, value)
            elif value is not None:
                sheet.write(*place, value, code and book.add_format({'num_format': code}))
    sheet.merge_range(GROUPS[0] - 1, GROUPS[2] - 1, GROUPS[1] - 1, GROUPS[2] - 1, 'Search')
    sheet.merge_range(TOP + 2, LEFT + 1, TOP + 2, LEFT + 2, 'Base')
    sheet.set_row(TOP + 1, None, None, {'hidden': True})
    for row in range(TOP + 4, TOP + 40):
        sheet.set_row(row, None, filled)
        sheet.write_blank(row, LEFT, None, filled)
    raw = book.add_worksheet('Raw')
    raw.write_row(0, 0, HEADER)
    raw.write_row(1, 0, ['X1', 'Not Me', '', '', '6045550199', 'mobile', '', '', '', 'Old'])
    raw.hide()
    book.close()


of_openpyxl()
of_xlsxwriter()
