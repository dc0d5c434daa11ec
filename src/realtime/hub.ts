import { Injectable, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { MessagingSettings } from '../config/settings.js';
import { Audience } from './audience.js';
import { Bus } from './bus/bus.js';
import { Certainty } from './certainty.js';
import type { ConversationRef, DomainEvent } from './events.js';
import { Meters } from './meters.js';
import { ChangeLog, ConversationAccess } from './ports.js';
import { Room } from './room.js';
import { Tracer } from './tracer.js';
import { conversationTopic, PRESENCE_TOPIC } from './topics.js';

/** Rooms that are compared with the database in one query. */
const CHUNK = 1_000;

/** The conversations that someone on this node listens to. */
@Injectable()
export class Hub implements OnApplicationBootstrap {
  private readonly rooms = new Map<string, Room>();

  constructor(
    private readonly bus: Bus,
    private readonly log: ChangeLog,
    private readonly access: ConversationAccess,
    private readonly certainty: Certainty,
    private readonly settings: MessagingSettings,
    private readonly meters: Meters,
    @Optional() private readonly tracer?: Tracer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.subscribe(PRESENCE_TOPIC, (event) => this.showToSharers(event));
  }

  /**
   * The rooms of `conversations`, each hearing its conversation from before the answer until it is released.
   * All of them or, when one cannot be opened, none.
   */
  async hold(conversations: readonly ConversationRef[]): Promise<Room[]> {
    const rooms = conversations.map((conversation) => this.rooms.get(conversation.id) ?? this.make(conversation));
    const fresh = rooms.filter((room) => room.holders++ === 0);
    if (fresh.length > 0) {
      const opened = this.open(fresh);
      for (const room of fresh) room.opened = opened;
    }
    try {
      await Promise.all(new Set(rooms.map((room) => room.opened)));
      return rooms;
    } catch (error) {
      for (const room of rooms) this.release(room);
      throw error;
    }
  }

  release(room: Room): void {
    if (--room.holders > 0) return;
    this.rooms.delete(room.conversation.id);
    this.bus.unsubscribe(conversationTopic(room.conversation.id));
  }

  /** Compares every room with the database, and has what it missed filled in. */
  async check(): Promise<void> {
    const rooms = [...this.rooms.values()];
    for (let start = 0; start < rooms.length; start += CHUNK) {
      const some = rooms.slice(start, start + CHUNK);
      const offsets = await this.access.offsets(some.map(({ conversation }) => conversation.id));
      if (!this.certainty.holds) return;
      for (const room of some) room.expect(offsets.get(room.conversation.id) ?? 0);
    }
  }

  [Symbol.iterator](): Iterator<Room> {
    return this.rooms.values();
  }

  /** How many conversations are open. */
  get size(): number {
    return this.rooms.size;
  }

  private make(conversation: ConversationRef): Room {
    const room = new Room(conversation, this.log, this.settings.resumeLimit, this.meters, this.tracer);
    this.rooms.set(conversation.id, room);
    return room;
  }

  /** Listens first and asks for the offsets then, so that nothing falls between. */
  private async open(rooms: readonly Room[]): Promise<void> {
    await Promise.all(
      rooms.map((room) =>
        this.bus.subscribe(conversationTopic(room.conversation.id), (event) => {
          if (this.certainty.holds) room.receive(event); // else it is found again when the room is checked
        }),
      ),
    );
    const offsets = await this.access.offsets(rooms.map(({ conversation }) => conversation.id));
    for (const room of rooms) room.open(offsets.get(room.conversation.id) ?? 0);
  }

  private showToSharers(event: DomainEvent): void {
    if (event.type !== 'presence.changed') return;
    const rooms = event.conversationIds.map((id) => this.rooms.get(id)).filter((room) => room !== undefined);
    Audience.showOnce(
      rooms.map(({ audience }) => audience),
      event,
    );
  }
}
