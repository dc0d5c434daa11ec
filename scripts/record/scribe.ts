import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { Acquaintances } from './acquaintances.js';
import { FORMAT, type Happening, type Header, type Json, nameOf, type Setup, type Side, VERSION } from './recording.js';
import { decoded, Redactor } from './redactor.js';
import { type Credentials, namesIn, namesInEvent, type Named, Survey } from './survey.js';

/** Something that a proxy has seen, as it was. */
export type Seen = SeenOpening | SeenFrame | SeenClosing | SeenCall;

interface At {
  /** Milliseconds since the beginning. */
  readonly at: number;
}

export interface SeenOpening extends At {
  readonly seen: 'opening';
  readonly connection: number;
  readonly dialect: string;
  readonly address: URL;
  readonly protocols: readonly string[];
  readonly credentials: Credentials | undefined;
  readonly transport?: 'polling' | 'websocket';
  readonly ext?: unknown;
  readonly refused?: number;
}

export interface SeenFrame extends At {
  readonly seen: 'frame';
  readonly connection: number;
  readonly credentials: Credentials | undefined;
  readonly from: Side;
  readonly text?: string;
  readonly binary?: number;
  /** Socket.IO: an event's name and arguments, or an acknowledgement's arguments. */
  readonly event?: readonly unknown[];
  readonly answer?: readonly unknown[];
  readonly ack?: number | undefined;
}

export interface SeenClosing extends At {
  readonly seen: 'closing';
  readonly connection: number;
  readonly from: Side;
  readonly code?: number;
}

export interface SeenCall extends At {
  readonly seen: 'call';
  readonly method: string;
  readonly address: URL;
  readonly credentials: Credentials | undefined;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

const DOCUMENTS: Readonly<Record<string, string>> = {
  flat: 'flat-and-dashboard.md',
  dashboard: 'flat-and-dashboard.md',
  socketio: 'socketio.md',
  tribe: 'tribe.md',
  channels: 'channels.md',
  pets: 'pets.md',
};

/** Writes down what is seen, one after the other, without what is someone's. */
export class Scribe {
  readonly counts = { connections: 0, frames: 0, calls: 0 };
  /** Connections that were given a number. */
  numbers = 0;
  private readonly acquaintances = new Acquaintances((setup) => this.lines.push(setup));
  private readonly redactor: Redactor;
  private readonly survey: Survey;
  private lines: (Header | Setup | Happening)[] = [];
  private last: Promise<void>;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    url: string,
    keepTexts: boolean,
  ) {
    this.redactor = new Redactor(this.acquaintances, keepTexts);
    this.survey = new Survey(url, this.acquaintances);
    this.last = this.write({
      format: FORMAT,
      version: VERSION,
      recorded_at: new Date().toISOString(),
      texts: keepTexts ? 'kept' : 'replaced',
    });
  }

  /**
   * Begins a file, readable by its owner only.
   *
   * @param url of the server, to ask who its clients are
   * @throws where the file cannot be written, or was there before
   */
  static async begin(path: string, url: string, { keepTexts = false } = {}): Promise<Scribe> {
    return new Scribe(path, await open(path, 'wx', 0o600), url, keepTexts);
  }

  /** Learns who a client is and what it has, before it does something. */
  async meet(credentials: Credentials | undefined): Promise<void> {
    if (credentials) await this.survey.whoIs(credentials);
  }

  /** What is seen keeps its place while it is not yet known how it ended; nothing, if it came to nothing. */
  note(seen: Seen | Promise<Seen | undefined>): void {
    this.last = this.writeAfter(this.last, seen);
    this.last.catch(() => {}); // told by `close`
  }

  private async writeAfter(before: Promise<void>, seen: Seen | Promise<Seen | undefined>): Promise<void> {
    await before;
    const known = await seen;
    if (known) await this.write(await this.describe(known));
  }

  /** Writes down what is left; what there was before goes to the top. @throws what could not be written */
  async close(): Promise<void> {
    await this.last;
    await this.file.close();
    const [header = '', ...lines] = (await readFile(this.path, 'utf8')).trimEnd().split('\n');
    const setup = new Map<string, string>();
    const happenings: string[] = [];
    for (const line of lines) {
      const value = JSON.parse(line) as Setup | Happening;
      if ('setup' in value) setup.set(nameOf(value), line);
      else happenings.push(line);
    }
    await writeFile(`${this.path}.sorted`, [header, ...setup.values(), ...happenings, ''].join('\n'), { mode: 0o600 });
    await rename(`${this.path}.sorted`, this.path);
  }

  private async describe(seen: Seen): Promise<Happening> {
    switch (seen.seen) {
      case 'opening':
        return this.describeOpening(seen);
      case 'frame':
        return this.describeFrame(seen);
      case 'closing': {
        const { at, connection, from, code } = seen;
        return { at, connection, closes: from, ...(code !== undefined && { code }) };
      }
      case 'call':
        return this.describeCall(seen);
    }
  }

  private async describeOpening(seen: SeenOpening): Promise<Happening> {
    const { at, connection, dialect, address, credentials, transport, ext, refused } = seen;
    this.counts.connections++;
    const user = refused === 401 ? undefined : await this.userOf(credentials);
    const channel = address.searchParams.get('channel_id');
    if (channel && credentials) await this.learn({ conversations: [channel], users: [] }, credentials);
    const session = /^\/ws\/dashboard\/([^/]+)$/.exec(address.pathname)?.[1];
    if (session && refused === undefined) this.acquaintances.meetSession(session.toLowerCase());
    const query = this.redactor.query(address.searchParams);
    const protocols = this.redactor.protocols(seen.protocols);
    return {
      at,
      connection,
      opens: {
        dialect,
        ...(DOCUMENTS[dialect] && { document: DOCUMENTS[dialect] }),
        path: this.redactor.path(address.pathname),
        ...(Object.keys(query).length > 0 && { query }),
        ...(protocols.length > 0 && { protocols }),
        ...(user !== undefined && { user }),
        ...(credentials && { by: credentials.by }),
        ...(transport && { transport }),
        ...(ext !== undefined && { ext: this.redactor.json(ext, 'client', 'ext') }),
      },
      ...(refused !== undefined && { refused }),
    };
  }

  private async describeFrame({ at, connection, credentials, from, ...seen }: SeenFrame): Promise<Happening> {
    this.counts.frames++;
    const { text, binary, event, answer, ack } = seen;
    const line = { at, connection, from, ...(ack !== undefined && { ack }) };
    if (binary !== undefined) return { ...line, binary };
    const value = event ?? answer ?? jsonOf(text ?? '');
    if (value === undefined) return { ...line, text: this.redactor.plain(text ?? '') };
    if (from === 'client' && credentials) {
      await this.learn(event ? namesInEvent(event) : namesIn(value as Json), credentials);
    }
    return { ...line, frame: event ? this.redactor.event(event, from) : this.redactor.json(value, from) };
  }

  private async describeCall({ at, method, address, credentials, ...seen }: SeenCall): Promise<Happening> {
    this.counts.calls++;
    const user = seen.status === 401 ? undefined : await this.userOf(credentials);
    const body = jsonOf(seen.body);
    const answer = jsonOf(seen.answer);
    const inPath = /\/(?:conversations|channels)\/([^/]+)/.exec(address.pathname)?.[1];
    const named = namesIn(body as Json);
    if (inPath) named.conversations.push(decoded(inPath));
    if (credentials) await this.learn(named, credentials);
    return {
      at,
      call: method,
      path: this.redactor.path(address.pathname),
      ...(user !== undefined && { user }),
      ...(credentials && { by: credentials.by }),
      ...(body !== undefined && { body: this.redactor.json(body, 'client') }),
      status: seen.status,
      ...(answer !== undefined && { answer: this.redactor.json(answer, 'server') }),
    };
  }

  /** Asks about what a client names that was there before. */
  private async learn({ users, conversations }: Named, credentials: Credentials): Promise<void> {
    const isNew = (name: string | number): boolean => !this.redactor.hasMet(name);
    await this.survey.meet({ users, conversations: conversations.filter(isNew) }, credentials);
  }

  private async userOf(credentials: Credentials | undefined): Promise<number | undefined> {
    const facts = credentials && (await this.survey.whoIs(credentials));
    return facts && this.acquaintances.indexOf(facts);
  }

  /** Writes what there was before and has just been mentioned, and then what mentions it. */
  private async write(line: Header | Happening): Promise<void> {
    const lines = [...this.lines, line];
    this.lines = [];
    await this.file.appendFile(lines.map((value) => `${JSON.stringify(value)}\n`).join(''));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
