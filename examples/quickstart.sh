#!/usr/bin/env bash
# The life of a model, from a text to a chat, with the command line and curl.
#
#   bash examples/quickstart.sh URL     against a server; LLMOPS_API_KEY is its key
#
# QUICK=1 trains for a few steps only: the whole way in seconds, with a model that has learned nothing.
set -euo pipefail
export LLMOPS_URL=${1:?usage: bash examples/quickstart.sh URL}
: "${LLMOPS_API_KEY:?holds the key of the server: the content of admin.key in its data folder}"
data=$(dirname "${BASH_SOURCE[0]}")/data
steps() { [ "${QUICK:-}" = 1 ] && echo 4 || echo "$1"; }

# Nobody approves his own work: the reviewer is somebody else.
made=$(llmops-server call governance.create_api_key name=example-reviewer 'roles=["reviewer"]' --json)
reviewer=$(sed -n 's/^ *"secret": "\(.*\)",\{0,1\}$/\1/p' <<<"$made")

bring_in() { # NAME TYPE FILE
  llmops-server datasets create "$1" 1.0.0 "$data/$3" --type "$2" >/dev/null
  llmops-server datasets validate "$1"
  llmops-server datasets submit "$1" >/dev/null
  LLMOPS_API_KEY=$reviewer llmops-server datasets approve "$1" >/dev/null
}

approve() { # NAME
  llmops-server models update "$1" --card purpose='names capitals' --card scope='an example' \
    --card contact=you --card license=CC0-1.0 >/dev/null
  llmops-server models submit "$1" >/dev/null
  LLMOPS_API_KEY=$reviewer llmops-server models approve "$1" >/dev/null
}

bring_in speeches pretrain_corpus corpus.txt
bring_in capitals sft_pair capitals-train.csv
bring_in capitals-heldout benchmark capitals-heldout.csv
llmops-server datasets list

llmops-server train start --dataset speeches --name example-base --version 1.0.0 \
  --architecture hiddenSize=128,layers=4,heads=4,kvHeads=2,vocabulary=1024,context=128 \
  --set maxSteps="$(steps 120)" --set maxSeqLen=96 --set lr=0.002 --set seed=1 >/dev/null
approve example-base
llmops-server train start --dataset capitals --model example-base --name example-capitals --version 1.0.0 \
  --set maxSteps="$(steps 300)" --set lr=0.003 --set seed=1 >/dev/null
llmops-server train list

# Exit code 6 says that a score is below what was asked for, which is what a pipeline wants to know.
least=0.9
[ "${QUICK:-}" != 1 ] || least=0
llmops-server evaluate start --model example-capitals --dataset capitals-heldout --max-tokens 24 \
  ${QUICK:+--limit 8} --metric exact_match --metric token_f1 --fail-under "exact_match=$least"

approve example-capitals
llmops-server deploy example-capitals --route example-sh >/dev/null
llmops-server endpoints list
llmops-server chat example-sh 'Can you tell me the capital of Alaska?' --temperature 0 --max-tokens 24

# The same question as any client of OpenAI's API asks it.
curl --fail --silent --show-error "$LLMOPS_URL/v1/chat/completions" \
  -H "Authorization: Bearer $LLMOPS_API_KEY" -H 'Content-Type: application/json' \
  -d '{"model": "example-sh", "max_tokens": 24, "temperature": 0,
       "messages": [{"role": "user", "content": "For Alaska, name the capital."}]}'
echo
llmops-server endpoints delete example-sh >/dev/null
llmops-server call governance.export_audit_logs --output audit.jsonl 2>/dev/null
llmops-server audit verify audit.jsonl
rm audit.jsonl
