// OpenAI's own Node.js client against a server with a deployed model.
//
// LLMOPS_URL is the server, LLMOPS_API_KEY a key, LLMOPS_ROUTE the route of a tiny chat model.
import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const { LLMOPS_URL: url, LLMOPS_API_KEY: apiKey, LLMOPS_ROUTE: model } = process.env;
const skip = url ? false : "needs a server: LLMOPS_URL, LLMOPS_API_KEY and LLMOPS_ROUTE";
const client = url && new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const messages = [{ role: "user", content: "Hello" }];
const ask = (more) => client.chat.completions.create({ model, messages, max_tokens: 8, ...more });

test("models are listed", { skip }, async () => {
  const ids = [];
  for await (const one of client.models.list()) ids.push(one.id);
  assert.ok(ids.includes(model), ids.join());
});

test("a question is answered", { skip }, async () => {
  const answer = await ask({});
  assert.equal(typeof answer.choices[0].message.content, "string");
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("a stream says what the whole answer says", { skip }, async () => {
  const whole = (await ask({ temperature: 0 })).choices[0].message.content;
  let said = "";
  let usage = null;
  const stream = await ask({ temperature: 0, stream: true, stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    said += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(said, whole);
  assert.ok(usage.completion_tokens >= 1);
});

test("the stream helper gathers the answer", { skip }, async () => {
  const helper = client.chat.completions.stream({ model, messages, max_tokens: 8, temperature: 0 });
  const answer = await helper.finalChatCompletion();
  assert.equal(answer.choices[0].message.role, "assistant");
});

test("log-probabilities come with each token", { skip }, async () => {
  const answer = await ask({ logprobs: true, top_logprobs: 2, max_tokens: 3 });
  assert.ok(answer.choices[0].logprobs.content.every((token) => token.top_logprobs.length === 2));
});

test("a wrong parameter is named", { skip }, async () => {
  await assert.rejects(ask({ temperature: 3 }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, "temperature");
    return true;
  });
  await assert.rejects(ask({ temprature: 1 }), (error) => error.code === "unknown_parameter" && error.status === 400);
});

test("an unknown model is not found", { skip }, async () => {
  await assert.rejects(ask({ model: "no-such-model" }), OpenAI.NotFoundError);
});

test("a wrong key is told", { skip }, async () => {
  const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: "llo_wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});

test("a stream may be left", { skip }, async () => {
  const stream = await ask({ stream: true, max_tokens: 64 });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
  assert.ok((await ask({})).usage.total_tokens > 0);
});
