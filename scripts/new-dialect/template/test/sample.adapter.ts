import type { ClientAdapter, Socket } from 'parlance/testing';

/** What the conformance kit must be told of `sample`. */
export const sampleAdapter: ClientAdapter<Socket> = {
  dialect: 'sample',
  entersUnasked: true,
  hearsOwn: true,
  nonsense: ['not JSON', '[]', '{}', '{"type":"dance"}', '{"type":"say"}'].map(
    (text) => (socket: Socket) => socket.send(text),
  ),
  open: (person) => person.speak('sample', '/sample', { fence: (type) => ({ type }) }),
  async say(socket, { id }, text) {
    socket.send({ type: 'say', conversation: id, text });
    await socket.expectFrame({ type: 'stored', conversation: id });
  },
  heardIn: ({ type, text }) => (type === 'said' ? `new ${text}` : undefined),
  refusalIn: ({ type, message }) => (type === 'error' ? message : undefined),
};
