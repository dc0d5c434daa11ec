import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channels } from '../../src/dialects/channels/channels.presenter.js';
import { dashboard } from '../../src/dialects/dashboard/dashboard.presenter.js';
import { flat } from '../../src/dialects/flat/flat.presenter.js';
import { descriptionOf } from '../../src/dialects/frame.js';
import { pets } from '../../src/dialects/pets/pets.presenter.js';
import { socketio } from '../../src/dialects/socketio/socketio.presenter.js';
import { tribe } from '../../src/dialects/tribe/tribe.presenter.js';
import { expectGenerated } from '../support/generated.js';
import { rules as channelsRules } from './rules/channels.js';
import { rules as contractRules } from './rules/contract.js';
import { rules as flatRules } from './rules/flat-and-dashboard.js';
import { rules as petsRules } from './rules/pets.js';
import { type DocumentRules, type Omission, type Proof, rowsOf } from './rules/rule.js';
import { rules as socketioRules } from './rules/socketio.js';
import { testNamesIn } from './rules/test-names.js';
import { rules as tribeRules } from './rules/tribe.js';

const DOCUMENTS = [flatRules, tribeRules, channelsRules, socketioRules, petsRules, contractRules];
const DIALECTS = [flat, dashboard, tribe, channels, socketio, pets];

describe.each(DOCUMENTS)('$document', (document) => {
  it('has a test for each of its rules and examples', () => {
    const rows = rowsOf(document);
    expect(rows.filter(({ proof }) => testsOf(proof).length !== 1)).toEqual([]);
  });

  it('has each of its rules and examples once', () => {
    const names = rowsOf(document).map(({ section, rule }) => `${section}: ${rule}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('prints what clients get with the keys that are published of it', () => {
    const got = framesOf(document, 'out');
    expect(got.map(({ json }) => keysOf(json))).toEqual(got.map(({ published }) => keysOf(published)));
  });

  it('prints what clients send under a name that is handled, with the keys that are published of it', () => {
    const sent = framesOf(document, 'in').map(({ json, published }) => [keysOf(published), keysOf(json)] as const);
    expect(sent.flatMap(([published, printed]) => published.filter((key) => !printed.includes(key)))).toEqual([]);
  });
});

describe('the tests of a file', () => {
  it('are known by their titles and those around them, unless they are skipped', () => {
    const text = `describe.each([1])('a %s', () => {
      it('b', () => {});
      it.each([2])('c %j', () => {});
      it(\`d \${x}\`, () => {}, 1);
      it.skip('e', () => {});
      it.todo('f');
      describe.skip('g', () => { it('h', () => {}); });
    });`;
    expect(testNamesIn(text)).toEqual(['a %s > b', 'a %s > c %j', 'a %s > d ${x}']);
  });
});

describe('docs/conformance.md', () => {
  it('is the table of all rules', async () => {
    await expectGenerated('docs/conformance.md', 'rules', DOCUMENTS.map(toSection).join('\n\n'));
  });

  it('says what has no row, and why', async () => {
    await expectGenerated(
      'docs/conformance.md',
      'omitted',
      toList(({ omitted }) => omitted),
    );
    await expectGenerated(
      'docs/conformance.md',
      'unserved',
      toList(({ unserved }) => unserved),
    );
  });
});

const namesIn = new Map<string, string[]>();

/** The tests that a proof may mean: there should be one. */
function testsOf({ file, title }: Proof): string[] {
  const names = namesIn.get(file) ?? testNamesIn(readFileSync(file, 'utf8'));
  namesIn.set(file, names);
  return names.filter((name) => name === title || name.endsWith(` > ${title}`));
}

interface PrintedFrame {
  readonly json: unknown;
  /** The example of it in the documents that are made from the code, whose schema is checked to allow that. */
  readonly published: object;
}

/** The frames that a document prints, of those that clients send or get. */
function framesOf({ examples }: DocumentRules, way: 'in' | 'out'): PrintedFrame[] {
  return examples.flatMap(({ frame, json }) => {
    const [direction, dialect, name] = frame ?? [];
    if (direction !== way || name === undefined) return [];
    const type = DIALECTS.find((candidate) => candidate.name === dialect)?.frames[way][name];
    if (!type) throw new Error(`${dialect} has no frame ${name}`);
    return [{ json, published: descriptionOf(type).example }];
  });
}

/** Every key, with those in which it lies; a list is as its first element. */
function keysOf(json: unknown, around = ''): string[] {
  if (Array.isArray(json)) return keysOf(json[0], `${around}[]`);
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json)
    .flatMap(([key, value]) => [`${around}.${key}`, ...keysOf(value, `${around}.${key}`)])
    .toSorted();
}

function toSection(document: DocumentRules): string {
  const rows = rowsOf(document).map(({ section, rule, proof }) => [
    section,
    rule,
    `[${proof.title}](../${proof.file})`,
  ]);
  return [
    `### ${document.title}`,
    '',
    toTable([['section', 'rule', 'proved by'], ['---', '---', '---'], ...rows]),
  ].join('\n');
}

function toList(pick: (document: DocumentRules) => readonly Omission[]): string {
  return DOCUMENTS.flatMap((document) =>
    pick(document).map(({ section, reason }) => `- ${document.document}, ${section}: ${reason}`),
  ).join('\n');
}

function toTable(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.map(escape).join(' | ')} |`).join('\n');
}

/** A text as it is, in a table of Markdown. */
function escape(text: string): string {
  return text.replace(/[|<>*]/g, String.raw`\$&`);
}
