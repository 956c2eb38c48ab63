// The peer of bench/opt-outs.mjs: node:http and one INSERT a request, nothing else.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import pg from 'pg'

const [host, port] = process.argv.slice(2)
const pool = new pg.Pool({ host, port: Number(port), user: 'verzet', database: 'verzet', max: 32 })
const insert = { name: 'insert', text: 'insert into bench_rows (key, at, body) values ($1, now(), $2)' }

const server = createServer((request, response) => {
  request.resume()
  request.on('end', async () => {
    await pool.query({ ...insert, values: [randomUUID(), 'x'.repeat(200)] })
    response.end('ok')
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
