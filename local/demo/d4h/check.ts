import { ITEMS, LISTS, type ListName, PAGE, type Parameter, type Shape, WHO_AM_I } from './description.ts'

/** The meaning of a request that the description has. */
export type Asked = { of: 'whoami' } | { of: ListName; context: string; contextId: number; query: URLSearchParams }

/** A request that the description does not allow: the status and the reason of the answer. */
export interface Violation {
  status: 400 | 404 | 405
  reason: string
}

/** Checks a request against the description: the method, the path, and every query parameter with its values. */
export function checkRequest({ method, url }: Pick<Request, 'method' | 'url'>): Asked | Violation {
  const { pathname, searchParams } = new URL(url)
  if (method !== 'GET') return { status: 405, reason: `${method} is not described for ${pathname}` }
  if (pathname === '/v3/whoami') {
    return searchParams.size === 0 ? { of: 'whoami' } : { status: 400, reason: 'whoami takes no query parameters' }
  }
  const [, context = '', id = '', name = ''] = /^\/v3\/([a-z-]+)\/(\d{1,10})\/([a-z-]+)$/.exec(pathname) ?? []
  if (!isList(name) || !['team', 'organisation'].includes(context)) {
    return { status: 404, reason: `${pathname} is not described` }
  }
  const parameters: Readonly<Record<string, Parameter>> = LISTS[name]
  for (const key of new Set(searchParams.keys())) {
    const parameter = parameters[key]
    const wrong = parameter === undefined ? 'is not described' : misused(parameter, searchParams.getAll(key))
    if (wrong !== null) return { status: 400, reason: `${key} ${wrong}` }
  }
  return { of: name, context, contextId: Number(id), query: searchParams }
}

function isList(name: string): name is ListName {
  return Object.hasOwn(LISTS, name)
}

function misused(parameter: Parameter, values: string[]): string | null {
  const list = parameter.is === 'ids' || parameter.is === 'choices'
  if (values.length > 1 && !list) return 'may come once only'
  return values.every((value) => fits(parameter, value)) ? null : `must be: ${JSON.stringify(parameter)}`
}

function fits(parameter: Parameter, value: string): boolean {
  switch (parameter.is) {
    case 'integer':
      return isInteger(value, parameter.from, parameter.to)
    case 'ids':
      return isId(value) || (parameter.orNull === true && value === 'null')
    case 'idOrNull':
      return isId(value) || value === 'null'
    case 'choice':
    case 'choices':
      return parameter.of.includes(value)
    case 'boolean':
      return ['true', 'false', '1', '0', ''].includes(value)
    case 'text':
      return value.length >= parameter.from && value.length <= parameter.to
  }
}

function isId(value: string): boolean {
  return isInteger(value, 1, 2_147_483_647)
}

function isInteger(value: string, from: number, to: number): boolean {
  return /^-?\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to
}

/**
 * Returns the differences between an answer to `asked` and the description, each as a path and the fault found there.
 */
export function checkAnswer(asked: Asked, answer: unknown): string[] {
  return deviations(asked.of === 'whoami' ? WHO_AM_I : { ...PAGE, results: [ITEMS[asked.of]] }, answer, asked.of)
}

function deviations(shape: Shape, value: unknown, path: string): string[] {
  if (value === null || shape === 'any') return []
  if (shape === 'text') return typeof value === 'string' ? [] : [`${path} is no text`]
  if (shape === 'number' || shape === 'boolean') return typeof value === shape ? [] : [`${path} is no ${shape}`]
  if (isTuple(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((item, index) => deviations(shape[0], item, `${path}.${index}`))
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path} is no object`]
  const members = new Map<string, unknown>(Object.entries(value))
  const unknown = [...members.keys()].filter((name) => !Object.hasOwn(shape, name))
  return [
    ...unknown.map((name) => `${path}.${name} is not described`),
    ...Object.entries(shape).flatMap(([name, part]) =>
      members.has(name) ? deviations(part, members.get(name), `${path}.${name}`) : [`${path}.${name} is missing`],
    ),
  ]
}

function isTuple(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape)
}
