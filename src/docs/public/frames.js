import { keysOf } from './keys.js';

const EXTENSION = 'x-parlance-extension';

/** A new element. Text among the children stays text. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const byId = (id) => document.getElementById(id);
const heading = (text) => element('h3', { textContent: text });
const code = (text) => element('code', { textContent: text });

/** The page of an AsyncAPI 3 document. */
class Page {
  constructor(document) {
    this.document = document;
  }

  /** Shows the channel that the address names, or the first. */
  show() {
    const names = Object.keys(this.document.channels);
    const asked = decodeURIComponent(location.hash.slice(1));
    const shown = names.includes(asked) ? asked : names[0];
    const links = names.map((name) => {
      const link = element('a', { href: `#${name}`, textContent: name });
      if (name === shown) link.setAttribute('aria-current', 'page');
      return link;
    });
    byId('dialects').replaceChildren(...links);
    byId('dialect').replaceChildren(...this.describe(shown));
  }

  describe(name) {
    const channel = this.document.channels[name];
    return [
      element('h2', { textContent: name }),
      element('p', { textContent: channel.description }),
      this.connecting(name, channel),
      ...this.operation(`${name}.receive`, 'Clients send'),
      ...this.operation(`${name}.send`, 'Clients get'),
    ];
  }

  connecting(name, channel) {
    const { protocol } = this.resolve(channel.servers[0]);
    const security = this.document.operations[`${name}.send`].security ?? [];
    const { properties } = channel.bindings.ws.query;
    const rows = [
      ['Address', code(`${protocol}://${location.host}${channel.address}`)],
      [
        'Signs in by',
        security.length > 0 ? list(security.map((scheme) => credential(this.resolve(scheme)))) : 'nothing',
      ],
      ['Query', list(Object.keys(properties).map(code))],
      ['Document', element('a', { href: `/docs/asyncapi/${name}.json`, textContent: 'AsyncAPI 3' })],
    ];
    const cells = rows.flatMap(([term, ...what]) => [element('dt', {}, term), element('dd', {}, ...what.flat())]);
    return element('dl', { className: 'connect' }, ...cells);
  }

  operation(key, title) {
    const operation = this.document.operations[key];
    if (!operation) return [];
    const messages = operation.messages.map((reference) => this.message(this.resolve(this.resolve(reference))));
    return [element('section', {}, heading(title), ...messages)];
  }

  message({ name, summary, payload, examples, [EXTENSION]: extension }) {
    const caption = element(
      'summary',
      {},
      element('strong', {}, name),
      element('span', { className: 'quiet' }, summary),
    );
    if (extension) caption.append(element('span', { className: 'badge', textContent: `ext=${extension}` }));
    const isText = payload.type === 'string';
    const body = element('div', { className: 'frame' }, isText ? 'A line of text.' : this.keys(payload));
    for (const example of examples)
      body.append(element('pre', {}, isText ? example.payload : JSON.stringify(example.payload, null, 2)));
    return element('details', {}, caption, body);
  }

  keys(payload) {
    const rows = keysOf(payload, (reference) => this.resolve(reference)).map(({ path, says }) =>
      element('tr', {}, element('td', {}, code(path)), element('td', {}, says)),
    );
    if (rows.length === 0) return element('p', { className: 'quiet', textContent: 'It has no keys.' });
    const head = element('tr', {}, ...['Key', 'Is'].map((text) => element('th', { textContent: text })));
    return element('table', {}, head, ...rows);
  }

  resolve({ $ref }) {
    return $ref
      .slice(2)
      .split('/')
      .reduce((place, key) => place[key], this.document);
  }
}

function credential({ type, scheme, name, in: place }) {
  return type === 'http' ? `Authorization: ${scheme}` : `${name} (${place})`;
}

/** With a comma between each and the next. */
function list(items) {
  return items.flatMap((item, index) => (index === 0 ? [item] : [', ', item]));
}

try {
  const response = await fetch('/docs/asyncapi.json');
  if (!response.ok) throw new Error(`The document cannot be read (${response.status}).`);
  const page = new Page(await response.json());
  window.addEventListener('hashchange', () => page.show());
  page.show();
} catch (error) {
  Object.assign(byId('error'), { textContent: error.message, hidden: false });
}
