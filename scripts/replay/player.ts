import { setTimeout as pause } from 'node:timers/promises';
import type { Call, FrameLine, Handshake, Json, Opening, Recording } from '../record/recording.js';
import { Bindings, type Difference } from './bindings.js';
import { Client, type Received } from './clients.js';
import { call } from './rest.js';
import { type Action, type Expectation, nextOf, type Scene, scenesOf, topicOf } from './scenes.js';
import { Stage, type Target } from './stage.js';

/** Something that is not as recorded. */
export interface Finding {
  readonly kind: 'differs' | 'missing' | 'unexpected' | 'out of order';
  /** Of the recording; of what is unexpected, the last that was played. */
  readonly line: number;
  /** None: a call. */
  readonly connection?: number;
  /** What was recorded, with what is known put in. */
  readonly recorded?: unknown;
  readonly now?: unknown;
  readonly differences?: readonly Difference[];
}

export interface PlayOptions {
  /** Milliseconds until a frame is said to be missing. */
  readonly patience?: number;
  readonly onProgress?: (line: number, of: number) => void;
}

/** Refused frames that a server takes at once, and a second, before it calls them abuse; each fence is one. */
const FENCES = { burst: 80, everyMs: 1_000 };

/**
 * Plays what clients did and compares what they hear. The server has done with what one client sent before another one acts,
 * as it had when it was recorded.
 *
 * @throws what keeps the recording from being played at all: a server that is away, or refuses the setup
 */
export async function play(recording: Recording, target: Target, options: PlayOptions = {}): Promise<Finding[]> {
  const bindings = new Bindings();
  const stage = await Stage.set(recording.setup, target, bindings);
  const player = new Player(recording, target.url, stage, bindings, options);
  try {
    return await player.play();
  } finally {
    await player.close();
  }
}

class Player {
  private readonly clients = new Map<number, Client>();
  private readonly dialects = new Map<number, string>();
  private readonly findings: Finding[] = [];
  /** What may still come, or not. */
  private optional: Expectation[] = [];
  /** Connections that have sent something of which it is not known that the server has done with it. */
  private readonly unsettled = new Set<number>();
  private readonly scenes: readonly Scene[];
  private readonly patience: number;
  private fences = 0;
  private line = 0;

  constructor(
    private readonly recording: Recording,
    private readonly url: string,
    private readonly stage: Stage,
    private readonly bindings: Bindings,
    private readonly options: PlayOptions,
  ) {
    this.scenes = scenesOf(recording.happenings);
    this.patience = options.patience ?? 10_000;
  }

  async play(): Promise<Finding[]> {
    const last = this.recording.happenings.at(-1)?.line ?? 0;
    for (const [index, scene] of this.scenes.entries()) {
      for (const action of scene.actions) {
        this.line = action.line;
        await this.act(action);
        this.options.onProgress?.(this.line, last);
      }
      await this.hear(scene, this.scenes.slice(index + 1));
      this.line = scene.expected.at(-1)?.line ?? this.line;
      this.options.onProgress?.(this.line, last);
    }
    for (const [connection, client] of this.clients) {
      if (this.unsettled.has(connection) || !this.isSilent(connection)) await this.fence(connection);
      this.hearRest(connection, client);
    }
    return this.findings.toSorted((one, other) => one.line - other.line);
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async act(action: Action): Promise<void> {
    await this.settle('connection' in action ? action.connection : undefined);
    if ('opens' in action) return this.open(action);
    if ('call' in action) return this.call(action);
    const client = this.clients.get(action.connection);
    if (!client) return; // refused: told when it was opened
    if ('closes' in action) {
      this.clients.delete(action.connection);
      this.unsettled.delete(action.connection);
      this.hearRest(action.connection, client);
      return client.close(action.code);
    }
    this.learnDialect(action);
    client.send(this.fill(action));
    this.unsettled.add(action.connection);
  }

  /** A first frame may show that a client speaks the other dialect of its path: that one names frames otherwise. */
  private learnDialect({ connection, frame }: FrameLine): void {
    const { type, event } = (frame ?? {}) as { type?: Json; event?: Json };
    const isOther = this.dialects.get(connection) === 'tribe' && type !== undefined && event === undefined;
    if (isOther) this.dialects.set(connection, 'channels');
  }

  private fill(line: FrameLine): FrameLine {
    const { frame, text } = line;
    return {
      ...line,
      ...(frame !== undefined && { frame: this.bindings.fillIn(frame) }),
      ...(text !== undefined && { text: String(this.bindings.fillText(text)) }),
    };
  }

  private async open({ connection, opens, refused, line }: Opening & { line: number }): Promise<void> {
    const actor = opens.user === undefined ? undefined : this.stage.actor(opens.user);
    const filled = this.bindings.fillIn({
      path: '',
      query: opens.query ?? {},
      ext: opens.ext ?? null,
    }) as unknown as Handshake;
    const client = await Client.open({
      ...opens,
      query: filled.query ?? {},
      path: this.path(opens.path),
      url: this.url,
      actor,
    });
    const now = client instanceof Client ? undefined : client.refused;
    if (client instanceof Client) this.clients.set(connection, client);
    this.dialects.set(connection, opens.dialect);
    if (now !== refused) {
      this.findings.push({ kind: 'differs', line, connection, recorded: outcome(refused), now: outcome(now) });
    }
  }

  private async call(recorded: Call & { line: number }): Promise<void> {
    const { call: method, path, by, user, body, line } = recorded;
    const actor = user === undefined ? undefined : this.stage.actor(user);
    const headers: Record<string, string> = {};
    if (by === 'User-Email') headers['user-email'] = actor?.email ?? 'nobody@replay.example';
    else if (by) headers['authorization'] = `Bearer ${actor?.token ?? 'not-a-token'}`;
    const filled = body === undefined ? undefined : this.bindings.fillIn(body);
    const answer = await call(this.url, method, this.path(path), headers, filled);
    const expected = { status: recorded.status, ...(recorded.answer !== undefined && { answer: recorded.answer }) };
    const now = { status: answer.status, ...(answer.body !== undefined && { answer: answer.body }) };
    const differences = this.bindings.match(expected, now);
    if (differences.length > 0) {
      this.findings.push({ kind: 'differs', line, recorded: this.bindings.show(expected), now, differences });
    }
  }

  private path(path: string): string {
    return path
      .split('/')
      .map((segment) => encodeURIComponent(String(this.bindings.fillText(segment))))
      .join('/');
  }

  /** Has the server done with what others have sent. */
  private async settle(actor: number | undefined): Promise<void> {
    for (const connection of this.unsettled) if (connection !== actor) await this.fence(connection);
  }

  private async fence(connection: number): Promise<void> {
    this.unsettled.delete(connection);
    const client = this.clients.get(connection);
    if (!client || this.isSilent(connection)) return;
    if (++this.fences > FENCES.burst) await pause(FENCES.everyMs);
    await client.fence(`fence-${this.fences}`, this.patience);
  }

  /** Whether the server does not answer what it does not know. */
  private isSilent(connection: number): boolean {
    return ['dashboard', 'unknown'].includes(this.dialects.get(connection) ?? '');
  }

  private async hear({ actions, expected }: Scene, later: readonly Scene[]): Promise<void> {
    this.optional.push(...expected.filter(isOptional));
    const connections = new Set(expected.map(({ connection }) => connection));
    for (const connection of connections) {
      const client = this.clients.get(connection);
      if (!client) continue; // refused: told when it was opened
      const of = (scenes: readonly Scene[]): Expectation[] =>
        scenes.flatMap((scene) => scene.expected.filter((one) => one.connection === connection && !isOptional(one)));
      await this.hearOne(client, of([{ actions, expected }]), of(later), actions.length > 1);
    }
  }

  private async hearOne(
    client: Client,
    pending: Expectation[],
    later: readonly Expectation[],
    inAnyOrder: boolean,
  ): Promise<void> {
    const aside: Received[] = [];
    const done = (expectation: Expectation): unknown => pending.splice(pending.indexOf(expectation), 1);
    while (pending.length > 0) {
      const item = await client.next(this.patience);
      if (!item) break;
      const next = nextOf(pending, inAnyOrder);
      const found = next.find((expectation) => this.differencesOf(expectation, item).length === 0);
      const disordered = found ?? pending.find((expectation) => this.differencesOf(expectation, item).length === 0);
      if (disordered) {
        done(disordered);
        if (!found) this.tell('out of order', disordered, item);
        continue;
      }
      if (this.mayCome(pending[0]!.connection, item)) continue;
      const alike = next.find((expectation) => labelOf(expectation) === labelOf(item));
      if (alike) {
        done(alike);
        this.tell('differs', alike, item, this.differencesOf(alike, item));
      } else if (this.isForLater(item, pending, later)) aside.push(item);
      else this.tellUnexpected(pending[0]!.connection, item);
    }
    for (const expectation of pending) this.tell('missing', expectation);
    client.putBack(aside);
  }

  /** What has come after all that was expected. */
  private hearRest(connection: number, client: Client): void {
    for (const item of client.takeAll()) if (!this.mayCome(connection, item)) this.tellUnexpected(connection, item);
  }

  private mayCome(connection: number, item: Received): boolean {
    const found = this.optional.find(
      (one) => one.connection === connection && this.differencesOf(one, item).length === 0,
    );
    this.optional = this.optional.filter((one) => one !== found);
    return found !== undefined;
  }

  /** Whether something is expected later, and is about nothing that is expected before it. */
  private isForLater(item: Received, pending: readonly Expectation[], later: readonly Expectation[]): boolean {
    const found = later.find((expectation) => this.bindings.wouldMatch(shapeOf(expectation), shapeOf(item)));
    return found !== undefined && !pending.some((expectation) => topicOf(expectation) === topicOf(found));
  }

  private differencesOf(expectation: Expectation, item: Received): Difference[] {
    return this.bindings.match(shapeOf(expectation), shapeOf(item));
  }

  private tell(kind: Finding['kind'], expectation: Expectation, item?: Received, differences?: Difference[]): void {
    this.findings.push({
      kind,
      line: expectation.line,
      connection: expectation.connection,
      recorded: contentOf(this.bindings.show(shapeOf(expectation))),
      ...(item && { now: contentOf(shapeOf(item)) }),
      ...(differences && {
        differences: differences.map((one) => ({ ...one, path: one.path.replace(/^frame\.?/, '') })),
      }),
    });
  }

  private tellUnexpected(connection: number, item: Received): void {
    this.findings.push({ kind: 'unexpected', line: this.line, connection, now: contentOf(shapeOf(item)) });
  }
}

function isOptional(expectation: Expectation): boolean {
  return 'optional' in expectation && expectation.optional === true;
}

/** What of an expectation and of what came is compared. */
function shapeOf(said: Expectation | Received): Json {
  if ('closes' in said) return { closes: said.code ?? true };
  if ('closed' in said && said.closed !== undefined) return { closes: said.closed };
  const { frame, text, binary, ack } = said as Pick<FrameLine, 'frame' | 'text' | 'binary' | 'ack'>;
  return JSON.parse(JSON.stringify({ frame, text, binary, ack })) as Json;
}

/** What is shown of it: the frame alone, where there is one. */
function contentOf(shape: Json): Json {
  const { frame, ack } = shape as { frame?: Json; ack?: Json };
  return frame !== undefined && ack === undefined ? frame : shape;
}

/** By what one sees whether two frames are meant to be the same. */
function labelOf(said: Expectation | Received): string {
  const { frame, ack, closes } = shapeOf(said) as { frame?: Json; ack?: number; closes?: Json };
  if (closes !== undefined) return 'closes';
  if (ack !== undefined) return `acknowledgement ${ack}`;
  if (Array.isArray(frame)) return String(frame[0]);
  const { event, type } = (frame ?? {}) as { event?: string; type?: string };
  return event ?? (frame && 'title' in (frame as object) ? 'notification' : type) ?? Object.keys(frame ?? {}).join();
}

function outcome(refused: number | undefined): string {
  return refused === undefined ? 'let in' : `refused with ${refused}`;
}
