"""OpenAI's own Python client against a server with a deployed model.

LLMOPS_URL is the server, LLMOPS_API_KEY a key, LLMOPS_ROUTE the route of a tiny chat model.
"""

import asyncio
import os

import openai
import pytest

URL = os.environ.get("LLMOPS_URL", "")
KEY = os.environ.get("LLMOPS_API_KEY", "")
ROUTE = os.environ.get("LLMOPS_ROUTE", "")
HELLO = [{"role": "user", "content": "Hello"}]

pytestmark = pytest.mark.skipif(not URL, reason="needs a server: LLMOPS_URL, LLMOPS_API_KEY and LLMOPS_ROUTE")


@pytest.fixture
def client():
    return openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)


def ask(client, **more):
    return client.chat.completions.create(**{"model": ROUTE, "messages": HELLO, "max_tokens": 8, **more})


def refused(client, **more):
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client, **more)
    return caught.value


def test_models_are_listed(client):
    assert ROUTE in [model.id for model in client.models.list()]


def test_a_model_is_retrieved(client):
    model = client.models.retrieve(ROUTE)
    assert (model.id, model.object) == (ROUTE, "model")
    assert model.created > 1_700_000_000


def test_a_question_is_answered(client):
    answer = ask(client, temperature=0)  # what it learned; a drawn answer may end before it begins
    assert answer.choices[0].message.role == "assistant"
    assert isinstance(answer.choices[0].message.content, str)
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert 1 <= answer.usage.completion_tokens <= 8


def test_the_same_seed_gives_the_same_answer(client):
    first, second = (ask(client, seed=7, temperature=1.0).choices[0].message.content for _ in range(2))
    assert first == second


def test_a_stream_says_what_the_whole_answer_says(client):
    whole = ask(client, temperature=0).choices[0].message.content
    chunks = list(ask(client, temperature=0, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole
    assert chunks[-1].choices[0].finish_reason in ("stop", "length")
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_ends_with_its_usage_when_asked(client):
    chunks = list(ask(client, temperature=0, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens >= 1
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_log_probabilities_come_with_each_token(client):
    answer = ask(client, temperature=0, logprobs=True, top_logprobs=2, max_tokens=3)
    tokens = answer.choices[0].logprobs.content
    assert 1 <= len(tokens) <= 3
    assert all(token.logprob <= 0 and len(token.top_logprobs) == 2 for token in tokens)


def test_several_answers_may_be_asked_for(client):
    answer = ask(client, n=3, seed=1)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    said = {index: "" for index in range(3)}
    for chunk in ask(client, n=3, seed=1, stream=True):
        for choice in chunk.choices:
            said[choice.index] += choice.delta.content or ""
    assert said == {choice.index: choice.message.content for choice in answer.choices}


def test_content_may_be_parts(client):
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    assert ask(client, messages=[{"role": "user", "content": parts}]).usage.prompt_tokens > 0


def test_an_answer_may_be_sent_back(client):
    first = ask(client).choices[0].message
    again = ask(client, messages=[*HELLO, first.model_dump(), {"role": "user", "content": "And?"}])
    assert again.usage.prompt_tokens > 0


def test_the_newer_limit_is_known(client):
    assert ask(client, max_tokens=openai.NOT_GIVEN, max_completion_tokens=2).usage.completion_tokens <= 2


def test_labels_are_taken(client):
    ask(client, user="me", metadata={"a": "b"}, store=False, service_tier="auto")


def test_an_unknown_model_is_not_found(client):
    error = refused(client, model="no-such-model")
    assert isinstance(error, openai.NotFoundError)
    assert (error.code, error.param) == ("model_not_found", "model")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"temperature": 3}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"n": 0}, "n"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"extra_body": {"temprature": 1}}, "temprature"),
        ({"extra_body": {"stream_options": {"include_usage": True}}}, "stream_options"),
    ],
)
def test_a_wrong_parameter_is_named(client, more, param):
    error = refused(client, **more)
    assert isinstance(error, openai.BadRequestError)
    assert error.param == param
    assert error.type == "invalid_request_error"


def test_images_are_refused_with_the_reason(client):
    image = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    error = refused(client, messages=[{"role": "user", "content": image}])
    assert (error.code, error.param) == ("unsupported_content", "messages[0].content")


def test_a_wrong_key_is_told():
    client = openai.OpenAI(base_url=f"{URL}/v1", api_key="llo_wrong", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        client.models.list()


def test_a_prompt_that_is_too_long_is_told(client):
    error = refused(client, messages=[{"role": "user", "content": "long " * 20_000}])
    assert isinstance(error, openai.BadRequestError)
    assert error.code == "context_length_exceeded"


def test_many_at_once_are_all_answered():
    async def run():
        async with openai.AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=5) as client:
            asked = [
                client.chat.completions.create(model=ROUTE, messages=HELLO, max_tokens=4, temperature=0)
                for _ in range(24)
            ]
            return await asyncio.gather(*asked)

    answers = asyncio.run(run())
    assert len({answer.id for answer in answers}) == 24
    assert len({answer.choices[0].message.content for answer in answers}) == 1


def test_a_stream_may_be_left(client):
    with ask(client, stream=True, max_tokens=64) as stream:
        next(iter(stream))
    assert ask(client).usage.total_tokens > 0
