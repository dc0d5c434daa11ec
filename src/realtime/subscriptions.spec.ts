import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../common/principal.js';
import type { MessagingSettings } from '../config/settings.js';
import type { Dialect } from '../dialects/dialect.js';
import { MemoryBus } from './bus/memory.bus.js';
import { Certainty } from './certainty.js';
import type { ConversationRef, MessageCreated } from './events.js';
import { parseExtensions } from './extensions.js';
import { Hub } from './hub.js';
import type { Listener } from './listener.js';
import { Meters } from './meters.js';
import { ChangeLog, ConversationAccess } from './ports.js';
import { Subscriptions } from './subscriptions.js';
import { conversationTopic } from './topics.js';
import { Voice } from './voice.js';

const TALK: ConversationRef = { id: 'c', number: 1, kind: 'group', slug: null };

/** Answers as the database had it when it was asked, but only when it is let. */
class SlowAccess extends ConversationAccess {
  takesPartNow = true;
  private letAnswer: () => void = () => {};
  gate: Promise<void> = Promise.resolve();

  hold(): void {
    this.gate = new Promise((resolve) => (this.letAnswer = resolve));
  }

  answer(): void {
    this.letAnswer();
  }

  async locate(): Promise<ConversationRef> {
    return TALK;
  }

  async admit(): Promise<ConversationRef> {
    if (!(await this.takesPart())) throw new Error('not found');
    return TALK;
  }

  admitOrCreateChannel(): Promise<ConversationRef> {
    return this.admit();
  }

  async takesPart(): Promise<boolean> {
    const asked = this.takesPartNow;
    await this.gate;
    return asked;
  }

  async memberships(): Promise<ConversationRef[]> {
    return (await this.takesPart()) ? [TALK] : [];
  }

  async offsets(): Promise<Map<string, number>> {
    return new Map();
  }
}

class NoChanges extends ChangeLog {
  async since(): Promise<[]> {
    return [];
  }

  async newest(): Promise<number> {
    return 0;
  }
}

describe.each(['entered', 'ignored'] as const)('Subscriptions, where memberships are %s', (memberships) => {
  let access: SlowAccess;
  let bus: MemoryBus;
  let heard: number;
  let subscriptions: Subscriptions;
  beforeEach(() => {
    access = new SlowAccess();
    bus = new MemoryBus();
    heard = 0;
    const dialect = { name: memberships, memberships, present: () => ({ frame: () => ({}) }) };
    const listener: Listener = {
      voice: Voice.of(dialect as unknown as Dialect, parseExtensions(null)),
      principal: { id: 'u' } as Principal,
      isEnded: false,
      hear: () => heard++,
      show: () => heard++,
      drained: () => Promise.resolve(),
      close: () => {},
    };
    const hub = new Hub(
      bus,
      new NoChanges(),
      access,
      new Certainty(bus),
      { resumeLimit: 10 } as MessagingSettings,
      new Meters(),
    );
    subscriptions = new Subscriptions(listener, hub, access);
  });

  const begin = (): Promise<unknown> =>
    memberships === 'entered' ? subscriptions.followMemberships() : subscriptions.enter('c', () => {});

  const say = (): void => {
    const message = { type: 'message.created', conversation: TALK, offset: 1, origin: null };
    bus.publish(conversationTopic('c'), message as unknown as MessageCreated);
  };

  it('hears what it has entered, and nothing once it has left', async () => {
    await begin();
    say();
    expect(heard).toBe(1);
    expect(subscriptions.leave('c')).toBe(true);
    say();
    expect(heard).toBe(1);
  });

  it('does not hear a conversation from which its user is removed while the database is asked', async () => {
    access.hold();
    const beginning = begin().catch(() => {});
    access.takesPartNow = false;
    subscriptions.revoke('c');
    access.answer();
    await beginning;
    say();
    expect(heard).toBe(0);
    expect(subscriptions.hears('c')).toBe(false);
  });

  it('does not follow a conversation of which it is told late, after its user was removed again', async () => {
    access.takesPartNow = false;
    subscriptions.revoke('c');
    await subscriptions.follow(TALK, 0);
    say();
    expect(heard).toBe(0);
  });
});
