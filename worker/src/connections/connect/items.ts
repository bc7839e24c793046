import { attribute, XmlScanner } from '../../formats/xml.ts'
import type { Choice } from '../connection.ts'
import type { Attribute } from './attributes.ts'
import { brokenOff, MOST_READ, type Private, statedFailure } from './failure.ts'

/**
 * One entry of a list: the texts of its children and its attributes, keyed by name in lower case. `''` holds its own
 * text.
 */
type Item = ReadonlyMap<string, string>

/**
 * Reads the attributes of a `GetAllAttributes` result: `attribute/{name,mappingname}`. An attribute without a mapping
 * name is labelled by its internal name.
 */
export function readAttributes(xml: string, from: string, secrets: Private): Attribute[] {
  return readItems(xml, /^attribute$/i, from, secrets).flatMap((item) => {
    const name = first(item, ['name'])
    return name === '' ? [] : [{ name, label: first(item, ['mappingname', 'displayname', 'label']) || name }]
  })
}

/** Reads the filters of a `GetAllFilters` result, each with its numeric ID. */
export function readFilters(xml: string, from: string, secrets: Private): Choice[] {
  return readItems(xml, /^filter$/i, from, secrets).flatMap((item) => {
    const id = Number(first(item, ['id', 'filterid', 'filternumber', 'number']) || Number.NaN)
    const name = first(item, ['name', 'filtername', 'mappingname', 'title', 'description'])
    return Number.isSafeInteger(id) ? [{ id, name: name || `Filter ${id}` }] : []
  })
}

/**
 * Reads the source codes of a service that lists them. The format of the list is not public, so likely names are looked
 * for.
 */
export function readSourceCodes(xml: string, from: string, secrets: Private): Choice[] {
  return readItems(xml, /^(sourcecode|source|code)$/i, from, secrets).flatMap((item) => {
    const own = item.get('') ?? ''
    const id = first(item, ['code', 'sourcecode', 'id', 'sourcecodeid']) || own
    const name = first(item, ['name', 'mappingname', 'description', 'displayname']) || own
    return id === '' && name === '' ? [] : [{ id: id || name, name: name || id }]
  })
}

function first(item: Item, names: readonly string[]): string {
  return names.map((name) => item.get(name) ?? '').find((text) => text !== '') ?? ''
}

const ATTRIBUTES = ['id', 'name', 'code', 'mappingname', 'description']
const ERROR = /^(error|errors|errormessage|message|faultstring)$/i

/**
 * Returns the outermost elements that `wanted` names. Throws `Failure` if the document ends early or holds only an
 * error.
 */
function readItems(xml: string, wanted: RegExp, from: string, secrets: Private): Item[] {
  const items: Item[] = []
  let item: Map<string, string> | null = null
  let depth = 0
  let itemDepth = 0
  let text = ''
  let stated = ''
  const scanner = new XmlScanner(
    {
      wantsText: true,
      open(name, attributes) {
        depth++
        text = ''
        if (item !== null || !wanted.test(name)) return
        item = new Map()
        itemDepth = depth
        for (const own of ATTRIBUTES) {
          const value = attribute(attributes, own)
          if (value !== null) item.set(own, value.trim())
        }
      },
      close(name) {
        if (item !== null && depth === itemDepth) {
          item.set('', text.trim())
          items.push(item)
          item = null
        } else if (item !== null) item.set(name.toLowerCase(), text.trim())
        else if (ERROR.test(name) && stated.length < MOST_READ) stated += text
        depth--
        text = ''
      },
      text(piece) {
        text += piece
      },
    },
    () => brokenOff(from),
  )
  scanner.write(xml)
  scanner.end()
  if (items.length === 0 && stated.trim() !== '') throw statedFailure(stated, from, secrets)
  return items
}
