import { Equals, IsOptional, IsString } from 'class-validator';
import { type ConversationName, Describe, type Frames, IsConversationName, IsOffset, OfExtension } from 'parlance';

// Each frame is a line: the values of its keys, in this order, with a space between each and the next.

@Describe('Hear a conversation; with `resume` from an offset on.', { event: 'JOIN', conversation: 'general' })
export class JoinFrame {
  @Equals('JOIN') event: 'JOIN';
  @IsConversationName() conversation: ConversationName;
  @OfExtension('resume') @IsOptional() @IsOffset() since?: number;
}

@Describe('Say something.', { event: 'SAY', conversation: 'general', text: 'hello' })
export class SayFrame {
  @Equals('SAY') event: 'SAY';
  @IsConversationName() conversation: ConversationName;
  @IsString() text: string;
}

@Describe('It is heard from now on.', { event: 'JOINED', conversation: 'general' })
export class JoinedFrame {
  @Equals('JOINED') event: 'JOINED';
  @IsString() conversation: string;
  @OfExtension('resume') @IsOffset() offset?: number;
}

@Describe('What was said is stored, as that number of its conversation.', {
  event: 'OK',
  conversation: 'general',
  seq: 7,
})
export class OkFrame {
  @Equals('OK') event: 'OK';
  @IsString() conversation: string;
  @IsOffset() seq: number;
}

@Describe('Someone said something.', { event: 'SAID', conversation: 'general', sender: 'ann', text: 'hello' })
export class SaidFrame {
  @Equals('SAID') event: 'SAID';
  @IsString() conversation: string;
  @OfExtension('resume') @IsOffset() offset?: number;
  @IsString() sender: string;
  @IsString() text: string;
}

@Describe('Someone asks everyone.', { event: 'POLL', conversation: 'general', question: 'Tea or coffee?' })
export class PollFrame {
  @Equals('POLL') event: 'POLL';
  @IsString() conversation: string;
  @IsString() question: string;
}

@Describe('What was sent is refused.', { event: 'ERROR', reason: 'Conversation not found' })
export class ErrorFrame {
  @Equals('ERROR') event: 'ERROR';
  @IsString() reason: string;
}

export const frames: Frames = {
  about: 'Lines of text, for those who type them by hand.',
  in: { JOIN: JoinFrame, SAY: SayFrame },
  out: { JOINED: JoinedFrame, OK: OkFrame, SAID: SaidFrame, POLL: PollFrame, ERROR: ErrorFrame },
};
