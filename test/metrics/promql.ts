/** What an expression asks for: a metric, and of its labels what. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly { readonly name: string; readonly operator: string; readonly value: string }[];
}

export interface Expression {
  readonly selectors: readonly Selector[];
  /** The labels that are left when it is evaluated, where the outermost aggregation says so. */
  readonly kept: readonly string[] | undefined;
  /** Every label by which anything is grouped or matched. */
  readonly grouping: readonly string[];
}

const TOKEN =
  /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|=~|!~|!=|==|>=|<=|[a-zA-Z_:][\w:]*|\d+(?:\.\d+)?|\[[^\]]*\]|[-+*/%^(){},<>=])/y;

const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count']);
const FUNCTIONS = new Set(['rate', 'increase', 'histogram_quantile', 'avg_over_time', 'max_over_time']);
const GROUPINGS = new Set(['by', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set(['and', 'or', 'unless', 'bool']);

/**
 * Reads as much of PromQL as our dashboards and rules use.
 *
 * @throws for anything else, so that nothing passes unchecked
 */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  let kept: readonly string[] | undefined;
  let depth = 0;
  const next = (expected?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${text}: ${expected ?? 'something'} is expected, not ${token ?? 'the end'}`);
    }
    return token;
  };
  /** What is between brackets, separated by commas. */
  const list = <Item>(open: string, close: string, item: () => Item): Item[] => {
    const items: Item[] = [];
    next(open);
    while (tokens[0] !== close) {
      items.push(item());
      if (tokens[0] !== close) next(',');
    }
    next(close);
    return items;
  };
  const matcher = (): Selector['labels'][number] => {
    const [name, operator, value] = [next(), next(), next()];
    if (!/^(=~?|![=~])$/.test(operator) || !/^["']/.test(value)) throw new Error(`${text}: ${name}${operator}${value}`);
    return { name, operator, value: value.slice(1, -1) };
  };

  while (tokens.length > 0) {
    const token = next();
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (GROUPINGS.has(token)) {
      const labels = list('(', ')', next);
      grouping.push(...labels);
      if (token === 'by' && depth === 0) kept = labels;
    } else if (AGGREGATIONS.has(token)) {
      if (tokens[0] !== '(' && tokens[0] !== 'by') throw new Error(`${text}: ${token} of nothing`);
      if (tokens[0] === '(' && depth === 0) kept ??= [];
    } else if (FUNCTIONS.has(token)) {
      if (tokens[0] !== '(') throw new Error(`${text}: ${token} of nothing`);
      if (token === 'histogram_quantile') kept = undefined;
    } else if (/^[a-zA-Z_:]/.test(token) && !WORDS.has(token)) {
      if (tokens[0] === '(') throw new Error(`${text}: ${token} is not a function that is known here`);
      selectors.push({ metric: token, labels: tokens[0] === '{' ? list('{', '}', matcher) : [] });
      if (tokens[0]?.startsWith('[')) next();
    }
    if (depth < 0) throw new Error(`${text}: too many )`);
  }
  if (depth !== 0) throw new Error(`${text}: too few )`);
  if (text.startsWith('histogram_quantile(')) kept = grouping.filter((label) => label !== 'le');
  return { selectors, kept, grouping };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new Error(`${text}: cannot be read from "${text.slice(start)}" on`);
    tokens.push(token);
  }
  return tokens;
}
