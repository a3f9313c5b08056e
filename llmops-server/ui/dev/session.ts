// A stand-in for browser sessions while developing against a server that has none: with LLMOPS_KEY_SESSION=1 the cookie holds
// the API key itself, and the proxy turns it into the Authorization header. Never part of what is built.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import { OPERATIONS } from '../src/api/operations.ts'

const COOKIE = 'llmops_dev_key'
const PERMISSIONS = [...new Set(Object.values(OPERATIONS).map(([, , permission]) => permission))]

function keyOf(request: IncomingMessage): string | undefined {
  return new RegExp(`${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1]
}

function answer(response: ServerResponse, status: number, body?: unknown, cookie?: string) {
  response.statusCode = status
  if (cookie) response.setHeader('set-cookie', cookie)
  response.setHeader('content-type', 'application/json')
  response.end(body === undefined ? '' : JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<{ key?: string; token?: string }> {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text || '{}')
}

export function keySession(server: string): Plugin {
  const principal = {
    principal: {
      name: 'administrator',
      project: 'default',
      roles: ['admin'],
      permissions: PERMISSIONS,
    },
    expiresAt: new Date(Date.now() + 8 * 3600e3).toISOString(),
  }
  const refused = (message: string) => ({
    status: 'fail', message, data: null,
    error: { kind: 'unauthenticated', code: 'unauthenticated', message, retryable: false },
  })
  const handle: Connect.NextHandleFunction = async (request, response, next) => {
    const key = keyOf(request)
    if (!request.url?.startsWith('/llm-ops/v1/session')) {
      if (key) request.headers.authorization = `Bearer ${key}`
      return next()
    }
    if (request.method === 'GET') return key ? answer(response, 200, principal) : answer(response, 401, refused('not signed in'))
    if (request.method === 'DELETE') return answer(response, 204, undefined, `${COOKIE}=; Path=/; Max-Age=0`)
    const given = await bodyOf(request)
    const secret = given.key ?? given.token ?? ''
    const known = await fetch(`${server}/llm-ops/v1/catalog/models?limit=1`, { headers: { authorization: `Bearer ${secret}` } })
    if (!known.ok) return answer(response, 401, refused('this key is not known'))
    answer(response, 200, principal, `${COOKIE}=${secret}; Path=/; HttpOnly; SameSite=Strict`)
  }
  const install = (middlewares: Connect.Server) => {
    if (process.env.LLMOPS_KEY_SESSION) middlewares.use(handle)
  }
  return {
    name: 'llmops-key-session',
    configureServer: (vite) => install(vite.middlewares),
    configurePreviewServer: (vite) => install(vite.middlewares),
  }
}
