import { Person, type PersonOptions } from '../../../src/testing/person.js';
import { heardWithoutGaps, violationsOf } from './checks.js';
import type { Cluster } from './cluster.js';
import { type Conversation, Ledger } from './ledger.js';
import { describe, Load, type LoadOptions } from './load.js';
import { type DialectName, DIALECTS, Member } from './member.js';
import type { Node } from './node.js';
import type { Random } from './random.js';
import { readStored } from './stored.js';
import { until } from './waiting.js';

export interface SceneOptions {
  /** Groups of everyone; beside them there is one open channel. */
  readonly groups?: number;
  /** How many users there are for each dialect. */
  readonly each?: number;
  readonly dialects?: readonly DialectName[];
}

/** Milliseconds in which everything that was sent must have been heard everywhere: the sweep's bound, and as much again. */
const SETTLING = 12_000;
let scenes = 0;

/** Some users in some conversations, heard in every dialect, and some who are in none and should hear nothing. */
export class Scene {
  readonly ledger = new Ledger();
  /** In the order of the dialects, over and over. */
  readonly members: Member[] = [];
  private readonly visitors: Member[] = [];
  private readonly loads: Load[] = [];

  private constructor(
    readonly cluster: Cluster,
    readonly random: Random,
    readonly people: readonly Person[],
    readonly conversations: readonly Conversation[],
  ) {}

  /** Everyone registers, the conversations begin, and all connect, to any of the nodes. */
  static async set(
    cluster: Cluster,
    random: Random,
    { groups = 3, each = 2, dialects = DIALECTS }: SceneOptions = {},
  ): Promise<Scene> {
    const people = await Promise.all(Array.from({ length: dialects.length * each + 2 }, () => register(cluster.first)));
    const participants = people.slice(0, -2);
    const [owner, ...others] = participants;
    const conversations: Conversation[] = [];
    for (let count = 0; count < groups; count++) {
      conversations.push(await named(owner!, await owner!.rest.converse(...others)));
    }
    const slug = `faults-${process.pid}-${++scenes}`;
    const { body } = await owner!.rest.post('/channels', { slug }).expect(201);
    conversations.push(await named(owner!, (body as { id: string }).id));
    const scene = new Scene(cluster, random, people, conversations);
    for (const [index, person] of participants.entries()) {
      scene.add(person, dialects[index % dialects.length]!, conversations, `member ${index}`);
    }
    await Promise.all(scene.members.map((member, index) => member.arrive(cluster.nodes[index % cluster.nodes.length])));
    const outsiders = [
      scene.visitor(people.at(-2)!, 'flat', [], 'outsider'),
      scene.visitor(people.at(-1)!, 'pets', [], 'outsider'),
    ];
    await Promise.all(outsiders.map((outsider) => outsider.arrive()));
    return scene;
  }

  /** Someone more, who hears these conversations; not connected yet. */
  add(person: Person, dialect: DialectName, conversations: readonly Conversation[], name: string): Member {
    const member = this.makeMember(person, dialect, conversations, name);
    this.members.push(member);
    return member;
  }

  /** As {@link add}, but of no load and not waited for: who is to lose what it may do. */
  visitor(person: Person, dialect: DialectName, conversations: readonly Conversation[], name: string): Member {
    const visitor = this.makeMember(person, dialect, conversations, name);
    this.visitors.push(visitor);
    return visitor;
  }

  /** Begins to talk. */
  talk(options?: LoadOptions): Load {
    const load = new Load(this.ledger, this.members, this.conversations, this.random.fork(), options);
    this.loads.push(load);
    return load;
  }

  /** Starts a group of these people. */
  async group(owner: Person, ...others: Person[]): Promise<Conversation> {
    return named(owner, await owner.rest.converse(...others));
  }

  /** Sends one message that is no part of a load, until it is acknowledged. */
  async say(member: Member, conversation: Conversation, name: string, content = name): Promise<void> {
    const sent = this.ledger.send({ content, clientMessageId: name, conversation, senderId: member.user.id });
    await until('a message is acknowledged', 20_000, () => member.send(sent)).catch((error: Error) => {
      throw new Error(`${error.message}: ${describe(sent)}`);
    });
  }

  /** Where each member is that is on a node. */
  on(node: Node): Member[] {
    return this.members.filter(({ at }) => at === node);
  }

  /** Waits until everyone is connected. @returns milliseconds */
  async everyoneIsBack(patience: number): Promise<number> {
    const from = performance.now();
    await until('everyone is back', patience, () => this.members.every(({ isHere }) => isHere));
    return performance.now() - from;
  }

  /**
   * Ends the talking, lets everyone hear what there is to hear, and holds the ledger against the database.
   *
   * @returns everything that is not as promised
   */
  async finish(conversations = this.conversations): Promise<string[]> {
    const problems: string[] = [];
    const note = (error: Error): void => void problems.push(error.message);
    await Promise.all(this.loads.map((load) => load.end().catch(note)));
    await this.everyoneIsBack(30_000).catch(note);
    await until('everything is heard', SETTLING, async () => {
      const stored = await readStored(this.cluster.postgres, conversations);
      return heardWithoutGaps(this.ledger, stored).length === 0;
    }).catch(() => {}); // told by the check
    problems.push(...violationsOf(this.ledger, await readStored(this.cluster.postgres, conversations)));
    return problems;
  }

  /** Everyone goes. */
  leave(): void {
    for (const member of [...this.members, ...this.visitors]) member.leave();
  }

  private makeMember(
    { id, token }: Person,
    dialect: DialectName,
    conversations: readonly Conversation[],
    name: string,
  ): Member {
    const home = { ledger: this.ledger, nodes: this.cluster.nodes, random: this.random };
    return new Member({ id, token }, dialect, conversations, home, name);
  }
}

/** Registers someone, who tries again when a busy machine says that it cannot now. */
export function register(node: Node, options?: PersonOptions): Promise<Person> {
  return until('someone is registered', 30_000, () => Person.register(node, options));
}

async function named(person: Person, id: string): Promise<Conversation> {
  const { body } = await person.rest.get(`/conversations/${id}`).expect(200);
  const { number, slug } = body as { number: number; slug: string | null };
  return { id, number, slug };
}
