"""`from_pretrained` and `push_to_hub` of transformers: what they ask of a model beside its files."""

import pytest
from calls import KEY, native, versions
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoConfig, AutoTokenizer, GenerationConfig, LlamaConfig, PreTrainedTokenizerFast
from transformers.utils import cached_file, has_file

TEMPLATE = "{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}"


@pytest.fixture
def tokenizer():
    words = {word: number for number, word in enumerate(["<unk>", "the", "capital", "of", "peru", "is", "lima"])}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>", chat_template=TEMPLATE)


@pytest.fixture
def config():
    return LlamaConfig(
        vocab_size=7, hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        architectures=["LlamaForCausalLM"],
    )  # fmt: skip


@pytest.fixture
def pretrained(api, name, tmp_path, tokenizer, config):
    tokenizer.save_pretrained(tmp_path / "saved")
    config.save_pretrained(tmp_path / "saved")
    GenerationConfig(max_new_tokens=5).save_pretrained(tmp_path / "saved")
    api.create_repo(name)
    api.upload_folder(repo_id=name, folder_path=tmp_path / "saved")
    return name


def test_a_tokenizer_comes_by_its_name(pretrained, tokenizer, cache):
    got = AutoTokenizer.from_pretrained(pretrained, cache_dir=cache)
    assert got("the capital of peru is lima")["input_ids"] == [1, 2, 3, 4, 5, 6]
    turns = [{"role": "user", "content": "the capital"}]
    assert got.apply_chat_template(turns, tokenize=False) == "<user>the capital"


def test_a_configuration_comes_by_its_name(pretrained, config, cache):
    got = AutoConfig.from_pretrained(pretrained, cache_dir=cache)
    assert (type(got), got.hidden_size, got.architectures) == (LlamaConfig, 8, ["LlamaForCausalLM"])
    assert GenerationConfig.from_pretrained(pretrained, cache_dir=cache).max_new_tokens == 5


def test_a_version_is_a_revision(pretrained, cache):
    (version,) = versions(pretrained)
    assert AutoConfig.from_pretrained(pretrained, revision=version, cache_dir=cache).vocab_size == 7
    with pytest.raises(OSError, match="9.9.9"):
        AutoConfig.from_pretrained(pretrained, revision="9.9.9", cache_dir=cache)


def test_a_file_that_is_not_there_is_told_from_one_that_cannot_be_had(pretrained, cache):
    assert has_file(pretrained, "config.json", cache_dir=cache)
    assert not has_file(pretrained, "model.safetensors", cache_dir=cache)
    absent = dict(_raise_exceptions_for_missing_entries=False)
    assert cached_file(pretrained, "model.safetensors", cache_dir=cache, **absent) is None
    with pytest.raises(OSError, match="is not a valid model identifier|not a local folder"):
        AutoConfig.from_pretrained(f"{pretrained}-absent", cache_dir=cache)


def test_what_was_fetched_is_there_without_the_server(pretrained, cache):
    AutoTokenizer.from_pretrained(pretrained, cache_dir=cache)
    got = AutoTokenizer.from_pretrained(pretrained, cache_dir=cache, local_files_only=True)
    assert got.convert_tokens_to_ids("lima") == 6


def test_a_tokenizer_and_a_configuration_are_pushed(api, name, tokenizer, config, cache):
    config.push_to_hub(name, token=KEY)
    tokenizer.push_to_hub(name, token=KEY)
    assert AutoTokenizer.from_pretrained(name, cache_dir=cache)("of lima")["input_ids"] == [3, 6]
    model = max(versions(name).values(), key=lambda one: one["createdAt"])
    paths = {file["path"] for file in native("GET", f"/catalog/models/{model['id']}/files")}
    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} <= paths
