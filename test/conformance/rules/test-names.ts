import ts from 'typescript';

const BLOCKS = ['describe'];
const TESTS = ['it', 'test'];

/**
 * The full names of the tests in a source text: the titles around a test and its own, joined by ` > `. A title
 * with values in it has its pattern. Tests that are skipped, or to be written, are not among them.
 */
export function testNamesIn(text: string): string[] {
  const source = ts.createSourceFile('tests.ts', text, ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const called = ts.isCallExpression(node) ? titled(node) : undefined;
    if (!called) return ts.forEachChild(node, (child) => visit(child, around));
    if (called.isSkipped) return;
    const path = [...around, called.title];
    if (called.isTest) names.push(path.join(' > '));
    else ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, []);
  return names;
}

interface Titled {
  readonly title: string;
  readonly isTest: boolean;
  readonly isSkipped: boolean;
}

/** A call such as `it('…', …)` or `describe.each([…])('…', …)`. */
function titled({ expression, arguments: [first] }: ts.CallExpression): Titled | undefined {
  const [name, ...modifiers] = namesOf(expression);
  if (!first || (!ts.isStringLiteralLike(first) && !ts.isTemplateExpression(first))) return undefined;
  if (!name || ![...BLOCKS, ...TESTS].includes(name)) return undefined;
  return {
    title: ts.isTemplateExpression(first) ? first.getText().slice(1, -1) : first.text,
    isTest: TESTS.includes(name),
    isSkipped: modifiers.some((modifier) => modifier !== 'each'),
  };
}

/** `describe.each([…])` is `describe` and `each`. */
function namesOf(expression: ts.Expression): string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [...namesOf(expression.expression), expression.name.text];
  if (ts.isCallExpression(expression)) return namesOf(expression.expression);
  return [];
}
