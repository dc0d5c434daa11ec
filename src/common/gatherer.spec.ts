import { describe, expect, it } from 'vitest';
import { Gatherer } from './gatherer.js';

/** A gatherer whose queries are answered one by one, by hand, with the double of each number. */
function setUp() {
  const queries: { questions: readonly number[]; settle: (error?: Error) => void }[] = [];
  const begun: (() => void)[] = [];
  const gatherer = new Gatherer<number, number>(
    (questions) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => (error ? reject(error) : resolve(questions.map((one) => one * 2)));
        queries.push({ questions, settle });
        begun.shift()?.();
      }),
  );
  const begins = (): Promise<void> => new Promise((resolve) => begun.push(resolve));
  return { gatherer, queries, begins };
}

describe('Gatherer', () => {
  it('asks what one turn brings in one query, and answers each in its turn', async () => {
    const { gatherer, queries, begins } = setUp();
    const begun = begins();
    const answers = Promise.all([1, 2, 3].map((one) => gatherer.get(one)));
    await begun;
    queries[0]!.settle();
    expect(await answers).toEqual([2, 4, 6]);
    expect(queries.map(({ questions }) => questions)).toEqual([[1, 2, 3]]);
  });

  it('answers a question by no query that had begun before it', async () => {
    const { gatherer, queries, begins } = setUp();
    const first = begins();
    const early = gatherer.get(1);
    await first;
    const late = [gatherer.get(1), gatherer.get(2)];
    expect(queries).toHaveLength(1);
    const second = begins();
    queries[0]!.settle();
    await early;
    await second;
    queries[1]!.settle();
    expect(await Promise.all(late)).toEqual([2, 4]);
    expect(queries.map(({ questions }) => questions)).toEqual([[1], [1, 2]]);
  });

  it('fails those of a query that fails, and nobody else', async () => {
    const { gatherer, queries, begins } = setUp();
    const first = begins();
    const failing = gatherer.get(1).catch((error: Error) => error.message);
    await first;
    const second = begins();
    const next = gatherer.get(2);
    queries[0]!.settle(new Error('away'));
    expect(await failing).toBe('away');
    await second;
    queries[1]!.settle();
    expect(await next).toBe(4);
  });

  it('asks many in more than one query', async () => {
    const { gatherer, queries, begins } = setUp();
    const numbers = Array.from({ length: 501 }, (_, index) => index);
    const first = begins();
    const answers = Promise.all(numbers.map((one) => gatherer.get(one)));
    await first;
    const second = begins();
    queries[0]!.settle();
    await second;
    queries[1]!.settle();
    expect(await answers).toEqual(numbers.map((one) => one * 2));
    expect(queries.map(({ questions }) => questions.length)).toEqual([500, 1]);
  });
});
