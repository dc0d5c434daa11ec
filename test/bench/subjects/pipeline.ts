import type { Socket } from 'node:net';
import { Pool } from 'pg';
import { v7 } from 'uuid';
import { type RawData, WebSocketServer } from 'ws';
import { Groups, seatOf, tellReady } from './ready.js';
import { serverFrame } from './server-frame.js';

/**
 * The best that can be written by hand for one thing: frame, check, commit, frames to the others and an acknowledgement.
 * While a batch is being committed the next one gathers; it is one prepared statement, which leaves out those who do not take
 * part. Then each conversation's frames are joined once, and written once a listener, a sender's own acknowledgement with them.
 */
interface Message {
  readonly id: string;
  readonly room: Room;
  readonly user: string;
  readonly content: string;
  readonly sender: Socket;
  frame?: Buffer;
}

interface Room {
  readonly id: string;
  readonly sockets: Set<Socket>;
  seq: number;
}

const INSERT = {
  name: 'insert',
  text: `
    INSERT INTO messages (id, conversation_id, seq, sender_id, content, created_at)
    SELECT input.id, input.conversation_id, input.seq, input.sender_id, input.content, $6
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[])
      AS input (id, conversation_id, seq, sender_id, content)
    JOIN participants
      ON participants.conversation_id = input.conversation_id AND participants.user_id = input.sender_id
    RETURNING id`,
};
const LONGEST_CONTENT = 4_000;
const BATCH = 1_000;

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
await pool.query(`
  CREATE TABLE participants (conversation_id uuid, user_id uuid, PRIMARY KEY (conversation_id, user_id));
  CREATE TABLE messages (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL,
    seq integer NOT NULL,
    sender_id uuid NOT NULL,
    content text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    UNIQUE (conversation_id, seq)
  )`);

const groups = new Groups<Socket>();
const rooms = new Map<string, Room>();
let waiting: Message[] = [];
let isWorking = false;

const server = new WebSocketServer({ host: '0.0.0.0', port: 0, perMessageDeflate: false });
server.on('connection', (websocket, request) => {
  const { socket } = request;
  const { group: id, user } = seatOf(request);
  const sockets = groups.join(id, socket);
  const room = rooms.get(id) ?? { id, sockets, seq: 0 };
  rooms.set(id, room);
  websocket.on('close', () => sockets.delete(socket)).on('error', () => {});
  websocket.on('message', (data) => {
    const content = contentIn(data, id);
    if (content === undefined) return;
    waiting.push({ id: v7(), room, user, content, sender: socket });
    if (isWorking) return;
    isWorking = true;
    setImmediate(() => void work());
  });
});
server.on('listening', () => tellReady(server));

/** What a frame says, if it is one for that conversation. */
function contentIn(data: RawData, conversation: string): string | undefined {
  const { conversation_id: id, content } = JSON.parse((data as Buffer).toString()) as Record<string, unknown>;
  if (id !== conversation || typeof content !== 'string') return undefined;
  return content.length > 0 && content.length <= LONGEST_CONTENT ? content : undefined;
}

async function work(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting.splice(0, BATCH);
    await commit(batch);
  }
  isWorking = false;
}

async function commit(batch: readonly Message[]): Promise<void> {
  const createdAt = new Date().toISOString();
  const { rows } = await pool.query<{ id: string }>({
    ...INSERT,
    values: [
      batch.map(({ id }) => id),
      batch.map(({ room }) => room.id),
      batch.map(({ room }) => ++room.seq),
      batch.map(({ user }) => user),
      batch.map(({ content }) => content),
      createdAt,
    ],
  });
  const stored = new Set(rows.map(({ id }) => id));
  const byRoom = new Map<Room, Message[]>();
  for (const message of batch) {
    if (!stored.has(message.id)) continue;
    const messages = byRoom.get(message.room);
    if (messages) messages.push(message);
    else byRoom.set(message.room, [message]);
  }
  for (const [room, messages] of byRoom) deliver(room, messages, createdAt);
}

function deliver({ id, sockets }: Room, messages: readonly Message[], createdAt: string): void {
  const frames: Buffer[] = [];
  const acks = new Map<Socket, Buffer[]>();
  for (const message of messages) {
    const text = JSON.stringify({
      id: message.id,
      conversation_id: id,
      sender_id: message.user,
      content: message.content,
      message_type: 'text',
      created_at: createdAt,
      is_edited: false,
      is_deleted: false,
    });
    message.frame = serverFrame(text);
    frames.push(message.frame);
    const own = acks.get(message.sender) ?? [];
    own.push(serverFrame(`{"event":"ack","client_message_id":null,"message":${text}}`));
    acks.set(message.sender, own);
  }
  const joined = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
  for (const socket of sockets) {
    const own = acks.get(socket);
    if (!own) socket.write(joined);
    else socket.write(Buffer.concat([...othersOf(socket, messages), ...own]));
  }
}

function othersOf(socket: Socket, messages: readonly Message[]): Buffer[] {
  return messages.filter(({ sender }) => sender !== socket).map(({ frame }) => frame!);
}
