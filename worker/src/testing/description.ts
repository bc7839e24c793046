import { expect } from 'vitest'
import { routes } from '../api/routes.ts'

/** Fails the test if a successful answer differs from the API description or has more than the description names. */
export async function insistOnDescription(method: string, path: string, response: Response): Promise<void> {
  if (!response.ok || !response.headers.get('Content-Type')?.startsWith('application/json')) return
  const route = routes.find((one) => one.method === method.toLowerCase() && matches(one.path, path))
  if (route === undefined) return
  if (route.answer === undefined) throw new Error(`${method} ${route.path} answers with JSON that nothing describes`)
  const body: unknown = await response.clone().json()
  // Parsing drops what the description does not name.
  expect(route.answer.parse(body), `${method} ${route.path}`).toEqual(body)
  expect(response.status, `${method} ${route.path}`).toBe(route.status)
}

function matches(route: string, path: string): boolean {
  const [asked = ''] = path.split('?')
  return new RegExp(`^${route.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`).test(asked)
}
