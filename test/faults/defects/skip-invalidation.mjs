// The defect: the first connection that is to hear of a removal does not.
import 'reflect-metadata';
import { Standing } from '../../../dist/realtime/standing.js';

// oxlint-disable-next-line typescript/unbound-method -- called with its object below
const { apply } = Standing.prototype;
let isSkipped = false;

Standing.prototype.apply = function (event, connection) {
  if (event.type !== 'participant.removed' || isSkipped) return apply.call(this, event, connection);
  isSkipped = true;
};
