import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { Bus } from '../bus/bus.js';
import { Cluster, type Question, Roster, type Survey } from '../ports.js';
import type { InquiryAnswered, InquiryAsked } from './messages.js';
import { Nodes } from './nodes.js';
import { ThisNode } from './this-node.js';

/** Milliseconds that the others have to answer; who does not is busy beyond measure, cut off, or about to be forgotten. */
const PATIENCE = 2_000;

type Handler = (of: unknown) => unknown;

/** A question to the other nodes, until all have answered. */
interface Inquiry {
  readonly waitingFor: Set<string>;
  readonly answers: Map<string, unknown>;
  readonly end: () => void;
}

/** Asks every node something, and answers what others ask. */
@Injectable()
export class Inquiries extends Cluster {
  private readonly logger = new Logger(Inquiries.name);
  private readonly handlers = new Map<string, Handler>();
  private readonly inquiries = new Map<string, Inquiry>();

  constructor(
    private readonly bus: Bus,
    private readonly nodes: Nodes,
    private readonly roster: Roster,
    private readonly node: ThisNode,
  ) {
    super();
    nodes.on('inquiry.asked', (asked) => void this.answer(asked));
    nodes.on('inquiry.answered', (answered) => this.note(answered));
  }

  get thisNode(): string {
    return this.node.id;
  }

  get isWhole(): boolean {
    return this.bus.isWhole;
  }

  onQuestion<Of, Answer>({ name }: Question<Of, Answer>, answer: (of: Of) => Answer | Promise<Answer>): void {
    this.handlers.set(name, answer as Handler);
  }

  async ask<Of, Answer>(question: Question<Of, Answer>, of: Of): Promise<Survey<Answer>> {
    const [own, { answers, waitingFor }] = await Promise.all([
      this.answerHere(question.name, of),
      this.askOthers(question.name, of),
    ]);
    answers.set(this.node.id, own);
    return { answers: answers as Map<string, Answer>, silent: [...waitingFor].toSorted() };
  }

  private async askOthers(name: string, of: unknown): Promise<Pick<Inquiry, 'answers' | 'waitingFor'>> {
    const waitingFor = new Set(this.roster.others);
    const answers = new Map<string, unknown>();
    if (waitingFor.size === 0 || !this.bus.isWhole) return { answers, waitingFor };
    const id = newId();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.inquiries.set(id, { waitingFor, answers, end });
      this.nodes.tell({ type: 'inquiry.asked', node: this.node.id, id, name, of });
    });
    this.inquiries.delete(id);
    return { answers, waitingFor };
  }

  private note({ id, node, answer }: InquiryAnswered): void {
    const inquiry = this.inquiries.get(id);
    if (!inquiry?.waitingFor.delete(node)) return;
    inquiry.answers.set(node, answer);
    if (inquiry.waitingFor.size === 0) inquiry.end();
  }

  /** Who cannot answer says nothing: whoever asked is told that this node did not. */
  private async answer({ id, name, of }: InquiryAsked): Promise<void> {
    try {
      const answer = await this.answerHere(name, of);
      this.nodes.tell({ type: 'inquiry.answered', node: this.node.id, id, answer });
    } catch (error) {
      this.logger.warn(`${name}, which another node asks, cannot be answered: ${(error as Error).message}`);
    }
  }

  private async answerHere(name: string, of: unknown): Promise<unknown> {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error('it is not known here');
    return handler(of);
  }
}
