import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The lines of the feed up to now, after the last of those given. */
export async function lines(from: string, key: string, after?: string): Promise<string[]> {
  const cursor = after === undefined ? '' : `&after=${JSON.parse(after).position}`
  const response = await fetch(`${from}/v1/changes?follow=false${cursor}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  return (await response.text()).trim().split('\n')
}

export type Proxy = { url: string; isCut: boolean; cut(): void; close(): Promise<void> }

/** Stands between a gate and the hub. With `first` its first feed is a snapshot and the beginning of what follows. */
export async function openProxy(
  target: string,
  first?: { snapshot: readonly string[]; frame: Buffer },
): Promise<Proxy> {
  const open = new Set<ServerResponse>()
  let isFirst = first !== undefined
  const server: Server = createServer((request, response) => {
    open.add(response)
    response.on('close', () => open.delete(response))
    if (proxy.isCut) {
      response.destroy()
      return
    }
    // Like a hub of a version that only sends lines, whatever else a gate would rather have.
    if (first !== undefined && isFirst && request.url?.startsWith('/v1/changes')) {
      isFirst = false
      response.write(`${first.snapshot.join('\n')}\n`)
      setTimeout(() => {
        response.write(first.frame)
        setTimeout(() => response.destroy(), 20)
      }, 20)
      return
    }
    const { authorization = '', accept = '*/*' } = request.headers
    void forward(target, request.url ?? '/', { authorization, accept }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy: Proxy = {
    url: `http://127.0.0.1:${port}`,
    isCut: false,
    cut: () => {
      for (const response of open) response.destroy()
    },
    close: () => {
      proxy.cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

async function forward(
  target: string,
  path: string,
  headers: Record<string, string>,
  response: ServerResponse,
): Promise<void> {
  const stop = new AbortController()
  response.on('close', () => stop.abort())
  try {
    const answer = await fetch(`${target}${path}`, { headers, signal: stop.signal })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    for await (const piece of answer.body ?? []) response.write(piece)
    response.end()
  } catch {
    response.destroy()
  }
}
