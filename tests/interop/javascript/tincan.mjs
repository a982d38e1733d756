// A vendor's session with TinCanJS, by its callbacks; what came back as JSON.

import { FILE, answers, described, walk } from "./steps.mjs";

/** Walk through it. `settings`: endpoint, username, password, version (1.0.2 at most, says the client), run. */
export async function journey(TinCan, settings) {
  const { endpoint, username, password, version, run } = settings;
  const lrs = new TinCan.LRS({ endpoint, username, password, version, allowFail: false });
  const [batch, last] = [answers(run), (list) => list[list.length - 1]];
  const statements = batch.map((statement) => new TinCan.Statement(statement));
  const [agent, activity] = [statements[0].actor, new TinCan.Activity({ id: batch[0].object.id })];

  /** `call(method, …arguments, settings)`, its callback's answer as `{ error, value }`. */
  const call = (method, ...given) =>
    new Promise((done) => {
      const callback = (error, value) => done({ error, value });
      lrs[method](...given.slice(0, -1), { ...last(given), callback });
    });
  const ask = async (...given) => {
    const { error, value } = await call(...given);
    if (error !== null) throw new Error(`${given[0]}: ${error} ${value?.responseText}`);
    return value;
  };
  const refused = async (...given) => (await call(...given)).error;
  const other = (part) => new TinCan.Statement({ ...batch[0], object: { id: `${activity.id}/${part}` } });
  const responses = (result) => result.statements.map((statement) => statement.result.response);

  return walk({
    about: async () => (await ask("about", {})).version,
    one: async () => {
      const sent = other("one");
      await ask("saveStatement", sent, {});
      return (await ask("retrieveStatement", sent.id, {})).id === sent.id;
    },
    batch: async () => (await ask("saveStatements", statements, {})).status,
    byAgent: async () => responses(await ask("queryStatements", { params: { agent, activity } })),
    byVerb: async () =>
      responses(await ask("queryStatements", { params: { verb: statements[4].verb, activity } })),
    pages: async () => {
      const pages = [];
      let page = await ask("queryStatements", { params: { activity, limit: 2, ascending: true } });
      pages.push(responses(page));
      while (page.more && pages.length < 10) {
        page = await ask("moreStatements", { url: page.more });
        pages.push(responses(page));
      }
      return pages;
    },
    state: async () => {
      const which = { agent, activity };
      const json = { ...which, contentType: "application/json" };
      await ask("saveState", "bookmark", '{"slide":1}', json);
      const read = await ask("retrieveState", "bookmark", which);
      return {
        read: read.contents,
        etag: read.etag,
        // This is how the client itself makes an ETag where a browser shows it none: unquoted.
        digest: TinCan.Utils.getSHA1String('{"slide":1}'),
        fresh: await refused("saveState", "bookmark", '{"slide":2}', {
          ...json,
          lastSHA1: TinCan.Utils.getSHA1String('{"slide":1}'),
        }),
        stale: await refused("saveState", "bookmark", '{"slide":3}', { ...json, lastSHA1: read.etag }),
        ids: await ask("retrieveStateIds", which),
        dropped: await refused("dropState", "bookmark", which),
        gone: await ask("retrieveState", "bookmark", which),
      };
    },
    profile: async () => {
      const json = { agent, contentType: "application/json" };
      await ask("saveAgentProfile", "preferences", '{"lang":"en"}', json);
      const read = await ask("retrieveAgentProfile", "preferences", { agent });
      await ask("saveAgentProfile", "preferences", '{"lang":"de"}', { ...json, lastSHA1: read.etag });
      return (await ask("retrieveAgentProfile", "preferences", { agent })).contents;
    },
    attachment: async () => {
      const bytes = new TextEncoder().encode(FILE);
      const sent = new TinCan.Statement({
        ...batch[0],
        object: { id: `${activity.id}/file` },
        attachments: [{ ...(await described(bytes)), content: bytes.buffer }],
      });
      await ask("saveStatement", sent, {});
      const read = await ask("retrieveStatement", sent.id, { params: { attachments: true } });
      return read.attachments[0].getContentAsString();
    },
    void: async () => {
      const wrong = other("wrong");
      await ask("saveStatement", wrong, {});
      const voiding = new TinCan.Statement({
        actor: agent,
        verb: { id: "http://adlnet.gov/expapi/verbs/voided" },
        target: { objectType: "StatementRef", id: wrong.id },
      });
      await ask("saveStatement", voiding, {});
      return {
        hidden: await refused("retrieveStatement", wrong.id, {}),
        kept: (await ask("retrieveVoidedStatement", wrong.id, {})).id === wrong.id,
      };
    },
    stranger: async () => {
      lrs.auth = "Basic d3Jvbmc6d3Jvbmc=";
      return refused("queryStatements", { params: { activity } });
    },
  });
}
