import { acknowledgement, isAcknowledged, type Ledger, type Line, type Listener, type Stream } from './ledger.js';
import type { StoredConversation, StoredMessage } from './stored.js';

/** What a check finds wrong, one sentence each; nothing, where all is as promised. */
export type Check = (ledger: Ledger, stored: readonly StoredConversation[]) => string[];

/** Milliseconds after it was answered that someone may not hear a conversation, in which a message may still slip through. */
const REVOCATION_GRACE = 1_000;

/** Nothing acknowledged is lost, and what was acknowledged is what is stored. */
export const acknowledgedIsStored: Check = ({ sent }, stored) => {
  const messages = byContent(stored);
  return [...sent.values()].filter(isAcknowledged).flatMap((message) => {
    const [found] = messages.get(message.content) ?? messages.get(message.edit?.content ?? '') ?? [];
    if (!found) return [`acknowledged and lost: ${message.content}`];
    return message.attempts.flatMap(({ answer }) => {
      if (answer.kind !== 'acknowledged') return [];
      const { messageId, offset } = answer;
      const isSame = messageId === found.id || messageId === found.number;
      const isThere = offset === undefined || offset === found.createdOffset || offset === found.changeOffset;
      return isSame && isThere ? [] : [`acknowledged as another than is stored: ${message.content}`];
    });
  });
};

/** Nothing is stored twice, neither under one client message id nor under two. */
export const storedOnce: Check = (_, stored) => {
  const named = groupBy(
    stored.flatMap(({ messages }) => messages).filter(({ clientMessageId }) => clientMessageId !== null),
    ({ senderId, clientMessageId }) => `${senderId} ${clientMessageId}`,
  );
  return [...byContent(stored), ...named]
    .filter(([, { length }]) => length > 1)
    .map(([name]) => `stored twice: ${name}`);
};

/** Nothing is stored that was not sent, or by another than sent it. */
export const storedWasSent: Check = ({ sent }, stored) =>
  stored.flatMap(({ messages }) =>
    messages
      .filter(({ content, senderId }) => sent.get(content)?.senderId !== senderId)
      .map(({ content }) => `stored and never sent: ${content}`),
  );

/** Numbers and offsets go 1, 2, 3 … without a gap. */
export const numberedWithoutGaps: Check = (_, stored) =>
  stored.flatMap(({ id, lastSeq, lastOffset, messages }) => {
    const offsets = new Set(messages.flatMap(({ createdOffset, changeOffset }) => [createdOffset, changeOffset]));
    const problems: string[] = [];
    if (messages.some(({ seq }, index) => seq !== index + 1) || lastSeq !== messages.length) {
      problems.push(`a gap in the numbers of ${id}`);
    }
    const isWhole = offsets.size === lastOffset && [...offsets].every((offset) => offset >= 1 && offset <= lastOffset);
    if (!isWhole) problems.push(`a gap in the offsets of ${id}`);
    return problems;
  });

/** Nothing is heard that was not sent there. */
export const heardWasSent: Check = ({ sent, listeners, strays }) => {
  const problems = strays.map((stray) => `heard of a conversation of others: ${stray}`);
  for (const { listener, stream } of streamsOf(listeners)) {
    for (const { content } of [...stream.before, ...stream.after]) {
      if (sent.get(content)?.conversation.id === stream.conversation.id) continue;
      problems.push(`${listener.name} heard what nobody sent: ${content}`);
    }
  }
  return problems;
};

/** Nothing is heard twice on one connection. */
export const heardOnce: Check = ({ listeners }) =>
  streamsOf(listeners).flatMap(({ listener, stream }) => {
    const offsets = new Set<number>();
    return [...stream.before, ...stream.after]
      .filter(({ offset }) => offsets.size === offsets.add(offset).size)
      .map(({ offset }) => `${listener.name} heard offset ${offset} twice on one connection`);
  });

/** One order for all: every connection hears by rising offsets, and at each offset what the database has there. */
export const heardInOrder: Check = ({ listeners }, stored) => {
  const places = new Map(stored.map((conversation) => [conversation.id, placesOf(conversation)]));
  return streamsOf(listeners).flatMap(({ listener, stream }) => {
    const problems: string[] = [];
    for (const part of [stream.before, stream.after]) {
      for (const [index, { offset }] of part.entries()) {
        if (index > 0 && offset <= part[index - 1]!.offset) problems.push(`${listener.name} heard ${offset} late`);
      }
    }
    for (const { offset, content } of [...stream.before, ...stream.after]) {
      const message = places.get(stream.conversation.id)?.get(offset);
      // At the offset at which a message was sent that was changed since, its first text was heard: only the last is stored.
      const isRight = message && (message.changeOffset !== offset || message.content === content);
      if (!isRight) problems.push(`${listener.name} heard at ${offset} what is not stored there: ${content}`);
    }
    return problems;
  });
};

/** Every connection hears every change of its time: from where it went on to the last that it heard, nothing is missing. */
export const heardWithoutGaps: Check = ({ listeners }, stored) => {
  const conversations = new Map(stored.map((conversation) => [conversation.id, conversation]));
  return streamsOf(listeners).flatMap(({ listener, line, stream }) => {
    const { entered, since } = stream;
    const conversation = conversations.get(stream.conversation.id);
    if (!conversation) return [];
    if (!entered)
      return isCurrent(line, listener, stream) ? [`${listener.name} was never let in to ${conversation.id}`] : [];
    if (!entered.recovered) return [`${listener.name} could not go on from ${since}`];
    const heard = new Set([...stream.before, ...stream.after].map(({ offset }) => offset));
    // Before all of the past was shown, what was heard unasked may be far ahead: the end is then that of the past.
    const last = isCurrent(line, listener, stream) ? conversation.lastOffset : (stream.after.at(-1)?.offset ?? since);
    return missing(conversation, listener, since, last, heard).map(
      (offset) => `${listener.name} missed ${offset} of ${conversation.id} on ${line.node} (${describe(stream)})`,
    );
  });
};

/** Who may not hear a conversation hears nothing of what was sent later than a second after that was answered. */
export const heardByThoseWhoMay: Check = ({ sent, listeners }) =>
  streamsOf(listeners).flatMap(({ listener, stream }) => {
    const revokedAt = listener.revocations.get(stream.conversation.id);
    if (revokedAt === undefined) return [];
    return [...stream.before, ...stream.after]
      .filter(({ content }) => (sent.get(content)?.at ?? 0) > revokedAt + (revokedAt && REVOCATION_GRACE))
      .map(({ content }) => `${listener.name} heard what it may not: ${content}`);
  });

export const CHECKS: readonly Check[] = [
  acknowledgedIsStored,
  storedOnce,
  storedWasSent,
  numberedWithoutGaps,
  heardWasSent,
  heardOnce,
  heardInOrder,
  heardWithoutGaps,
  heardByThoseWhoMay,
];

/**
 * What was heard later than `most` milliseconds after it was acknowledged, by connections that were there all the time.
 *
 * @param from, to the acknowledgements that count, in milliseconds of the test's clock
 * @param where whether to look at the node where it was sent, or at the others
 */
export function heardLate(
  { sent, listeners }: Ledger,
  { from, to, most, where }: { from: number; to: number; most: number; where: 'here' | 'elsewhere' },
): string[] {
  return streamsOf(listeners).flatMap(({ listener, line, stream }) =>
    stream.after.flatMap(({ content, at }) => {
      const message = sent.get(content);
      const told = message && acknowledgement(message);
      if (!told || told.until < from || told.until > to) return [];
      if ((told.node === line.node) !== (where === 'here')) return [];
      const took = Math.round(at - told.until);
      return took > most ? [`${listener.name} heard ${content} after ${took} ms, not ${most}`] : [];
    }),
  );
}

/** Everything that is not as promised. */
export function violationsOf(ledger: Ledger, stored: readonly StoredConversation[]): string[] {
  return CHECKS.flatMap((check) => check(ledger, stored));
}

/** Whether it is still to hear everything. */
function isCurrent(line: Line, listener: Listener, stream: Stream): boolean {
  return line.isOpen && !listener.revocations.has(stream.conversation.id);
}

function missing(
  { messages }: StoredConversation,
  listener: Listener,
  since: number,
  last: number,
  heard: ReadonlySet<number>,
): number[] {
  return messages.flatMap(({ senderId, createdOffset, changeOffset }) => {
    if (!listener.hearsOwn && senderId === listener.userId) return [];
    const due = [createdOffset, changeOffset].filter(
      (offset, index, both) => offset > since && offset <= last && both.indexOf(offset) === index && !heard.has(offset),
    );
    // What was changed since may come once, in its last form.
    return due.filter((offset) => !(offset === createdOffset && changeOffset > offset && heard.has(changeOffset)));
  });
}

function streamsOf(listeners: readonly Listener[]): { listener: Listener; line: Line; stream: Stream }[] {
  return listeners.flatMap((listener) =>
    listener.lines.flatMap((line) => Array.from(line.streams.values(), (stream) => ({ listener, line, stream }))),
  );
}

function placesOf({ messages }: StoredConversation): Map<number, StoredMessage> {
  return new Map(
    messages.flatMap((message) => [
      [message.createdOffset, message] as const,
      [message.changeOffset, message] as const,
    ]),
  );
}

function byContent(stored: readonly StoredConversation[]): Map<string, StoredMessage[]> {
  return groupBy(
    stored.flatMap(({ messages }) => messages),
    ({ content }) => content,
  );
}

function groupBy<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}

function describe({ since, entered, before, after }: Stream): string {
  const span = (heard: Stream['after']): string => `${heard[0]?.offset ?? '-'}…${heard.at(-1)?.offset ?? '-'}`;
  return `since ${since}, entered at ${entered?.offset}, heard ${span(before)} before and ${span(after)} after`;
}
