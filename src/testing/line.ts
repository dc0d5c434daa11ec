import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of what is sent: it passes; connections break and are refused; or nobody is told that it is lost. */
export type Passage = 'open' | 'cut' | 'silent';

/** A line between two processes that can be broken, as networks are. */
export class Line {
  private passage: Passage = 'open';
  private readonly sockets = new Set<Socket>();
  private listener: Server | undefined;

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    readonly port: number,
  ) {}

  /** A line to a port, by default of this machine. */
  static async to(port: number, host = '127.0.0.1'): Promise<Line> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const line = new Line({ host, port }, (listener.address() as AddressInfo).port);
    line.serve(listener);
    return line;
  }

  /** Everything passes again; what was silent has lost bytes, and breaks. */
  async open(): Promise<void> {
    if (this.passage === 'silent') this.hangUp();
    this.passage = 'open';
    if (!this.listener) await this.listen();
  }

  /** Every connection breaks at once, and new ones are refused. */
  cut(): void {
    this.passage = 'cut';
    this.listener?.close();
    this.listener = undefined;
    this.hangUp();
  }

  /** Connections stay, and new ones are taken, but nothing that is sent arrives. */
  silence(): void {
    this.passage = 'silent';
  }

  /** Breaks it for good. */
  close(): void {
    this.cut();
  }

  private async listen(): Promise<void> {
    const listener = createServer();
    listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
    this.serve(listener);
  }

  private serve(listener: Server): void {
    this.listener = listener;
    listener.on('connection', (near) => {
      const far = connect(this.target);
      this.join(near, far);
      this.join(far, near);
    });
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay();
    from.on('data', (bytes) => {
      if (this.passage === 'silent') return;
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('error', () => {}); // told by its close
    from.on('close', () => {
      this.sockets.delete(from);
      if (this.passage !== 'silent') to.destroy();
    });
  }

  private hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
