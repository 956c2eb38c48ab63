import { createServer, type Server, type Socket } from 'node:net'
import {
  commands,
  cString,
  type Pdu,
  PduReader,
  readShortMessage,
  responseBit,
  type ShortMessage,
  writePdu,
} from '../pdu.ts'

/** An operator in a test: takes binds, answers what it is asked, delivers what it is told. */
export class FakeSmsc implements AsyncDisposable {
  readonly binds: string[] = []
  readonly submitted: ShortMessage[] = []
  /** Told of each message with its raw body and the name of who handed it over. */
  onSubmit: (user: string, body: Buffer) => void = () => {}
  /** What submit_sm and bind are answered with. */
  submitStatus = 0
  bindStatus = 0
  enquiries = 0
  readonly #server: Server
  readonly #sockets = new Map<Socket, string>()
  readonly #answers = new Map<number, (status: number) => void>()
  #sequence = 0

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.set(socket, '')
      const reader = new PduReader()
      socket.on('data', (chunk) => {
        for (const pdu of reader.push(chunk)) this.#take(socket, pdu)
      })
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
    })
  }

  static async start(): Promise<FakeSmsc> {
    const smsc = new FakeSmsc()
    await new Promise<void>((resolve) => smsc.#server.listen(0, '127.0.0.1', resolve))
    return smsc
  }

  get address(): string {
    const address = this.#server.address()
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  /** Delivers a message, to the one of that name where several are bound; the status it is answered with. */
  deliver(body: Buffer, user?: string): Promise<number> {
    this.#sequence += 1
    const sequence = this.#sequence
    const [socket] = [...this.#sockets].find(([, name]) => user === undefined || name === user) ?? []
    if (socket === undefined) throw new Error('nobody is bound')
    return new Promise((resolve) => {
      this.#answers.set(sequence, resolve)
      socket.write(writePdu({ command: commands.deliverSm, status: 0, sequence, body }))
    })
  }

  ask(): void {
    for (const socket of this.#sockets.keys())
      socket.write(writePdu({ command: commands.enquireLink, status: 0, sequence: 9_000, body: Buffer.alloc(0) }))
  }

  /** As when the line breaks. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #take(socket: Socket, pdu: Pdu): void {
    if (pdu.command >= responseBit) {
      if (pdu.sequence === 9_000) this.enquiries += 1
      this.#answers.get(pdu.sequence)?.(pdu.status)
      return
    }
    const answer = (status: number, body: Buffer) =>
      socket.write(writePdu({ command: (pdu.command | responseBit) >>> 0, status, sequence: pdu.sequence, body }))
    if (pdu.command === commands.bindTransceiver || pdu.command === commands.bindReceiver) {
      const [user = '', password = ''] = pdu.body.toString('latin1').split('\0')
      this.binds.push(`${user} ${password}`)
      this.#sockets.set(socket, user)
      answer(this.bindStatus, cString('fake'))
    } else if (pdu.command === commands.submitSm) {
      const message = readShortMessage(pdu.body)
      if (message !== undefined) this.submitted.push(message)
      answer(this.submitStatus, cString('1'))
      this.onSubmit(this.#sockets.get(socket) ?? '', pdu.body)
    } else answer(0, Buffer.alloc(0))
  }
}
