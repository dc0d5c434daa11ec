import { readFile } from 'node:fs/promises';

// The file of a recording: JSON lines, described in docs/recording.md.

export const FORMAT = 'parlance recording';
export const VERSION = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Who says something. */
export type Side = 'client' | 'server';

/** The way by which a client shows who it is. */
export type Proof = 'header' | 'query' | 'subprotocol' | 'auth' | 'User-Email';

export interface Header {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly recorded_at: string;
  readonly texts: 'replaced' | 'kept';
}

/** What there was before: people, and what they had. Each is made anew where the recording is played. */
export type Setup = UserSetup | PetSetup | ConversationSetup | SessionSetup;

export interface UserSetup {
  readonly setup: 'user';
  readonly user: number;
  readonly role: string;
  /** Has a full name that is not the username. */
  readonly full_name?: boolean;
  /** Has a profile image. */
  readonly picture?: boolean;
}

export interface PetSetup {
  readonly setup: 'pet';
  readonly pet: number;
  readonly owner: number;
}

export interface ConversationSetup {
  readonly setup: 'conversation';
  readonly conversation: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'consultation';
  readonly creator: number;
  /** All who take part, the creator too. */
  readonly members: readonly number[];
  readonly pet?: number;
}

export interface SessionSetup {
  readonly setup: 'session';
  readonly session: number;
  readonly access: 'public' | 'host';
  /** None: someone who is not in the recording. */
  readonly host?: number;
}

/** Something that happened; `at` is in milliseconds since the beginning. */
export type Happening = Opening | FrameLine | Closing | Call;

export interface Opening {
  readonly at: number;
  readonly connection: number;
  readonly opens: Handshake;
  /** The status with which the server refused it. */
  readonly refused?: number;
}

export interface Handshake {
  readonly dialect: string;
  /** The protocol document that the dialect is of. */
  readonly document?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Who connects; nobody where the credentials are not good, or there are none. */
  readonly user?: number;
  readonly by?: Proof;
  /** Socket.IO: how it began, and the extensions in its `auth`. */
  readonly transport?: 'polling' | 'websocket';
  readonly ext?: Json;
}

export interface FrameLine {
  readonly at: number;
  readonly connection: number;
  readonly from: Side;
  /** JSON; Socket.IO: the event's name and its arguments, or those of an acknowledgement. */
  readonly frame?: Json;
  /** What is not JSON. */
  readonly text?: string;
  /** Bytes of a binary frame, whose content is not kept. */
  readonly binary?: number;
  /** Of the server: may come or not. No recorder writes it; one adds it by hand where either is right. */
  readonly optional?: boolean;
  /** Socket.IO: the acknowledgement that the client asks for, or the one that this is. */
  readonly ack?: number;
}

export interface Closing {
  readonly at: number;
  readonly connection: number;
  readonly closes: Side;
  readonly code?: number;
}

/** A call of the REST API that may change something. */
export interface Call {
  readonly at: number;
  readonly call: string;
  readonly path: string;
  readonly user?: number;
  readonly by?: Proof;
  readonly body?: Json;
  readonly status: number;
  readonly answer?: Json;
}

export interface Recording {
  readonly header: Header;
  readonly setup: readonly Setup[];
  readonly happenings: readonly Numbered[];
}

/** Something that happened, and the line of the file that says so. */
export type Numbered = Happening & { readonly line: number };

/** @throws what names the line that cannot be read */
export function parseRecording(text: string): Recording {
  const [header, ...lines] = text
    .split('\n')
    .map((line, index) => ({ line: index + 1, value: parse(line, index + 1) }));
  if (!isHeader(header?.value)) throw new Error(`line 1: not a ${FORMAT} of version ${VERSION}`);
  const setup = new Map<string, Setup>();
  const happenings: Numbered[] = [];
  for (const { line, value } of lines) {
    if (value === undefined) continue;
    if ('setup' in value) setup.set(nameOf(value as unknown as Setup), value as unknown as Setup);
    else if (isHappening(value)) happenings.push({ ...(value as unknown as Happening), line });
    else throw new Error(`line ${line}: neither a setup nor something that happened`);
  }
  return { header: header.value, setup: [...setup.values()], happenings };
}

/** @throws with the file's name when it is none, or cannot be read */
export async function readRecording(file: string): Promise<Recording> {
  const text = await readFile(file, 'utf8');
  try {
    return parseRecording(text);
  } catch (error) {
    throw new Error(`${file}, ${(error as Error).message}`, { cause: error });
  }
}

/** What a setup is of: a later one of the same replaces it. */
export function nameOf(setup: Setup): string {
  return `${setup.setup} ${(setup as unknown as Record<string, number>)[setup.setup]}`;
}

function parse(line: string, number: number): Record<string, Json> | undefined {
  if (line.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  } catch {
    // told below
  }
  throw new Error(`line ${number}: not a JSON object`);
}

function isHeader(value: object | undefined): value is Header {
  const { format, version } = (value ?? {}) as Partial<Header>;
  return format === FORMAT && version === VERSION;
}

function isHappening(value: object): boolean {
  return 'call' in value || ('connection' in value && ('opens' in value || 'closes' in value || 'from' in value));
}
