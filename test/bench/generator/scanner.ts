/** What a frame is, by its first bytes. */
export const Kind = {
  /** A message that someone else sent: counted. */
  MESSAGE: 0,
  /** That a message of one's own is stored: counted. */
  ACK: 1,
  /** Of no interest. */
  NOISE: 2,
  /** To be looked at. */
  OTHER: 3,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** Tells what a text frame is whose payload begins at `at`; not more than `peek` bytes of it, or all of it, are there. */
export interface Sorter {
  readonly peek: number;
  sort(bytes: Buffer, at: number, size: number): Kind;
}

/** What a scanner finds. */
export interface Findings {
  /** Once a chunk, after it was scanned: how many messages began in it. */
  onMessages(count: number): void;
  onAck(): void;
  /** A whole text frame: one to be looked at, or any that is counted when the scanner keeps texts. */
  onText(kind: Kind, text: string): void;
  onControl(opcode: number): void;
}

/** Bytes before a chunk where the beginning of a frame, left over from the chunk before, is put. */
const SLACK = 256;
const CHUNK = 256 * 1024;
const arena = Buffer.allocUnsafeSlow(SLACK + CHUNK);

/** Where sockets read to, all of them: a chunk is scanned before the next one is read. */
export const chunkBuffer = arena.subarray(SLACK);

const TEXT = 0x1;
const FIRST_CONTROL = 0x8;

/**
 * Counts a server's frames by their headers. Payloads are skipped, not copied: a chunk of a hundred frames costs a hundred
 * looks at a header and at the bytes by which the dialect's frames differ.
 */
export class Scanner {
  /** Whether counted frames are handed on as texts, too. */
  keepsTexts = false;
  bytes = 0;
  /** Bytes of the current frame's payload that are still to come. */
  private left = 0;
  /** Parts of the payload, where it is to be handed on. */
  private parts: Buffer[] | undefined;
  private kind: Kind = Kind.NOISE;
  private carried: Buffer | undefined;

  constructor(
    private readonly sorter: Sorter,
    private readonly findings: Findings,
  ) {}

  /** Scans the first `length` bytes of {@link chunkBuffer}. */
  scan(length: number): void {
    this.bytes += length;
    let start = SLACK;
    if (this.carried) {
      start -= this.carried.length;
      arena.set(this.carried, start);
      this.carried = undefined;
    }
    this.read(start, SLACK + length);
  }

  private read(start: number, end: number): void {
    const { sorter, findings } = this;
    let messages = 0;
    let at = start;
    while (at < end) {
      if (this.left > 0) {
        at = this.skip(at, end);
        continue;
      }
      const rest = end - at;
      if (rest < 2) break;
      let size = arena[at + 1]!;
      let head = 2;
      if (size === 126) {
        if (rest < 4) break;
        size = (arena[at + 2]! << 8) | arena[at + 3]!;
        head = 4;
      } else if (size === 127) {
        if (rest < 10) break;
        size = arena.readUInt32BE(at + 6);
        head = 10;
      }
      if (rest < head + Math.min(size, sorter.peek)) break;
      const opcode = arena[at]! & 0x0f;
      at += head;
      let kind: Kind = Kind.NOISE;
      if (opcode === TEXT) kind = sorter.sort(arena, at, size);
      else if (opcode < FIRST_CONTROL) kind = Kind.OTHER;
      else findings.onControl(opcode);
      if (kind === Kind.MESSAGE) messages++;
      else if (kind === Kind.ACK) findings.onAck();
      if (kind === Kind.OTHER || (this.keepsTexts && kind !== Kind.NOISE)) {
        this.kind = kind;
        this.parts = [];
        this.left = size;
        if (size === 0) this.tell();
      } else if (at + size <= end) {
        at += size;
      } else {
        this.left = at + size - end;
        at = end;
      }
    }
    if (at < end) this.carried = Buffer.from(arena.subarray(at, end));
    if (messages > 0) findings.onMessages(messages);
  }

  private skip(at: number, end: number): number {
    const size = Math.min(this.left, end - at);
    this.parts?.push(Buffer.from(arena.subarray(at, at + size)));
    this.left -= size;
    if (this.left === 0) this.tell();
    return at + size;
  }

  /** Hands the payload on, if it was to be. */
  private tell(): void {
    if (!this.parts) return;
    const text = Buffer.concat(this.parts).toString();
    this.parts = undefined;
    this.findings.onText(this.kind, text);
  }
}
