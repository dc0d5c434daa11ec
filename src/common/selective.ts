/**
 * What a global guard, pipe or interceptor may be, to say which gateways' handlers it is for. One that says nothing is
 * thought to be for all of them, and then their frames take the framework's longer way (`realtime/direct-handlers.ts`).
 */
export interface Selective {
  isFor(handler: object, gateway: object): boolean;
}
