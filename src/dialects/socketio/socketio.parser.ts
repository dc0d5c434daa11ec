import { EventEmitter } from 'node:events';

/** Types of packets (Socket.IO protocol 5). */
const CONNECT = 0;
const DISCONNECT = 1;
const EVENT = 2;
const ACK = 3;
const BINARY_EVENT = 5;
const BINARY_ACK = 6;

export interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number | undefined;
  readonly data?: unknown;
}

/** Type, number of attachments, namespace, acknowledgement id, JSON. */
const PACKET = /^([0-6])(?:(\d{1,2})-)?(?:(\/[^,]*),?)?(\d{1,15})?(.*)$/s;

/** An event without a name: its sender is told that it says nothing. */
const MEANINGLESS: Packet = { type: EVENT, nsp: '/', data: [] };

/**
 * Socket.IO's own decoder hangs up on who sends something malformed or, as an event, a name that it keeps to itself; here
 * that costs an error, as in every dialect. No event of ours takes bytes: attachments are passed over, and what stands
 * for them in the event is not what the event asks for.
 */
export class Decoder extends EventEmitter {
  /** Attachments that are still to come. */
  private announced = 0;

  add(data: unknown): void {
    if (typeof data === 'string') {
      for (const packet of this.decode(data)) this.emit('decoded', packet);
    } else if (this.announced > 0) {
      this.announced--;
    } else {
      this.emit('decoded', MEANINGLESS);
    }
  }

  /** Nothing is kept. */
  destroy(): void {}

  /** The packet, or none where it is an acknowledgement: the server asks for none. */
  private decode(text: string): readonly Packet[] {
    const match = PACKET.exec(text);
    if (!match) return [MEANINGLESS];
    const [, type, attachments, nsp = '/', id, json] = match;
    this.announced = Number(attachments ?? 0);
    const data = parse(json!);
    switch (Number(type)) {
      case CONNECT:
        return [{ type: CONNECT, nsp, data: isObject(data) ? data : undefined }];
      case DISCONNECT:
        return [{ type: DISCONNECT, nsp }];
      case EVENT:
      case BINARY_EVENT:
        if (!Array.isArray(data)) return [{ ...MEANINGLESS, nsp }];
        return [{ type: EVENT, nsp, id: id === undefined ? undefined : Number(id), data: data as unknown[] }];
      case ACK:
      case BINARY_ACK:
        return [];
      default:
        return [{ ...MEANINGLESS, nsp }];
    }
  }
}

/** As Socket.IO's own, for packets without bytes: we send no others. */
export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    const namespace = nsp === '/' ? '' : `${nsp},`;
    return [`${type}${namespace}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
