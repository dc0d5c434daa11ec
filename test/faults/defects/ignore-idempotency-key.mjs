// The defect: a message is stored without the name under which it may be sent again.
import 'reflect-metadata';
import { MessageWriter } from '../../../dist/messages/message-writer.js';

// oxlint-disable-next-line typescript/unbound-method -- called with its object below
const { write } = MessageWriter.prototype;

MessageWriter.prototype.write = function (draft, ...rest) {
  return write.call(this, { ...draft, clientMessageId: null }, ...rest);
};
