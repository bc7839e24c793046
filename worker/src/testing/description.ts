import { expect } from 'vitest'
import { routes } from '../api/routes.ts'

/** Fails the test where a good answer is not what the API description says of it, or says more. */
export async function insistOnDescription(method: string, path: string, response: Response): Promise<void> {
  if (!response.ok || !response.headers.get('Content-Type')?.startsWith('application/json')) return
  const route = routes.find((one) => one.method === method.toLowerCase() && matches(one.path, path))
  if (route === undefined) return
  if (route.answer === undefined) throw new Error(`${method} ${route.path} answers with JSON that nothing describes`)
  const body: unknown = await response.clone().json()
  // Parsing leaves out what the description does not name.
  expect(route.answer.parse(body), `${method} ${route.path}`).toEqual(body)
  expect(response.status, `${method} ${route.path}`).toBe(route.status)
}

function matches(route: string, path: string): boolean {
  const [asked = ''] = path.split('?')
  return new RegExp(`^${route.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`).test(asked)
}
