import { setTimeout as delay } from 'node:timers/promises';
import type { Seat, Speech } from '../speech.js';
import type { Conversation, Person } from '../world.js';
import { type Address, Client } from './client.js';
import { type Answer, HttpClient } from './http.js';
import { contentOf, OrderCheck } from './order.js';

/** Someone in a group, and how that one's client speaks. */
export interface Member {
  readonly person: Person;
  readonly speech: Speech;
}

/** A conversation as the generator plays it. Senders are listeners too: each hears what the others send. */
export interface GroupPlan {
  readonly conversation: Conversation;
  readonly listeners: readonly Member[];
  readonly senders: readonly Member[];
  /** Whether the senders send by REST instead, and hear nothing. */
  readonly byRest?: boolean;
}

/** What a crowd has done until some moment. */
export interface Totals {
  readonly at: number;
  readonly sent: number;
  /** Messages that someone heard. */
  readonly heard: number;
  readonly acked: number;
  readonly bytes: number;
}

/** What is wrong with what a crowd heard. */
export class Miscount extends Error {}

/** Clients that come in at the same time; a server that is asked for more at once may refuse some. */
const COMING_IN = 32;
/** Milliseconds in which nothing has come, after which what is missing is lost. */
const SILENCE = 15_000;
/** Groups of which one listener decodes all that it hears. */
const CHECKED_GROUPS = 8;
const MOST_PROBLEMS = 5;

/** How one sends: by a websocket, or by REST. */
interface Mouth {
  utter(content: string): void;
  close(): void;
}

/** Someone who sends in a group. */
class Sender {
  sent = 0;
  acked = 0;
  /** When the last message was sent. */
  sentAt = 0;
  whenAcked: () => void = () => {};

  constructor(
    private readonly index: number,
    private readonly mouth: Mouth,
    readonly client: Client | undefined,
  ) {}

  send(): void {
    this.sentAt = performance.now();
    this.mouth.utter(contentOf(this.index, this.sent++));
  }

  onAck(): void {
    this.acked++;
    this.whenAcked();
  }

  close(): void {
    this.mouth.close();
  }
}

/** The clients of one conversation. */
class Group {
  sent = 0;
  heard = 0;
  private inFlight = 0;
  private turn = 0;

  constructor(
    readonly clients: readonly Client[],
    readonly senders: readonly Sender[],
    readonly acknowledges: boolean,
  ) {
    for (const client of clients) {
      client.whenHeard = (count) => {
        this.heard += count;
        if (this.inFlight > 0) this.push();
      };
    }
  }

  /** How many hear a message. */
  get fanOut(): number {
    return this.clients.length - (this.senders[0]?.client ? 1 : 0);
  }

  get acked(): number {
    return this.senders.reduce((sum, { acked }) => sum + acked, 0);
  }

  get isSettled(): boolean {
    return this.heard === this.sent * this.fanOut && (!this.acknowledges || this.acked === this.sent);
  }

  /** Keeps so many messages on their way, until it is told 0. */
  keepInFlight(messages: number): void {
    this.inFlight = messages;
    this.push();
  }

  /** Sends as the next of its senders. */
  sendNext(): void {
    this.sendAs(this.senders[this.turn++ % this.senders.length]!);
  }

  sendAs(sender: Sender): void {
    this.sent++;
    sender.send();
  }

  *problems(): Generator<string> {
    for (const [index, client] of this.clients.entries()) {
      const own = this.senders.find((sender) => sender.client === client)?.sent ?? 0;
      const expected = this.sent - own;
      if (client.problem !== undefined) yield client.problem;
      if (client.unexpected !== undefined) yield `unexpected: ${client.unexpected}`;
      if (client.heard !== expected) yield `client ${index} heard ${client.heard} messages, not ${expected}`;
    }
    if (!this.acknowledges) return;
    for (const { sent, acked } of this.senders) {
      if (acked !== sent) yield `${acked} of the ${sent} messages of a sender are acknowledged`;
    }
  }

  private push(): void {
    const most = this.inFlight * this.fanOut;
    while (this.sent * this.fanOut - this.heard < most - this.fanOut + 1) this.sendNext();
  }
}

/** Many clients of one server, in groups; knows what each of them must hear. */
export class Crowd {
  private constructor(
    private readonly groups: readonly Group[],
    private readonly checks: readonly OrderCheck[],
  ) {}

  /** Connects everyone, and waits until all hear their conversations. Clients take the addresses in turn. */
  static async open(addresses: readonly Address[], plans: readonly GroupPlan[]): Promise<Crowd> {
    let opened = 0;
    const nextAddress = (): Address => addresses[opened++ % addresses.length]!;
    const enter = async ({ person, speech }: Member, conversation: Conversation): Promise<Client> => {
      const seat: Seat = { person, conversation };
      const client = await Client.open(nextAddress(), speech.request(seat), speech);
      await speech.enter?.(client, seat);
      return client;
    };
    const jobs: (() => Promise<void>)[] = [];
    const drafts = plans.map(({ conversation, listeners, senders, byRest }) => {
      const heard: Client[] = [];
      const speaking: Sender[] = [];
      for (const [index, member] of listeners.entries()) {
        jobs.push(async () => void (heard[index] = await enter(member, conversation)));
      }
      for (const [index, member] of senders.entries()) {
        jobs.push(async () => {
          if (byRest) {
            speaking[index] = await restSender(index, nextAddress(), member, conversation);
            return;
          }
          const client = await enter(member, conversation);
          heard[listeners.length + index] = client;
          speaking[index] = socketSender(index, client, member, conversation);
        });
      }
      return { heard, speaking };
    });
    const opening = Array.from({ length: COMING_IN }, async () => {
      for (let job = jobs.pop(); job; job = jobs.pop()) await job();
    });
    const outcomes = await Promise.allSettled(opening);
    const groups = drafts.map(({ heard, speaking }, index) => {
      const plan = plans[index]!;
      return new Group(heard, speaking, plan.byRest === true || (plan.senders[0]?.speech.acknowledges ?? false));
    });
    const checks = groups.slice(0, CHECKED_GROUPS).map(({ clients }, index) => {
      const { listeners, senders } = plans[index]!;
      const { speech } = (listeners[0] ?? senders[0])!;
      return new OrderCheck(clients[0]!, speech);
    });
    const crowd = new Crowd(groups, checks);
    const failure = outcomes.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') {
      crowd.close();
      throw failure.reason;
    }
    return crowd;
  }

  get totals(): Totals {
    let [sent, heard, acked, bytes] = [0, 0, 0, 0];
    for (const group of this.groups) {
      sent += group.sent;
      heard += group.heard;
      acked += group.acked;
      for (const client of group.clients) bytes += client.bytes;
    }
    return { at: performance.now(), sent, heard, acked, bytes };
  }

  /** Keeps so many messages of each group on their way, until {@link stop}. */
  saturate(inFlight: number): void {
    for (const group of this.groups) group.keepInFlight(inFlight);
  }

  /** Lets every sender send again as soon as its last message is acknowledged. @param latencies get milliseconds */
  converse(latencies: number[]): void {
    for (const group of this.groups) {
      for (const sender of group.senders) {
        sender.whenAcked = () => {
          latencies.push(performance.now() - sender.sentAt);
          group.sendAs(sender);
        };
        group.sendAs(sender);
      }
    }
  }

  /**
   * Has the groups send in turn, so many messages a second, for so many seconds. Nothing but the clock decides when.
   *
   * @param latencies get the milliseconds from when a message was to be sent until it is acknowledged
   */
  async pace(rate: number, seconds: number, latencies: number[]): Promise<void> {
    const turns = this.groups.flatMap((group) => group.senders.map((sender) => ({ group, sender })));
    const due = new Map(turns.map(({ sender }): [Sender, number[]] => [sender, []]));
    for (const [sender, times] of due) {
      sender.whenAcked = () => latencies.push(performance.now() - times.shift()!);
    }
    // Neighbours in time are of different groups.
    const order = turns.map((_, index) => turns[(index * stride(turns.length)) % turns.length]!);
    const from = performance.now();
    for (let count = 0; count < rate * seconds;) {
      const at = from + (count * 1000) / rate;
      if (performance.now() < at) {
        await new Promise((resolve) => setImmediate(resolve)); // sockets are read meanwhile
        continue;
      }
      const { group, sender } = order[count % order.length]!;
      due.get(sender)!.push(at);
      group.sendAs(sender);
      count++;
    }
  }

  /** Sends nothing more. */
  stop(): void {
    this.saturate(0);
    for (const { senders } of this.groups) for (const sender of senders) sender.whenAcked = () => {};
  }

  /** Waits until all that was sent is heard or, when nothing came for so many milliseconds, is not going to be. */
  async drained(silence = SILENCE): Promise<void> {
    let [known, since] = [-1, 0];
    while (this.groups.some((group) => !group.isSettled)) {
      const { heard, acked } = this.totals;
      if (heard + acked !== known) [known, since] = [heard + acked, performance.now()];
      else if (performance.now() - since > silence) return;
      await delay(2);
    }
  }

  /** Waits as {@link drained} does. @throws {Miscount} unless everyone heard everything, and once */
  async settle(silence?: number): Promise<void> {
    await this.drained(silence);
    // Twice: a pong may overtake what the turn of the event loop in which it is written has not written yet.
    for (let turn = 0; turn < 2; turn++) {
      await Promise.all(this.groups.flatMap(({ clients }) => clients.map((client) => client.fence())));
    }
    const problems: string[] = [];
    for (const { problem } of this.checks) if (problem !== undefined) problems.push(problem);
    for (const group of this.groups) problems.push(...group.problems());
    if (problems.length === 0) return;
    const more = problems.length > MOST_PROBLEMS ? `, and ${problems.length - MOST_PROBLEMS} more` : '';
    throw new Miscount(problems.slice(0, MOST_PROBLEMS).join('; ') + more);
  }

  close(): void {
    for (const { clients, senders } of this.groups) {
      for (const client of clients) client?.close();
      for (const sender of senders) sender?.close();
    }
  }
}

function socketSender(index: number, client: Client, { person, speech }: Member, conversation: Conversation): Sender {
  const seat: Seat = { person, conversation };
  const mouth = { utter: (content: string) => client.send(speech.say(seat, content)), close: () => {} };
  const sender = new Sender(index, mouth, client);
  client.whenAcked = () => sender.onAck();
  return sender;
}

async function restSender(
  index: number,
  address: Address,
  { person }: Member,
  conversation: Conversation,
): Promise<Sender> {
  const http = await HttpClient.open(address, person.token);
  const path = `/api/v1/conversations/${conversation.id}/messages`;
  const mouth = {
    utter(content: string): void {
      const note = ({ status }: Answer): void => void (status === 201 && sender.onAck());
      http.post(path, `{"content":"${content}"}`).then(note, () => {}); // a failure is told by what is missing
    },
    close: () => http.close(),
  };
  const sender = new Sender(index, mouth, undefined);
  return sender;
}

/** A step with which one comes by all of `count` places, far from one to the next. */
function stride(count: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b));
  let step = Math.max(1, Math.round(count * 0.618));
  while (divides(step, count) !== 1) step++;
  return step;
}
