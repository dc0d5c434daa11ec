import type { Side } from './recording.js';

/** Type, number of attachments, namespace, acknowledgement id, JSON (Socket.IO protocol 5). */
const PACKET = /^([0-6])(?:(\d{1,2})-)?(?:(\/[^,]*),?)?(\d{1,15})?(.*)$/s;

const OPEN = '0';
const MESSAGE = '4';
const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK] = '0123456';

/** What is told of a Socket.IO client's session. */
export interface EngineListener {
  /** The client asks to be let in; answered when it may go on. */
  asks(auth: unknown): Promise<void>;
  letIn(): void;
  refused(data: unknown): void;
  /** An event's name and arguments, and the acknowledgement that is asked for. */
  event(from: Side, args: readonly unknown[], ack: number | undefined): void;
  acknowledges(from: Side, args: readonly unknown[], ack: number): void;
  /** A packet that is none. */
  nonsense(from: Side, text: string): void;
  disconnects(from: Side): void;
}

/** Reads a Socket.IO session off the wire, by whatever transport its packets go (Engine.IO protocol 4). */
export class EngineSession {
  /** By which the client names the session, once the server has said it. */
  id: string | undefined;

  constructor(
    readonly transport: 'polling' | 'websocket',
    private readonly listener: EngineListener,
  ) {}

  /** What one poll, or one post, carries. */
  async payload(from: Side, payload: string): Promise<void> {
    for (const packet of payload.split('\x1e')) await this.packet(from, packet);
  }

  async packet(from: Side, packet: string): Promise<void> {
    if (packet.startsWith(OPEN) && from === 'server') {
      this.id ??= (parse(packet.slice(1)) as { sid?: string } | undefined)?.sid;
    } else if (packet.startsWith(MESSAGE)) {
      await this.message(from, packet.slice(1));
    }
  }

  /** Its transport has ended. */
  end(by: Side): void {
    this.listener.disconnects(by);
  }

  private async message(from: Side, text: string): Promise<void> {
    const [, type, , , id, json = ''] = PACKET.exec(text) ?? [];
    const data = parse(json);
    const ack = id === undefined ? undefined : Number(id);
    if (type === CONNECT && from === 'client') await this.listener.asks(data);
    else if (type === CONNECT) this.listener.letIn();
    else if (type === CONNECT_ERROR && from === 'server') this.listener.refused(data);
    else if (type === DISCONNECT) this.listener.disconnects(from);
    else if ((type === EVENT || type === BINARY_EVENT) && Array.isArray(data)) this.listener.event(from, data, ack);
    else if ((type === ACK || type === BINARY_ACK) && Array.isArray(data) && ack !== undefined) {
      this.listener.acknowledges(from, data, ack);
    } else this.listener.nonsense(from, text);
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
