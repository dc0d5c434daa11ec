import type { ClientAdapter, Socket } from 'parlance/testing';

/** What the conformance kit must be told of `lines`. A frame is a line. */
export const lines: ClientAdapter<Socket, string> = {
  dialect: 'lines',
  entersUnasked: false,
  hearsOwn: true,
  nonsense: ['', 'DANCE', 'JOIN', 'JOIN general twice', 'SAY', 'SAY general', '{}'].map(
    (line) => (socket: Socket) => socket.send(line),
  ),
  open: (person) => person.speak('lines', '/lines?ext=resume', { read: (line) => line }),
  enter: (socket, { id }, since) => socket.send(since === undefined ? `JOIN ${id}` : `JOIN ${id} ${since}`),
  async say(socket, { id }, text) {
    socket.send(`SAY ${id} ${text}`);
    await socket.expectFrame(/^OK /);
  },
  heardIn(line) {
    const [, text] = /^SAID \S+ \d+ \S+ (.*)$/.exec(line) ?? [];
    return text === undefined ? undefined : `new ${text}`;
  },
  offsetIn: (line) => Number(line.split(' ')[2]),
  refusalIn: (line) => /^ERROR (.+)$/.exec(line)?.[1],
};
