// A vendor's session with @xapi/xapi: every resource once, what came back as JSON.

import { FILE, answers, described, walk } from "./steps.mjs";

/** The status of an answer. The axios adapter throws answers of 400 and more; the fetch adapter throws their text alone. */
async function status(request) {
  try {
    return (await request).status;
  } catch (error) {
    if (error?.response) return error.response.status;
    return JSON.parse(error.message).error.status;
  }
}

const header = (answer, name) => (answer.headers.get ? answer.headers.get(name) : answer.headers[name.toLowerCase()]) ?? null;
const responses = (answer) => answer.data.statements.map((statement) => statement.result.response);

/** Walk through it. `settings`: endpoint, username, password, version, adapter ("axios" or "fetch"), run. */
export async function journey(XAPI, settings) {
  const { endpoint, username, password, version, adapter, run } = settings;
  const auth = XAPI.toBasicAuth(username, password);
  const xapi = new XAPI({ endpoint, auth, version, adapter });
  // In Node, axios sends a Blob as application/octet-stream, whatever Content-Type its caller sets.
  const inNode = typeof document === "undefined";
  const sender = inNode ? new XAPI({ endpoint, auth, version, adapter: "fetch" }) : xapi;
  const stranger = new XAPI({ endpoint, auth: XAPI.toBasicAuth(username, "wrong"), version, adapter });
  const batch = answers(run);
  const agent = batch[0].actor;
  const activity = batch[0].object.id;
  const state = { agent, activityId: activity, stateId: "bookmark" };
  const profile = { agent, profileId: "preferences" };
  const course = { activityId: activity, profileId: "settings" };
  const voided = crypto.randomUUID();

  return walk({
    about: async () => (await xapi.getAbout()).data.version,
    one: async () => {
      const sent = await xapi.sendStatement({ statement: { ...batch[0], object: { id: `${activity}/one` } } });
      const read = await xapi.getStatement({ statementId: sent.data[0] });
      return { sent: sent.data, read: read.data };
    },
    batch: async () => (await xapi.sendStatements({ statements: batch })).data,
    byAgent: async () => responses(await xapi.getStatements({ agent, activity })),
    byVerb: async () => responses(await xapi.getStatements({ verb: batch[4].verb.id, activity })),
    byActivity: async () => responses(await xapi.getStatements({ activity, ascending: true })),
    nobody: async () => responses(await xapi.getStatements({ activity: `${activity}/none` })),
    pages: async () => {
      const pages = [];
      let answer = await xapi.getStatements({ activity, limit: 2, ascending: true });
      pages.push(responses(answer));
      while (answer.data.more && pages.length < 10) {
        answer = await xapi.getMoreStatements({ more: answer.data.more });
        pages.push(responses(answer));
      }
      return pages;
    },
    headers: async () => {
      const answer = await xapi.getStatements({ activity });
      return {
        version: header(answer, "X-Experience-API-Version"),
        through: header(answer, "X-Experience-API-Consistent-Through"),
      };
    },
    activity: async () => (await xapi.getActivity({ activityId: activity })).data,
    agent: async () => (await xapi.getAgent({ agent })).data,
    state: async () => {
      const put = await status(xapi.setState({ ...state, state: { slide: 1 } }));
      const read = await xapi.getState(state);
      const etag = header(read, "ETag");
      const matched = { ...state, etag, matchHeader: "If-Match" };
      return {
        put,
        read: read.data,
        etag,
        bare: await status(xapi.setState({ ...state, state: { slide: 1 } })),
        fresh: await status(xapi.setState({ ...matched, state: { slide: 2 } })),
        stale: await status(xapi.setState({ ...matched, state: { slide: 3 } })),
        merged: await status(xapi.createState({ ...state, state: { volume: 7 } })),
        after: (await xapi.getState(state)).data,
        ids: (await xapi.getStates(state)).data,
        deleteStale: await status(xapi.deleteState({ ...state, etag })),
        delete: await status(xapi.deleteState({ ...state, etag: header(await xapi.getState(state), "ETag") })),
        gone: await status(xapi.getState(state)),
      };
    },
    profiles: async () => ({
      created: await status(xapi.setAgentProfile({ ...profile, profile: { lang: "en" }, etag: "*", matchHeader: "If-None-Match" })),
      twice: await status(xapi.setAgentProfile({ ...profile, profile: { lang: "de" }, etag: "*", matchHeader: "If-None-Match" })),
      read: (await xapi.getAgentProfile(profile)).data,
      posted: await status(xapi.createActivityProfile({ ...course, profile: { level: 1 } })),
      course: (await xapi.getActivityProfile(course)).data,
      ids: (await xapi.getAgentProfiles(profile)).data,
    }),
    attachment: async () => {
      const bytes = new TextEncoder().encode(FILE);
      const statement = { ...batch[0], object: { id: `${activity}/file` }, attachments: [await described(bytes)] };
      const sent = await sender.sendStatement({ statement, attachments: [bytes.buffer] });
      const read = await xapi.getStatement({ statementId: sent.data[0], attachments: true });
      return { file: read.data[1], sha2: read.data[0].attachments[0].sha2, id: read.data[0].id === sent.data[0] };
    },
    void: async () => {
      await xapi.sendStatement({ statement: { ...batch[0], id: voided, object: { id: `${activity}/wrong` } } });
      await xapi.voidStatement({ actor: agent, statementId: voided });
      return {
        hidden: await status(xapi.getStatement({ statementId: voided })),
        kept: (await xapi.getVoidedStatement({ voidedStatementId: voided })).data.id === voided,
      };
    },
    stranger: () => status(stranger.getStatements({ activity })),
    invalid: () => status(xapi.sendStatement({ statement: { ...batch[0], verb: { id: "answered" } } })),
    contextAgents: () =>
      status(
        xapi.sendStatement({
          statement: {
            ...batch[0],
            object: { id: `${activity}/context` },
            context: {
              contextAgents: [
                {
                  objectType: "contextAgent",
                  agent: batch[1].actor,
                  relevantTypes: ["https://w3id.org/xapi/rapport/roles/officer"],
                },
              ],
            },
          },
        }),
      ),
    cacheBuster: () => status(xapi.getStatements({ activity, useCacheBuster: true })),
  });
}
