import type { Scenario } from '../harness/stage.js';

/** Conversations: more than there are events between two that a test loses. */
const GROUPS = 110;

/** One message in each of many conversations, after which nothing follows by which its loss would be noticed. */
export const lastWords: Scenario = {
  title: 'what is said last in a conversation is heard on all nodes, though nothing follows it',
  async play(stage) {
    const { first } = stage.cluster;
    const scene = await stage.scene({ groups: GROUPS, each: 1 });
    const [speaker] = scene.on(first);
    for (const [index, conversation] of scene.conversations.entries()) {
      await scene.say(speaker!, conversation, `${stage.random.seed}/last/${index}`);
    }
    await stage.finish(scene);
  },
};
