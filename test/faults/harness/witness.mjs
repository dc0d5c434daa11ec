// Runs inside a node before everything else (`node --import`), and says, when it is asked by SIGUSR2, what the node holds.
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');
const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
const timers = new Set();

globalThis.setTimeout = Object.assign((callback, delay, ...args) => {
  const timer = setTimeout(() => {
    timers.delete(timer);
    callback(...args);
  }, delay);
  timers.add(timer);
  return timer;
}, setTimeout);
globalThis.setInterval = (...args) => {
  const timer = setInterval(...args);
  timers.add(timer);
  return timer;
};
globalThis.clearTimeout = globalThis.clearInterval = (timer) => {
  timers.delete(timer);
  clearTimeout(timer);
  clearInterval(timer);
};

process.on('SIGUSR2', () => {
  collectGarbage();
  const { heapUsed } = process.memoryUsage();
  process.stdout.write(`witness ${JSON.stringify({ timers: timers.size, heap: heapUsed })}\n`);
});
