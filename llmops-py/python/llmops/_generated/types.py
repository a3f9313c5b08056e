# @generated from the declarations of the operations, by
# UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated
"""What answers hold, and the parts of requests."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from typing import Any, ClassVar, Dict, Literal, Union

from .._record import Record

__all__ = [
    "AddedDatasetFile",
    "AddedModelFile",
    "ApiKey",
    "AuditEntry",
    "AuditFormat",
    "AuditOutcome",
    "AuditVerification",
    "Changes",
    "ChatChoice",
    "ChatChoicePart",
    "ChatChunk",
    "ChatCompletion",
    "ChatContent",
    "ChatDelta",
    "ChatLogprobs",
    "ChatMessage",
    "ChatPart",
    "ChatRole",
    "ChatTokenAlternative",
    "ChatTokenLogprob",
    "ChatUsage",
    "ColumnChange",
    "ColumnComparison",
    "ColumnDrift",
    "ColumnRoles",
    "ColumnShape",
    "ColumnStatistics",
    "ColumnTokens",
    "ColumnType",
    "ComparedMetric",
    "ComparedModel",
    "ComparedRow",
    "ComparedVersion",
    "ComparisonReport",
    "ComparisonSamples",
    "Confidence",
    "ContaminationCheck",
    "ContaminationCounts",
    "ContaminationKind",
    "ContaminationMethod",
    "ContaminationModel",
    "ContaminationReport",
    "ContaminationSample",
    "ContaminationSource",
    "ContaminationSourceReport",
    "ConvertRows",
    "CostAggregate",
    "CostEntry",
    "CostEntryId",
    "CostGroup",
    "CostGrouping",
    "CostPriceList",
    "CostPriceVersion",
    "CostResource",
    "CostSums",
    "CreatedApiKey",
    "Credential",
    "CredentialId",
    "DataFormat",
    "Dataset",
    "DatasetColumn",
    "DatasetComparison",
    "DatasetDecision",
    "DatasetDerivation",
    "DatasetDiffSummary",
    "DatasetFile",
    "DatasetFileEncoding",
    "DatasetId",
    "DatasetOrigin",
    "DatasetPreview",
    "DatasetReview",
    "DatasetSort",
    "DatasetStatistics",
    "DatasetStatus",
    "DatasetStorage",
    "DatasetType",
    "DatasetUpload",
    "DatasetValidation",
    "DatasetWorkState",
    "DedupeRows",
    "DeletedDataset",
    "DeletedModel",
    "DeletedModelAlias",
    "Deletion",
    "DerivedBy",
    "DerivedOutput",
    "DiffedRows",
    "DriftReport",
    "Endpoint",
    "EndpointChange",
    "EndpointFile",
    "EndpointId",
    "EndpointLimits",
    "EndpointLogChannel",
    "EndpointLogLine",
    "EndpointPlan",
    "EndpointRevision",
    "EndpointStatus",
    "EndpointSwitch",
    "Environment",
    "EvaluationComparison",
    "EvaluationDifference",
    "EvaluationFormat",
    "EvaluationMetric",
    "EvaluationMetrics",
    "EvaluationParameters",
    "EvaluationProgress",
    "EvaluationRun",
    "EvaluationRunId",
    "EvaluationSample",
    "EvaluationStatus",
    "EvaluationType",
    "EvaluationWarning",
    "EvaluationWarningCode",
    "ExportId",
    "ExternalFailure",
    "ExternalTest",
    "FamilyPurpose",
    "FieldChange",
    "FileChange",
    "FileCounts",
    "FileDifference",
    "FileScan",
    "FileState",
    "FilterRows",
    "FoundModels",
    "FullMetricSpec",
    "GatewayRoute",
    "GuessedForm",
    "HistogramBar",
    "ImportId",
    "IntervalMethod",
    "JobEstimate",
    "JobFailure",
    "JobFailureClass",
    "JobId",
    "JobLogChannel",
    "JobLogLine",
    "JobMoment",
    "JobProgress",
    "JobRetryPolicy",
    "JobStatus",
    "KeyId",
    "Lineage",
    "LineageEdge",
    "LineageGraph",
    "LineageKind",
    "LineageNode",
    "LineageRelation",
    "LoggedMetrics",
    "LoraSettings",
    "MapRows",
    "MappedColumn",
    "MetricNeeds",
    "MetricPoint",
    "MetricScore",
    "MetricSpec",
    "MetricSummary",
    "Model",
    "ModelAlias",
    "ModelAliasMove",
    "ModelApprovalPolicy",
    "ModelComparison",
    "ModelExport",
    "ModelFamilies",
    "ModelFamily",
    "ModelFile",
    "ModelGate",
    "ModelGateKind",
    "ModelGateState",
    "ModelGates",
    "ModelId",
    "ModelImport",
    "ModelReview",
    "ModelSort",
    "ModelStatus",
    "ModelType",
    "ModelUpdates",
    "ModelUpload",
    "ModelVerification",
    "ModifiedRow",
    "Money",
    "PageInfo",
    "PairedTest",
    "PartRange",
    "PiiCount",
    "PiiFinding",
    "PiiKind",
    "PiiPolicy",
    "PiiPolicyRef",
    "PiiReport",
    "PiiRule",
    "PiiScanStatus",
    "PiiSearched",
    "PiiType",
    "PiiWaiver",
    "PreviewRow",
    "Project",
    "ProjectId",
    "QualityPart",
    "QualityReport",
    "Recommendation",
    "RecommendedOperation",
    "RedactRows",
    "RemoteModel",
    "ReplicaCount",
    "RequiredEvaluation",
    "ReviewDecision",
    "Role",
    "RotatedCredentials",
    "RouteHealth",
    "RowFormat",
    "Run",
    "RunComparison",
    "RunEvent",
    "RunId",
    "RunSeries",
    "RunStatus",
    "SampleRows",
    "SampleScores",
    "ScoreChange",
    "ScoreReport",
    "ScoredPair",
    "ScriptShare",
    "Series",
    "SeriesPoint",
    "ServingFramework",
    "Session",
    "SignInLink",
    "SkippedFile",
    "SplitRows",
    "StagedDatasetFile",
    "StagedModelFile",
    "StructureError",
    "StructureReport",
    "TokenCount",
    "TokenDistribution",
    "TokenReport",
    "TokenRows",
    "TokenizerUsed",
    "TopValue",
    "TrainingArchitecture",
    "TrainingEvaluation",
    "TrainingHyperparams",
    "TrainingJob",
    "TrainingJobType",
    "TrainingMethod",
    "TrainingOutput",
    "TrainingResources",
    "TrainingSpec",
    "TransferState",
    "TrashedItem",
    "TypeChange",
    "TypeChangeAt",
    "UploadError",
    "UploadId",
    "UploadPart",
    "UploadState",
    "UploadedDatasetFiles",
    "UploadedFiles",
    "ValidationProgress",
    "ValidationReport",
    "ValidationState",
    "ValueChange",
    "ValueDistribution",
    "ValueQuantile",
]

AuditFormat = Literal["jsonl", "csv"]
"""How an export is written.

- `jsonl`: One JSON object a line; `llmops-server audit verify` reads it.
- `csv`: A table for spreadsheets; cells that would be formulas begin with an apostrophe.
"""

AuditOutcome = Literal["allowed", "denied", "failed"]
"""How an action went.

- `allowed`: It was done.
- `denied`: The caller may not.
- `failed`: It was tried and did not work.
"""

ChatRole = Literal["system", "developer", "user", "assistant", "tool"]
"""Who speaks.

- `system`: Says how to behave.
- `developer`: The newer name of `system`.
- `user`: Asks.
- `assistant`: The model.
- `tool`: The outcome of a tool call.
"""

ColumnChange = Literal["none", "added", "removed", "type_changed"]
"""What became of a column.

- `none`: It is in both, with the same type.
- `added`: Only `b` has it.
- `removed`: Only `a` has it.
- `type_changed`: Its values are of another type.
"""

ColumnType = Literal["empty", "boolean", "integer", "number", "text", "json", "mixed"]
"""What the values of a column are.

- `empty`: No value at all.
- `boolean`: `true` and `false`.
- `integer`: Whole numbers.
- `number`: Numbers.
- `text`: Text.
- `json`: Objects or lists.
- `mixed`: Values of several types.
"""

ContaminationKind = Literal["exact", "ngram", "near"]
"""How a row is found in another dataset. A row counts as the first of these that holds.

- `exact`: As it is: the same words.
- `ngram`: In runs of words.
- `near`: Nearly, as MinHash estimates it.
"""

CostGrouping = Literal["model", "project", "day", "user"]
"""What charges are added up by.

- `model`: The name of the model at work.
- `project`: The project that pays.
- `day`: The day in UTC.
- `user`: Who caused it.
"""

CostResource = Literal["request", "training_job", "evaluation", "endpoint"]
"""What was used for.

- `request`: A request to a model: its tokens.
- `training_job`: A training job: the CPU time of its attempts.
- `evaluation`: An evaluation: the CPU time of its process.
- `endpoint`: An endpoint: the CPU time of its replicas.
"""

DataFormat = Literal["csv", "jsonl", "text"]
"""How a dataset's rows are written.

- `csv`: A table of separated values, RFC 4180.
- `jsonl`: One JSON object a line.
- `text`: Plain text; a row is a line that is not blank.
"""

DatasetDecision = Literal["approve", "reject", "request_changes"]
"""What a reviewer decides.

- `approve`: It may be used.
- `reject`: It may not.
- `request_changes`: Back to its author.
"""

DatasetSort = Literal["-createdAt", "createdAt", "-updatedAt", "name", "-name"]
"""What datasets are sorted by.

- `-createdAt`: Newest first.
- `createdAt`: Oldest first.
- `-updatedAt`: Last changed first.
- `name`: By name.
- `-name`: By name, backwards.
"""

DatasetStatus = Literal["draft", "under_review", "approved", "rejected", "deprecated"]
"""Where a dataset stands in its life.

- `draft`: Being made.
- `under_review`: Waiting for a reviewer.
- `approved`: May be trained and evaluated on.
- `rejected`: Refused by a reviewer.
- `deprecated`: No longer to be used for something new.
"""

DatasetType = Literal["pretrain_corpus", "sft_pair", "rag_qa", "rlhf_pair", "benchmark", "other"]
"""What a dataset is for. It decides which columns its rows must have.

- `pretrain_corpus`: Plain text to train a base model on: `text`.
- `sft_pair`: Prompts with the responses wanted, or conversations: `prompt` and `response`, or `messages`.
- `rag_qa`: Questions with the passages that answer them: `question`, `context` and `answer`.
- `rlhf_pair`: Prompts with a better and a worse response: `prompt`, `chosen` and `rejected`.
- `benchmark`: Questions with reference answers, to evaluate with: `prompt` and `response`, or `messages`.
- `other`: Anything else; no column is required.
"""

DatasetWorkState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
"""Where work on a dataset stands.

- `queued`: Waiting for its turn.
- `running`: Reading.
- `succeeded`: Done.
- `failed`: It could not be carried out; `error` says why.
- `cancelled`: Ended by a caller.
"""

EndpointLogChannel = Literal["events", "text"]
"""Which of its two channels a replica wrote to.

- `events`: Events, as JSON.
- `text`: Words to people.
"""

EndpointStatus = Literal["deploying", "healthy", "degraded", "failed", "stopped"]
"""How an endpoint is.

- `deploying`: No replica answers yet, and it goes forward.
- `healthy`: Every replica answers.
- `degraded`: Some replicas answer, or the next revision does not start.
- `failed`: No replica answers and none is about to.
- `stopped`: Nothing runs, as asked.
"""

EndpointSwitch = Literal["running", "stopped"]
"""Whether an endpoint is to run.

- `running`: It is.
- `stopped`: It is not.
"""

Environment = Literal["dev", "stg", "prod"]
"""Whom an endpoint answers.

- `dev`: Those who build.
- `stg`: Those who try.
- `prod`: Everybody.
"""

EvaluationFormat = Literal["json", "csv"]
"""How an evaluation is written to a file.

- `json`: One document: the evaluation and its samples.
- `csv`: A line for each sample.
"""

EvaluationStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
"""Where an evaluation stands.

- `queued`: Waiting for its turn.
- `running`: Asking the model, or scoring its answers.
- `succeeded`: Done.
- `failed`: Ended by a fault.
- `cancelled`: Ended on request.
"""

EvaluationType = Literal["automated"]
"""Who judges.

- `automated`: Metrics alone.
"""

EvaluationWarningCode = Literal["trained_on_dataset", "contaminated_dataset"]
"""What a warning is about.

- `trained_on_dataset`: The model, or one it was tuned from, learned from these very bytes.
- `contaminated_dataset`: A contamination check found rows of the dataset in one that the model learned from.
"""

FamilyPurpose = Literal["generate", "embed"]
"""What the models of a family are for.

- `generate`: They write text.
- `embed`: They turn text into vectors.
"""

FileDifference = Literal["added", "removed", "changed"]
"""What became of a file.

- `added`: `b` has it and `a` does not.
- `removed`: `a` has it and `b` does not.
- `changed`: Both have it, with other bytes.
"""

FileState = Literal["verified", "quarantined", "damaged"]
"""Whether a file may be used.

- `verified`: It is what it claims to be.
- `quarantined`: Stored, hashed and searched, never loaded and never deployable: its format can run code.
- `damaged`: Its bytes are gone or changed, as `verify_model` found. The model is not approved or deployed until the
same bytes are
sent again, which mends the file in its place.
"""

GuessedForm = Literal["delimiter", "header"]
"""What of a table's form was found out.

- `delimiter`: What separates the values.
- `header`: Whether the first record names the columns.
"""

IntervalMethod = Literal["bootstrap", "clopper_pearson"]
"""How an interval was computed.

- `bootstrap`: The middle 95 % of the values of 1000 draws of the samples with replacement; seeded, so equal at each
call.
- `clopper_pearson`: The exact interval of a proportion.
"""

JobFailureClass = Literal["out_of_memory", "configuration", "data", "model", "preempted", "timeout", "node_lost", "code"]
"""What class of failure it was.

- `out_of_memory`: It needed more memory than there was.
- `configuration`: Its settings do not fit its model, its data or this machine.
- `data`: Its data cannot be trained on.
- `model`: Its base model cannot be read.
- `preempted`: Something outside ended it.
- `timeout`: It took longer than it may.
- `node_lost`: The place where it ran lost it.
- `code`: The training program failed.
"""

JobLogChannel = Literal["text", "events"]
"""Which of a job's outputs.

- `text`: Its words to people.
- `events`: Its events, one JSON object a line.
"""

JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
"""Where a job stands.

- `queued`: Waiting for its turn, its data or its next attempt.
- `running`: Training, or bringing its model into the catalog.
- `succeeded`: Its model is in the catalog.
- `failed`: It ended without a model.
- `cancelled`: Somebody ended it.
"""

LineageKind = Literal["dataset", "job", "model", "evaluation", "endpoint"]
"""What a thing in a lineage is.

- `dataset`: A version of a dataset.
- `job`: A training job.
- `model`: A version of a model.
- `evaluation`: An evaluation run.
- `endpoint`: An endpoint.
"""

LineageRelation = Literal["became", "derived", "used_by", "trained", "tuned_into", "made", "evaluated_by", "served_by"]
"""How the later of two things came from the earlier.

- `became`: A dataset became its next version.
- `derived`: A dataset was derived from another.
- `used_by`: A job learned from a dataset or began with a model, or an evaluation measured with a dataset.
- `trained`: A model learned from a dataset.
- `tuned_into`: A model was tuned into another.
- `made`: A job made a model.
- `evaluated_by`: An evaluation measured a model, or an endpoint.
- `served_by`: An endpoint serves a model, or did in an earlier revision.
"""

MetricNeeds = Literal["pairs", "likelihoods", "latencies"]
"""What a metric needs of a sample.

- `pairs`: A prediction and its references.
- `likelihoods`: Log-probabilities of the tokens of a text.
- `latencies`: How long the answer took.
"""

ModelGateKind = Literal["card", "files", "code", "license", "evaluation", "reviewer", "approvals"]
"""What a gate looks at.

- `card`: Whether the card holds what a review needs.
- `files`: Whether the files are all there, verified, and could be served.
- `code`: Whether the model brings programs.
- `license`: Whether the policy allows the card's license.
- `evaluation`: Whether the model has an evaluation that the policy requires.
- `reviewer`: Whether the caller may decide on it.
- `approvals`: How many reviewers have approved.
"""

ModelGateState = Literal["passed", "failed", "reviewer"]
"""What a gate says.

- `passed`: It stands open.
- `failed`: It holds the approval back.
- `reviewer`: It is up to who approves.
"""

ModelSort = Literal["-createdAt", "createdAt", "-updatedAt", "updatedAt", "name", "-name"]
"""What models are sorted by.

- `-createdAt`: Newest first.
- `createdAt`: Oldest first.
- `-updatedAt`: Last changed first.
- `updatedAt`: First changed first.
- `name`: By name.
- `-name`: By name, backwards.
"""

ModelStatus = Literal["draft", "under_review", "approved", "rejected", "deprecated"]
"""Where a model stands in its life.

- `draft`: Being made.
- `under_review`: Waiting for a reviewer.
- `approved`: May be trained on and deployed.
- `rejected`: Refused by a reviewer.
- `deprecated`: No longer to be used for something new.
"""

ModelType = Literal["base", "fine-tuned", "external"]
"""What kind of model it is.

- `base`: Trained from nothing, or taken over as it is.
- `fine-tuned`: Trained further from another model of the catalog.
- `external`: Somebody else runs it; there are no files.
"""

PiiScanStatus = Literal["pending", "clean", "failed"]
"""What the search for personal data showed.

- `pending`: These bytes were not scanned yet.
- `clean`: Nothing was found.
- `failed`: Something was found; the validation report says what and where.
"""

PiiType = Literal["email", "phone", "credit_card", "kr_resident_number", "us_ssn", "iban", "ip_address", "url_credentials", "secret", "passport", "us_drivers_license", "kr_drivers_license", "person_name", "custom"]
"""A kind of personal or secret data.

- `email`: An e-mail address.
- `phone`: A telephone number.
- `credit_card`: The number of a payment card.
- `kr_resident_number`: A Korean resident registration number.
- `us_ssn`: A social security number of the United States.
- `iban`: An international bank account number.
- `ip_address`: An IPv4 or IPv6 address.
- `url_credentials`: An address with a password in it.
- `secret`: An API key, a token or a private key, or what is given to a name such as `password`.
- `passport`: The number of a passport, beside a word that says so.
- `us_drivers_license`: A driver's licence of the United States, the United Kingdom or Germany; the first and the
last beside a word that says so.
- `kr_drivers_license`: A Korean driver's licence.
- `person_name`: The name of a person; a guess where nothing beside it says so.
- `custom`: What a rule of the project's policy found, or a detector of the host program under a name of its own;
`rule` says
which.
"""

ReviewDecision = Literal["approve", "reject", "request_changes"]
"""What a reviewer decides.

- `approve`: It may be used.
- `reject`: It may not.
- `request_changes`: Back to its author.
"""

Role = Literal["viewer", "researcher", "reviewer", "operator", "service", "admin"]
"""What the holder of a key may do.

- `viewer`: Looks at everything but keys.
- `researcher`: Makes models, data, trainings and evaluations.
- `reviewer`: Approves and rejects.
- `operator`: Deploys, scales, stops.
- `service`: Talks to deployed models, nothing else.
- `admin`: Everything.
"""

RowFormat = Literal["jsonl", "arrow", "parquet"]
"""How rows are sent.

- `jsonl`: One JSON object a line. Values are as they stand in JSON lines, numbers digit for digit.
- `arrow`: A stream of Arrow's format for interprocess communication, typed by the columns of the dataset.
- `parquet`: A Parquet file, typed by the columns of the dataset, in groups of about 16 MiB. What is nested is text
that holds JSON.
"""

RunStatus = Literal["running", "finished", "failed", "killed"]
"""Where a run stands.

- `running`: Under way.
- `finished`: Ended well.
- `failed`: Ended badly.
- `killed`: Ended by somebody.
"""

ServingFramework = Literal["local"]
"""What carries an endpoint out.

- `local`: Processes beside the platform, which runs and watches them itself.
"""

TrainingJobType = Literal["finetune", "from_scratch", "pretrain"]
"""How a job trains.

- `finetune`: Trains a model of the catalog further, on prompts with responses.
- `from_scratch`: Makes a model from nothing, of an architecture, on plain text.
- `pretrain`: The same, meant as the base of others.
"""

TrainingMethod = Literal["full", "lora", "qlora"]
"""Which weights are trained.

- `full`: All of them.
- `lora`: Small matrices beside the base model's, merged into it at the end.
- `qlora`: The same over a quantised base; needs a GPU.
"""

TransferState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
"""Where it stands that a model comes from a registry or goes to one.

- `queued`: The registry will be asked what there is.
- `running`: Files are on their way; `error` says what is in the way, while it is tried again.
- `succeeded`: All are there.
- `failed`: It stopped; `error` says why, and to resume it goes on.
- `cancelled`: Somebody gave it up. Files that came or went stay where they are.
"""

UploadState = Literal["receiving", "completing", "complete", "failed"]
"""Where an upload stands.

- `receiving`: Parts may come.
- `completing`: All came; the whole is read and checked.
- `complete`: The file is there.
- `failed`: It is not what it claims to be, or is not taken; `error` says why. When only its digest is not what was
said, the upload is
receiving again and takes another.
"""

ValidationState = Literal["queued", "running", "succeeded", "failed"]
"""Where a validation stands.

- `queued`: Waiting for its turn.
- `running`: Reading.
- `succeeded`: The report is there.
- `failed`: It could not be carried out; `error` says why.
"""

ChatContent = Union[str, list["ChatPart"]]
"""What a message says: a text, or parts."""

CostEntryId = str
"""The id of a charge in the ledger."""

CredentialId = str
"""The id of a credential; not secret."""

DatasetId = str
"""The id of one version of a dataset."""

EndpointId = str
"""The id of an endpoint."""

EvaluationRunId = str
"""The id of an evaluation."""

ExportId = str
"""The id of an export."""

ImportId = str
"""The id of an import."""

JobId = str
"""The id of a training job."""

KeyId = str
"""The id of an API key; not secret."""

MetricSpec = Union[str, "FullMetricSpec"]
"""A metric to compute: its name alone, or `{name, label, options}`."""

ModelId = str
"""The id of one version of a model."""

ProjectId = str
"""The id of a project."""

RunId = str
"""The id of a run."""

UploadId = str
"""The id of a file that comes in parts."""


@dataclass(frozen=True)
class AddedDatasetFile(Record):
    """A file that a commit makes."""

    _shapes: ClassVar[Dict[str, str]] = {}

    path: str
    """Its path within the dataset, as it was staged with; what is there already is replaced. `README.md` is the card."""
    sha256: str
    """The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name whose
    path has the same
    ending.
    """


@dataclass(frozen=True)
class AddedModelFile(Record):
    """A file that a commit makes."""

    _shapes: ClassVar[Dict[str, str]] = {}

    path: str
    """Its path within the model; what is there already is replaced."""
    sha256: str
    """The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name."""


@dataclass(frozen=True)
class ApiKey(Record):
    """An API key, without its secret."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "expires_at": "time", "revoked_at": "time"}

    id: KeyId
    """Its id."""
    name: str
    """Who or what uses it."""
    all_projects: bool
    """Whether it may go to every other one."""
    created_at: datetime
    """When."""
    created_by: str
    """Who made it."""
    prefix: str
    """How the secret begins, to tell keys apart."""
    project: str
    """The project it works in."""
    roles: list[Role]
    """What its holder may do."""
    expires_at: datetime | None = None
    """When it stops to work."""
    revoked_at: datetime | None = None
    """When it was revoked."""


@dataclass(frozen=True)
class AuditEntry(Record):
    """Something that was done, denied or failed."""

    _shapes: ClassVar[Dict[str, str]] = {"timestamp": "time"}

    id: str
    """Its id."""
    action: str
    """What, as `catalog.create_model`."""
    actor_id: str
    """Who."""
    hash: str
    """SHA-256 over the hash before and the fields."""
    metadata: Any
    """Request id, address, key and all things touched."""
    reason: str
    """Why, in words; empty when it was allowed."""
    resource_id: str
    """On which."""
    resource_type: str
    """On what kind of thing."""
    result: AuditOutcome
    """How it went."""
    seq: int
    """Its place in the log, from 1 on without a gap."""
    timestamp: datetime
    """When."""


@dataclass(frozen=True)
class AuditVerification(Record):
    """What verifying the log showed."""

    _shapes: ClassVar[Dict[str, str]] = {}

    entries: int
    """Entries that are right, from the first on."""
    hash: str
    """The hash of the last of them, in hex: kept somewhere else, it shows later that nothing before it was changed or
    cut off.
    """
    verified: bool
    """Whether the log is complete and unaltered."""
    problem: str | None = None
    """What is wrong after them."""


@dataclass(frozen=True)
class Changes(Record):
    """What changed since the last time, at most twice a second."""

    _shapes: ClassVar[Dict[str, str]] = {}

    domains: list[str]
    """The domains, as `training`: what their operations read may be otherwise now. Now and then a change in another
    project
    is told too.
    """


@dataclass(frozen=True)
class ChatChoice(Record):
    """One of the answers to a question."""

    _shapes: ClassVar[Dict[str, str]] = {"message": "ChatMessage", "logprobs": "ChatLogprobs"}

    finish_reason: str
    """Why it ended: `stop`, `length`, `tool_calls` or `content_filter`."""
    index: int
    """Which."""
    message: ChatMessage
    """What the model said."""
    logprobs: ChatLogprobs | None = None
    """The log-probabilities, if they were asked for."""


@dataclass(frozen=True)
class ChatChoicePart(Record):
    """What a piece adds to one of the answers."""

    _shapes: ClassVar[Dict[str, str]] = {"delta": "ChatDelta", "logprobs": "ChatLogprobs"}

    delta: ChatDelta
    """What is new."""
    index: int
    """Which."""
    finish_reason: str | None = None
    """Why it ended; in its last piece."""
    logprobs: ChatLogprobs | None = None
    """The log-probabilities of what is new."""


@dataclass(frozen=True)
class ChatChunk(Record):
    """A piece of an answer."""

    _shapes: ClassVar[Dict[str, str]] = {"choices": "[ChatChoicePart]", "usage": "ChatUsage"}

    id: str
    """The id of the answer; the same in all its pieces."""
    choices: list[ChatChoicePart]
    """What is new; empty in the piece with the usage."""
    created: int
    """When the answer began, in seconds since 1970."""
    model: str
    """The model that answers, as `tiny:1.0.0`."""
    route: str
    """The route that was resolved, as `/tiny-chat`."""
    usage: ChatUsage | None = None
    """What the whole answer used; in the last piece."""


@dataclass(frozen=True)
class ChatCompletion(Record):
    """A whole answer."""

    _shapes: ClassVar[Dict[str, str]] = {"choices": "[ChatChoice]", "usage": "ChatUsage"}

    id: str
    """The id of this answer, by which it is charged."""
    choices: list[ChatChoice]
    """The answers."""
    created: int
    """When, in seconds since 1970."""
    model: str
    """The model that answered, as `tiny:1.0.0`."""
    route: str
    """The route that was resolved, as `/tiny-chat`."""
    usage: ChatUsage
    """What they used."""


@dataclass(frozen=True)
class ChatDelta(Record):
    """What a piece adds to a message."""

    _shapes: ClassVar[Dict[str, str]] = {}

    content: str | None = None
    """More text."""
    role: ChatRole | None = None
    """Who speaks; in the first piece."""
    tool_calls: list[Any] | None = None
    """More of tool calls, each with the `index` of the call it belongs to."""


@dataclass(frozen=True)
class ChatLogprobs(Record):
    """Log-probabilities of an answer."""

    _shapes: ClassVar[Dict[str, str]] = {"content": "[ChatTokenLogprob]"}

    content: list[ChatTokenLogprob] | None = None
    """One entry for each token."""


@dataclass(frozen=True)
class ChatMessage(Record):
    """One message of a conversation."""

    _shapes: ClassVar[Dict[str, str]] = {"content": "[ChatPart]"}

    role: ChatRole
    """Who speaks."""
    name: str | None = None
    """A name for the speaker."""
    content: ChatContent | None = None
    """What is said. Absent only when the assistant calls tools."""
    tool_call_id: str | None = None
    """The call that a `tool` message answers."""
    tool_calls: list[Any] | None = None
    """The tools that the assistant calls, as `{id, type: "function", function: {name, arguments}}`."""


@dataclass(frozen=True)
class ChatPart(Record):
    """One part of a message."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: str
    """What it is: `text`. Models that read nothing else refuse every other kind."""
    text: str | None = None
    """The text of a `text`."""


@dataclass(frozen=True)
class ChatTokenAlternative(Record):
    """A token that might have stood there."""

    _shapes: ClassVar[Dict[str, str]] = {}

    logprob: float
    """The natural logarithm of its probability."""
    token: str
    """Its text."""
    bytes: list[int] | None = None
    """Its bytes."""


@dataclass(frozen=True)
class ChatTokenLogprob(Record):
    """A token with its log-probability."""

    _shapes: ClassVar[Dict[str, str]] = {"top_logprobs": "[ChatTokenAlternative]"}

    logprob: float
    """The natural logarithm of its probability."""
    token: str
    """Its text."""
    bytes: list[int] | None = None
    """Its bytes, which need not be a whole character."""
    top_logprobs: list[ChatTokenAlternative] | None = None
    """What might have stood there instead, the likeliest first."""


@dataclass(frozen=True)
class ChatUsage(Record):
    """Tokens of one answer."""

    _shapes: ClassVar[Dict[str, str]] = {}

    cached_tokens: int
    """Those of the prompt that did not have to be computed again."""
    completion_tokens: int
    """Tokens of the answer."""
    prompt_tokens: int
    """Tokens of the prompt."""
    total_tokens: int
    """Both."""


@dataclass(frozen=True)
class ColumnComparison(Record):
    """One column in two versions."""

    _shapes: ClassVar[Dict[str, str]] = {"after": "ColumnShape", "before": "ColumnShape"}

    name: str
    """Its name."""
    change: ColumnChange
    """What became of it."""
    drifted: bool
    """Whether its values are spread in another way."""
    after: ColumnShape | None = None
    """What it holds."""
    before: ColumnShape | None = None
    """What it held."""


@dataclass(frozen=True)
class ColumnDrift(Record):
    """One column that drifted."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    missing_after: float
    """The share that holds none."""
    missing_before: float
    """The share of rows that held none."""
    type_after: ColumnType
    """What they are."""
    type_before: ColumnType
    """What its values were."""
    distance: float | None = None
    """The Jensen-Shannon distance of its numbers or lengths, 0 to 1; absent under 200 values."""


@dataclass(frozen=True)
class ColumnRoles(Record):
    """Which column plays which part. What is absent is looked for under the part's own name."""

    _shapes: ClassVar[Dict[str, str]] = {}

    answer: str | None = None
    """The answer it gives."""
    chosen: str | None = None
    """The better response."""
    context: str | None = None
    """The passage."""
    messages: str | None = None
    """A conversation: a list of messages, each with `role` and `content` or `tool_calls`. The tools stand in a column
    `tools`.
    """
    prompt: str | None = None
    """What is asked of the model."""
    question: str | None = None
    """A question about a passage."""
    rejected: str | None = None
    """The worse response."""
    response: str | None = None
    """What the model is to answer. Also found under `completion`."""
    text: str | None = None
    """The text of a corpus."""


@dataclass(frozen=True)
class ColumnShape(Record):
    """How the values of a column are spread."""

    _shapes: ClassVar[Dict[str, str]] = {"quantiles": "[ValueQuantile]", "top_values": "[TopValue]"}

    type: ColumnType
    """What its values are."""
    distinct: int
    """Different values."""
    distinct_exact: bool
    """Whether `distinct` is exact; else it is estimated to about 1 in 100."""
    missing_share: float
    """The share of rows without a value, 0 to 1."""
    of_lengths: bool
    """Whether the numbers below are of the lengths of texts, in characters, and not of the values."""
    quantiles: list[ValueQuantile]
    """The values below which 5, 25, 50, 75 and 95 of 100 lie."""
    top_values: list[TopValue]
    """The most frequent values, at most five."""
    max: float | None = None
    """The largest."""
    mean: float | None = None
    """The mean."""
    min: float | None = None
    """The smallest."""
    std_dev: float | None = None
    """The standard deviation of the population."""


@dataclass(frozen=True)
class ColumnStatistics(Record):
    """What a column holds."""

    _shapes: ClassVar[Dict[str, str]] = {"top_values": "[TopValue]", "lengths": "ValueDistribution", "numbers": "ValueDistribution"}

    name: str
    """Its name."""
    type: ColumnType
    """What its values are."""
    count: int
    """Rows that hold a value."""
    distinct: int
    """Different values."""
    distinct_exact: bool
    """Whether `distinct` is exact; else it is an estimate by HyperLogLog."""
    nulls: int
    """Rows that hold none."""
    top_values: list[TopValue]
    """The most frequent values, at most ten."""
    top_values_exact: bool
    """Whether `topValues` are exact; else a value may be missing or counted too low."""
    distinct_error: float | None = None
    """Of an estimate: its standard error as a share of `distinct`, 1.04 / sqrt(m) with m = 16,384 registers, which is
    0.0081
    (Flajolet, Fusy, Gandouet and Meunier 2007). Two of three estimates are off by less, 95 of 100 by less than
    twice as
    much. Absent from what an earlier release counted.
    """
    lengths: ValueDistribution | None = None
    """Of the lengths in characters, when the values are text."""
    numbers: ValueDistribution | None = None
    """Of the values, when they are numbers."""


@dataclass(frozen=True)
class ColumnTokens(Record):
    """The tokens of a column."""

    _shapes: ClassVar[Dict[str, str]] = {"tokens": "TokenDistribution"}

    name: str
    """Its name."""
    conversation: bool
    """Whether it holds conversations: then a text is what all messages of one say and call."""
    tokens: TokenDistribution
    """How many."""


@dataclass(frozen=True)
class ComparedMetric(Record):
    """One metric over several evaluations."""

    _shapes: ClassVar[Dict[str, str]] = {"against_first": "[EvaluationDifference]"}

    name: str
    """The metric as the requests call it."""
    against_first: list[EvaluationDifference]
    """Each evaluation but the first, compared with the first sample by sample."""
    best: EvaluationRunId
    """The evaluation with the best value; the first of several."""
    higher_is_better: bool
    """Whether more is better."""
    values: list[float]
    """Its value in each evaluation."""


@dataclass(frozen=True)
class ComparedModel(Record):
    """A version that is compared."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time"}

    id: ModelId
    """Its id."""
    version: str
    """Its version."""
    type: ModelType
    """Its type."""
    status: ModelStatus
    """Where it stands."""
    created_at: datetime
    """When it was registered."""
    digest: str | None = None
    """SHA-256 over its files' paths and digests, in hex."""


@dataclass(frozen=True)
class ComparedRow(Record):
    """A row that only one version has. Of a value at most 500 characters are shown, of a row about 4 KiB."""

    _shapes: ClassVar[Dict[str, str]] = {}

    cut: bool
    """Whether not all of it is shown."""
    row: int
    """Its number, from 0, as in the preview."""
    values: dict[str, Any]
    """Its values by column; what holds no value is absent."""


@dataclass(frozen=True)
class ComparedVersion(Record):
    """One side of a comparison."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    version: str
    """Its version."""
    bad_rows: int
    """Rows that cannot be read and are left out."""
    dataset_id: DatasetId
    """Its id."""
    digest: str
    """The digest of its files."""
    rows: int
    """Rows that are compared."""


@dataclass(frozen=True)
class ComparisonReport(Record):
    """How two versions differ."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[ColumnComparison]", "samples": "ComparisonSamples"}

    added: int
    """Rows that only `b` has."""
    columns: list[ColumnComparison]
    """What the columns hold, before and after."""
    modified: int
    """Rows of one key whose other values differ."""
    removed: int
    """Rows that only `a` has."""
    repeated_keys: int
    """Rows, of either version, that share their key with another one of the same version. Where there are some, which
    of
    them is said to be modified is arbitrary.
    """
    samples: ComparisonSamples
    """The first rows of each kind, at most 20."""
    unchanged: int
    """Rows that both have as they are."""


@dataclass(frozen=True)
class ComparisonSamples(Record):
    """Rows of each kind."""

    _shapes: ClassVar[Dict[str, str]] = {"added": "[ComparedRow]", "modified": "[ModifiedRow]", "removed": "[ComparedRow]"}

    added: list[ComparedRow]
    """Rows that only `b` has."""
    modified: list[ModifiedRow]
    """Rows that changed."""
    removed: list[ComparedRow]
    """Rows that only `a` has."""


@dataclass(frozen=True)
class Confidence(Record):
    """Where the true value lies with a probability of `level`, as far as the samples can tell."""

    _shapes: ClassVar[Dict[str, str]] = {}

    high: float
    """The upper end."""
    level: float
    """The probability, 0.95."""
    low: float
    """The lower end."""
    method: IntervalMethod
    """How it was computed."""


@dataclass(frozen=True)
class ContaminationCheck(Record):
    """A contamination check, under way or done."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "method": "ContaminationMethod", "progress": "ValidationProgress", "sources": "[ContaminationSource]", "finished_at": "time", "model": "ContaminationModel", "report": "ContaminationReport"}

    id: str
    """Its id."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    dataset_id: DatasetId
    """The dataset version whose rows are looked for."""
    digest: str
    """The digest of its bytes."""
    method: ContaminationMethod
    """By what rows are held to be the same."""
    progress: ValidationProgress
    """How far it is, over all that is read."""
    sources: list[ContaminationSource]
    """What is looked in."""
    state: DatasetWorkState
    """Where it stands."""
    error: str | None = None
    """Why it failed."""
    finished_at: datetime | None = None
    """When it ended."""
    model: ContaminationModel | None = None
    """The model whose data is looked in, if one was named."""
    report: ContaminationReport | None = None
    """What was found, once it succeeded."""


@dataclass(frozen=True)
class ContaminationCounts(Record):
    """How many rows were found, by how."""

    _shapes: ClassVar[Dict[str, str]] = {}

    exact: int
    """As they are."""
    near: int
    """Nearly."""
    ngram: int
    """In runs of words."""
    rows: int
    """All that were found: the sum of the three."""
    share: float
    """The share of the rows that were looked for, 0 to 1."""


@dataclass(frozen=True)
class ContaminationMethod(Record):
    """By what rows are held to be the same, with everything filled in."""

    _shapes: ClassVar[Dict[str, str]] = {}

    columns: list[str]
    """The columns whose text is looked for, in the order in which they are put together."""
    min_overlap: float
    """The share of a row's runs that must be found."""
    ngram: int
    """Words of a run."""
    similarity: float
    """The least similarity of rows that are nearly the same."""


@dataclass(frozen=True)
class ContaminationModel(Record):
    """The model whose data is looked in."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name and version when the check began, as `tiny:1.0.0`."""
    missing: list[DatasetId]
    """Datasets it learned from that cannot be looked in: they are deleted."""
    model_id: str
    """Its id."""
    truncated: bool
    """Whether it comes from a model that is deleted, or from more than 64."""


@dataclass(frozen=True)
class ContaminationReport(Record):
    """What a contamination check found."""

    _shapes: ClassVar[Dict[str, str]] = {"affected": "ContaminationCounts", "sources": "[ContaminationSourceReport]", "samples": "[ContaminationSample]"}

    affected: ContaminationCounts
    """The rows that were found anywhere, each by its strongest finding."""
    common_ngrams: int
    """Runs of words that stand in more than 10 rows of the dataset. They are its form, as a question that is always
    asked the
    same, and count for nothing.
    """
    complete: bool
    """Whether every row was looked for in all that was to be looked in."""
    left_out: list[str]
    """What was left out, in plain words; nothing if it is complete."""
    ngrams: int
    """Different runs of words that were looked for."""
    rows: int
    """Rows of the dataset that can be read."""
    rows_checked: int
    """Rows that were looked for."""
    rows_without_text: int
    """Rows without a word in the columns that were looked at."""
    sources: list[ContaminationSourceReport]
    """The same by dataset."""
    samples: list[ContaminationSample] | None = None
    """Up to 100 pairs of rows, of each dataset and each kind some; absent in a list."""


@dataclass(frozen=True)
class ContaminationSample(Record):
    """Two rows that share text."""

    _shapes: ClassVar[Dict[str, str]] = {}

    excerpt: str
    """Text of the row about where it was found, at most 500 characters; personal data in it is masked."""
    kind: ContaminationKind
    """How the row was found."""
    measure: float
    """Of runs of words the share found in the whole dataset; of rows that are nearly the same the similarity; else 1."""
    pair_measure: float
    """Of runs of words the share found in the row shown; else as `measure`."""
    row: int
    """Its number in the checked dataset, from 0."""
    source_excerpt: str
    """The same of the other row."""
    source_id: DatasetId
    """In which dataset it was found."""
    source_row: int
    """The number of the row there, from 0; of runs of words the row that holds most of them."""


@dataclass(frozen=True)
class ContaminationSource(Record):
    """A dataset version that is looked in."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    version: str
    """Its version."""
    dataset_id: DatasetId
    """Its id."""
    digest: str
    """The digest of the bytes that are read."""


@dataclass(frozen=True)
class ContaminationSourceReport(Record):
    """What was found in one dataset."""

    _shapes: ClassVar[Dict[str, str]] = {"affected": "ContaminationCounts"}

    name: str
    """Its name."""
    version: str
    """Its version."""
    affected: ContaminationCounts
    """The rows of the checked dataset that were found in it."""
    bad_rows: int
    """Its rows that cannot be read."""
    dataset_id: DatasetId
    """Its id."""
    digest: str
    """The digest of its bytes."""
    identical: bool
    """Whether its bytes are those of the checked dataset. Then nothing is read, and every row counts as found."""
    rows: int
    """Its rows that were read."""


@dataclass(frozen=True)
class ConvertRows(Record):
    """Writes rows in another of the formats in which rows are kept. Parquet is none of them: `read_dataset_rows` sends
    the rows of any dataset as `parquet`.
    """

    _shapes: ClassVar[Dict[str, str]] = {}

    to: DataFormat
    """`csv` or `jsonl`."""
    safe_cells: bool | None = None
    """Whether cells of a table that a spreadsheet would take for a formula get an apostrophe before them; yes if
    absent. These
    are texts, names of columns too, that are no number and begin with `=`, `+`, `-`, `@`, the wide forms of these
    signs, a tab
    or the end of a line, blanks before a sign aside. With `false` all cells stay as they are, and no table is made
    from a
    table.
    """


@dataclass(frozen=True)
class CostAggregate(Record):
    """Charges added up."""

    _shapes: ClassVar[Dict[str, str]] = {"groups": "[CostGroup]", "total": "CostSums"}

    group_by: CostGrouping
    """What they are added up by."""
    groups: list[CostGroup]
    """The groups by key, 1,000 at most; days the newest first."""
    total: CostSums
    """All charges together, also those of groups that are not shown."""
    truncated: bool
    """Whether there are more groups than are shown."""


@dataclass(frozen=True)
class CostEntry(Record):
    """One charge."""

    _shapes: ClassVar[Dict[str, str]] = {"at": "time", "amount": "Money"}

    id: CostEntryId
    """Its id."""
    at: datetime
    """When."""
    price_version: str
    """The version of the prices it was reckoned with."""
    project: str
    """Who pays."""
    resource_id: str
    """Its id."""
    resource_type: CostResource
    """For what."""
    usage: dict[str, int]
    """How much was used; kinds of which nothing was used are absent."""
    user: str
    """Who caused it."""
    amount: Money | None = None
    """What it costs; absent when a price is not known."""
    model: str | None = None
    """Its name."""
    model_id: str | None = None
    """The model version at work."""


@dataclass(frozen=True)
class CostGroup(Record):
    """The charges of one group."""

    _shapes: ClassVar[Dict[str, str]] = {"sums": "CostSums"}

    sums: CostSums
    """Their sums."""
    key: str | None = None
    """The model's name, the project, the day or the user; absent for charges without a model."""


@dataclass(frozen=True)
class CostPriceList(Record):
    """The prices of this platform."""

    _shapes: ClassVar[Dict[str, str]] = {"versions": "[CostPriceVersion]"}

    versions: list[CostPriceVersion]
    """Prices by the time from which they hold, the newest first."""


@dataclass(frozen=True)
class CostPriceVersion(Record):
    """The prices of one time."""

    _shapes: ClassVar[Dict[str, str]] = {"models": "{{Money}}", "since": "time", "cpu_hour": "Money"}

    version: str
    """What charges call it."""
    in_force: bool
    """Whether it holds now."""
    models: dict[str, dict[str, Money]]
    """The prices of a million tokens by kind, by the name of the model; `*` stands for any other model."""
    since: datetime
    """From when it holds."""
    cpu_hour: Money | None = None
    """The price of an hour of CPU time."""


@dataclass(frozen=True)
class CostSums(Record):
    """Sums over charges."""

    _shapes: ClassVar[Dict[str, str]] = {"amounts": "[Money]"}

    amounts: list[Money]
    """What the priced charges cost, one amount for each currency."""
    cached_input_tokens: int
    """Tokens of prompts that were in a cache."""
    count: int
    """Charges."""
    cpu_seconds: float
    """CPU time in seconds."""
    input_tokens: int
    """Tokens of prompts that had to be computed."""
    output_tokens: int
    """Tokens that models wrote."""
    unpriced: int
    """Charges among them whose price is not known, so that they are in no amount."""


@dataclass(frozen=True)
class CreatedApiKey(Record):
    """A new API key with its secret, shown this once."""

    _shapes: ClassVar[Dict[str, str]] = {"key": "ApiKey"}

    key: ApiKey
    """The key."""
    secret: str | None = None
    """What to send as `Authorization: Bearer ..`. Absent when the call was a repeat of an earlier one."""


@dataclass(frozen=True)
class Credential(Record):
    """A credential, without its secret, which nobody gets to see again."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time"}

    id: CredentialId
    """Its id."""
    name: str
    """What it is called."""
    created_at: datetime
    """When."""
    created_by: str
    """Who made it."""
    master_key: str
    """The master key that it is sealed under."""
    origin: str
    """The only server that it is sent to, as `https://api.openai.com`."""
    ending: str | None = None
    """How the secret ends, to tell credentials apart; absent for a short one."""
    model_id: str | None = None
    """The model that came with it and that it goes with; absent for one that was made by itself."""


@dataclass(frozen=True)
class Dataset(Record):
    """One version of a dataset."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "ColumnRoles", "created_at": "time", "schema": "[DatasetColumn]", "updated_at": "time", "approved_at": "time", "derived_from": "DatasetOrigin", "diff_summary": "DatasetDiffSummary", "pii_waiver": "PiiWaiver"}

    id: DatasetId
    """Its id."""
    name: str
    """Its name."""
    version: str
    """Its version."""
    type: DatasetType
    """What it is for."""
    status: DatasetStatus
    """Where it stands."""
    bytes: int
    """Bytes of all its files."""
    columns: ColumnRoles
    """Which column plays which part, as it was asked for."""
    created_at: datetime
    """When."""
    created_by: str
    """Who registered it."""
    etag: str
    """Send it as `If-Match` to change just what was read."""
    metadata: dict[str, Any]
    """The fields of its card."""
    pii_scan_status: PiiScanStatus
    """What the search for personal data showed."""
    project: str
    """The project it belongs to."""
    rows: int
    """Rows of all its files that can be read."""
    schema: list[DatasetColumn]
    """Its columns in the order of the file."""
    storage_uri: str
    """Where its files are."""
    tags: list[str]
    """Words to find it by."""
    updated_at: datetime
    """When it last changed."""
    approved_at: datetime | None = None
    """When it was approved last."""
    approved_by: str | None = None
    """By whom."""
    card_digest: str | None = None
    """SHA-256 of its card as `download_dataset_card` sends it, in hex; absent while it has none. It is no part of the
    `digest`.
    """
    change_log: str | None = None
    """What changed since the version before."""
    derived_from: DatasetOrigin | None = None
    """What it was derived from, and how, if it was made so."""
    diff_summary: DatasetDiffSummary | None = None
    """How it differs from the version it was made from. Told by `get_dataset` and `list_dataset_versions`."""
    digest: str | None = None
    """SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it."""
    format: DataFormat | None = None
    """The format of its files, once there are some."""
    owner_team: str | None = None
    """The team that answers for it."""
    parent_version_id: DatasetId | None = None
    """The version it was made from."""
    pii_waiver: PiiWaiver | None = None
    """Who lets pass what the search found, and why; the status stays `failed`."""
    quality_score: float | None = None
    """0 to 100, once validated."""
    stored_bytes: int | None = None
    """Bytes of them that earlier versions of its name do not have. Absent until that is looked at, a while after its
    files
    changed, and where the server keeps files whole.
    """
    validation: ValidationState | None = None
    """The validation under way or done last."""


@dataclass(frozen=True)
class DatasetColumn(Record):
    """One column."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name: of the header, of the JSON key, or `text`."""
    type: ColumnType
    """What its values are."""
    nullable: bool
    """Whether a row lacks it or holds nothing in it."""


@dataclass(frozen=True)
class DatasetComparison(Record):
    """How two versions differ, or how far the comparison is."""

    _shapes: ClassVar[Dict[str, str]] = {"a": "ComparedVersion", "b": "ComparedVersion", "created_at": "time", "progress": "ValidationProgress", "finished_at": "time", "report": "ComparisonReport"}

    id: str
    """Its id."""
    a: ComparedVersion
    """The version that was there first."""
    b: ComparedVersion
    """The version it is compared with."""
    created_at: datetime
    """When it was asked for first."""
    keys: list[str]
    """The columns that say which rows are the same one."""
    progress: ValidationProgress
    """How far it is."""
    state: DatasetWorkState
    """Where it stands."""
    error: str | None = None
    """Why it failed."""
    finished_at: datetime | None = None
    """When it ended."""
    report: ComparisonReport | None = None
    """What was found, once it succeeded."""


@dataclass(frozen=True)
class DatasetDerivation(Record):
    """A derivation, under way or done."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "operation": "DerivedBy", "outputs": "[DerivedOutput]", "progress": "ValidationProgress", "finished_at": "time"}

    id: str
    """Its id."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    dataset_id: DatasetId
    """From which version."""
    digest: str
    """The digest of the bytes it reads."""
    operation: DerivedBy
    """What is done."""
    outputs: list[DerivedOutput]
    """What is made."""
    progress: ValidationProgress
    """How far it is."""
    state: DatasetWorkState
    """Where it stands."""
    error: str | None = None
    """Why it failed."""
    finished_at: datetime | None = None
    """When it ended."""


@dataclass(frozen=True)
class DatasetDiffSummary(Record):
    """How a version differs from the one it was made from, as far as that is known without reading rows."""

    _shapes: ClassVar[Dict[str, str]] = {"compared": "DiffedRows"}

    base_version: str
    """The version of that one, as `1.0.0`."""
    base_version_id: DatasetId
    """The version it was made from."""
    bytes: int
    """How many bytes more there are than before; below 0 fewer."""
    columns_added: int
    """How many columns are new."""
    columns_changed: int
    """How many columns are of another type now."""
    columns_removed: int
    """How many columns are gone."""
    files: int
    """How many files more there are than before; below 0 fewer."""
    rows: int
    """How many rows more there are than before; below 0 fewer."""
    same_files: bool
    """Whether both have the same files."""
    compared: DiffedRows | None = None
    """Which rows differ: known when nothing does, and once the two were compared, as `diff_dataset_version` does."""


@dataclass(frozen=True)
class DatasetFile(Record):
    """One file of a dataset."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "schema": "[DatasetColumn]", "encoding": "DatasetFileEncoding"}

    bad_rows: int
    """Rows that cannot; the validation report says where and why."""
    bytes: int
    """Its size."""
    created_at: datetime
    """When it came."""
    format: DataFormat
    """How its rows are written."""
    header: bool
    """Whether the first record names the columns, of a table."""
    path: str
    """Its path within the dataset."""
    rows: int
    """Rows that can be read."""
    schema: list[DatasetColumn]
    """Its columns."""
    sha256: str
    """Its SHA-256 in hex."""
    delimiter: str | None = None
    """What separates the values, of a table."""
    encoding: DatasetFileEncoding | None = None
    """What it was written in when it came, if that was not UTF-8; it is kept in UTF-8."""
    guessed: list[GuessedForm] | None = None
    """What of these was found out from the first records, and not said by the sender. If it was found wrong, send the
    file
    again and say it.
    """


@dataclass(frozen=True)
class DatasetFileEncoding(Record):
    """What a file was written in."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The encoding, as `euc-kr`."""
    guessed: bool
    """Whether it was found out from the first MiB. If that was wrong, send the file again and say the `encoding`."""


@dataclass(frozen=True)
class DatasetOrigin(Record):
    """What a dataset was made from, and how."""

    _shapes: ClassVar[Dict[str, str]] = {"operation": "DerivedBy"}

    dataset_id: DatasetId
    """The version that was read."""
    derivation_id: str
    """The derivation."""
    digest: str
    """The digest of its files."""
    operation: DerivedBy
    """What was done."""
    part: str | None = None
    """Which part of a split this is."""


@dataclass(frozen=True)
class DatasetPreview(Record):
    """Rows of a dataset and what they are made of."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[DatasetColumn]", "items": "[PreviewRow]"}

    bytes: int
    """Bytes of all files."""
    column_count: int
    """Columns in all."""
    columns: list[DatasetColumn]
    """The columns shown."""
    items: list[PreviewRow]
    """The rows."""
    rows: int
    """Rows in all."""
    format: DataFormat | None = None
    """How the rows are written; absent while there is no file."""
    next_cursor: str | None = None
    """Give it as `cursor` for the next rows; absent at the end."""


@dataclass(frozen=True)
class DatasetReview(Record):
    """A decision on a dataset."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "waiver": "PiiWaiver"}

    id: str
    """Its id."""
    created_at: datetime
    """When."""
    dataset_id: DatasetId
    """On which dataset."""
    decision: DatasetDecision
    """What was decided."""
    reviewer: str
    """By whom."""
    digest: str | None = None
    """The digest of the files it was about."""
    notes: str | None = None
    """Why."""
    waiver: PiiWaiver | None = None
    """The waiver that an approval relied on."""


@dataclass(frozen=True)
class DatasetStatistics(Record):
    """What a dataset holds, column by column."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[ColumnStatistics]"}

    columns: list[ColumnStatistics]
    """Column by column."""
    digest: str
    """The digest of the bytes they are about."""
    rows: int
    """Rows."""


@dataclass(frozen=True)
class DatasetStorage(Record):
    """What all versions of one name take together."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The name."""
    bytes: int
    """Bytes of their files: what full copies would take."""
    pending: int
    """How many of them are not looked at yet; they count as if they were stored in full."""
    saved: float
    """The share of `bytes` that is saved, 0 to 1."""
    stored_bytes: int
    """Bytes that are stored for them, each chunk once."""
    versions: int
    """How many versions it has."""


@dataclass(frozen=True)
class DatasetUpload(Record):
    """A file that comes in parts."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "expires_at": "time", "updated_at": "time", "error": "UploadError", "file": "DatasetFile", "missing": "[PartRange]"}

    id: UploadId
    """Its id."""
    bytes: int
    """How many bytes it has."""
    created_at: datetime
    """When."""
    created_by: str
    """Who began it."""
    dataset_id: DatasetId
    """Whose file it is to be."""
    expires_at: datetime
    """When it is forgotten unless more comes."""
    part_bytes: int
    """How many bytes a part has; the last has what is left."""
    parts: int
    """How many parts there are."""
    path: str
    """Its path within the dataset."""
    received_bytes: int
    """How many bytes came."""
    state: UploadState
    """Where it stands."""
    updated_at: datetime
    """When something of it came last."""
    delimiter: str | None = None
    """What was said to separate the values of a table."""
    encoding: str | None = None
    """What the text was said to be written in."""
    error: UploadError | None = None
    """Why the whole was refused, or what keeps it from being put together, which is tried again."""
    file: DatasetFile | None = None
    """The file, once it is one of the dataset's; a `README.md` is none, but its card. Lists leave it out."""
    format: DataFormat | None = None
    """The format that was said."""
    header: bool | None = None
    """Whether a table's first record was said to name its columns."""
    missing: list[PartRange] | None = None
    """The parts that are to come. Lists leave it out."""
    sha256: str | None = None
    """The SHA-256 that it must have as it is sent, in hex."""


@dataclass(frozen=True)
class DatasetValidation(Record):
    """A validation, under way or done."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "progress": "ValidationProgress", "finished_at": "time", "report": "ValidationReport"}

    id: str
    """Its id."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    dataset_id: DatasetId
    """Of which dataset."""
    digest: str
    """The digest of the bytes it is about."""
    progress: ValidationProgress
    """How far it is."""
    state: ValidationState
    """Where it stands."""
    error: str | None = None
    """Why it failed."""
    finished_at: datetime | None = None
    """When it ended."""
    report: ValidationReport | None = None
    """What it found, once it succeeded."""


@dataclass(frozen=True)
class DedupeRows(Record):
    """Leaves out repeated rows; the first of them stays."""

    _shapes: ClassVar[Dict[str, str]] = {}

    columns: list[str] | None = None
    """The columns in which rows must be equal; all if absent."""
    near: bool | None = None
    """Whether rows are left out too that are nearly an earlier one in these columns: whose runs of three words are, as
    far
    as MinHash tells, at least to 80 % the same. Rows of fewer than 20 words are not judged; they are held against
    the
    first 262,144 different ones. `false` if absent.
    """


@dataclass(frozen=True)
class DeletedDataset(Record):
    """A dataset that is gone."""

    _shapes: ClassVar[Dict[str, str]] = {"restorable_until": "time"}

    dataset_id: DatasetId
    """Which."""
    files: int
    """Files that will be removed from the store unless something else holds the same bytes."""
    storage_cleaned: bool
    """Whether its bytes are gone from the store already. They follow in the background: `get_dataset_deletion` says
    when they are.
    """
    restorable_until: datetime | None = None
    """Until when it can be brought back; absent when it is gone for good."""


@dataclass(frozen=True)
class DeletedModel(Record):
    """A model that is gone."""

    _shapes: ClassVar[Dict[str, str]] = {"restorable_until": "time"}

    files: int
    """Files that will be removed from the store unless something else holds the same bytes."""
    model_id: ModelId
    """Which."""
    storage_cleaned: bool
    """Whether its bytes are gone from the store already. They follow in the background: `get_model_deletion` says when
    they are.
    """
    restorable_until: datetime | None = None
    """Until when it can be brought back; absent when it is gone for good."""


@dataclass(frozen=True)
class DeletedModelAlias(Record):
    """An alias that is gone."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The model's name."""
    alias: str
    """Which."""


@dataclass(frozen=True)
class Deletion(Record):
    """Something that was deleted for good, and what became of its bytes: they go in the background, and a try that
    fails is repeated until they are gone.
    """

    _shapes: ClassVar[Dict[str, str]] = {"deleted_at": "time", "cleaned_at": "time"}

    id: str
    """The id that it had."""
    name: str
    """Its name."""
    version: str
    """Its version."""
    deleted_at: datetime
    """When it went for good."""
    deleted_by: str
    """Who let it go for good: `system` when its time in the trash was over."""
    failures: int
    """How often a try failed; each is made again after a pause, of five minutes at most."""
    files: int
    """How many files it had."""
    freed_bytes: int
    """Bytes of files that are gone."""
    kept_bytes: int
    """Bytes of files that stay, because something else holds the same."""
    storage_cleaned: bool
    """Whether all is done: what nothing else needed of its bytes is gone from the store."""
    waiting_files: int
    """How many different files are still to be looked at."""
    cleaned_at: datetime | None = None
    """When all was done."""
    error: str | None = None
    """Why the last try that failed did."""


@dataclass(frozen=True)
class DerivedBy(Record):
    """The operation by which a dataset is made; exactly one is there."""

    _shapes: ClassVar[Dict[str, str]] = {"convert": "ConvertRows", "dedupe": "DedupeRows", "filter": "FilterRows", "map": "MapRows", "redact": "RedactRows", "sample": "SampleRows", "split": "SplitRows", "tokens": "TokenRows"}

    convert: ConvertRows | None = None
    """In another format."""
    dedupe: DedupeRows | None = None
    """Without repeated rows."""
    filter: FilterRows | None = None
    """Rows that a condition keeps."""
    map: MapRows | None = None
    """Columns by templates."""
    redact: RedactRows | None = None
    """Without personal data."""
    sample: SampleRows | None = None
    """Some of the rows."""
    split: SplitRows | None = None
    """Into parts."""
    tokens: TokenRows | None = None
    """Rows of so many tokens, with the digest of the tokenizer and the columns that were read."""


@dataclass(frozen=True)
class DerivedOutput(Record):
    """A dataset that is made."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    version: str
    """Its version."""
    dataset_id: DatasetId
    """Its id; there is none under it before the derivation succeeded."""
    part: str | None = None
    """Which part of a split it is."""
    rows: int | None = None
    """Its rows, once it is there."""


@dataclass(frozen=True)
class DiffedRows(Record):
    """How many rows differ between two versions."""

    _shapes: ClassVar[Dict[str, str]] = {}

    added: int
    """Rows that were not there before."""
    keys: list[str]
    """The columns that said which rows are the same one; without any, rows were compared as they are."""
    modified: int
    """Rows of one key whose other values differ."""
    removed: int
    """Rows that are gone."""


@dataclass(frozen=True)
class DriftReport(Record):
    """How the columns are spread beside those of the parent."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[ColumnDrift]"}

    version: str
    """Its version."""
    columns: list[ColumnDrift]
    """Those that drifted."""
    compared: int
    """Columns that both have."""
    parent_version_id: DatasetId
    """The parent."""


@dataclass(frozen=True)
class Endpoint(Record):
    """A model that answers under a route."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "limits": "EndpointLimits", "replicas": "ReplicaCount", "updated_at": "time", "history": "[EndpointChange]", "plan": "EndpointPlan"}

    id: EndpointId
    """Its id."""
    status: EndpointStatus
    """How it is."""
    created_at: datetime
    """When."""
    created_by: str
    """Who deployed it."""
    environment: Environment
    """Whom it answers."""
    etag: str
    """Send it as `If-Match` to change just what was read; what the platform observes leaves it as it is."""
    limits: EndpointLimits
    """What it takes."""
    min_replicas: int
    """How many replicas there are to be."""
    model_id: ModelId
    """The model that answers."""
    model_name: str
    """Its name."""
    model_version: str
    """Its version."""
    project: str
    """The project it belongs to."""
    replicas: ReplicaCount
    """How many there are."""
    revision: int
    """The revision that answers."""
    route: str
    """Where, as `/tiny-chat`; unique within the environment."""
    serving_framework: ServingFramework
    """What carries it out."""
    status_reason: str
    """Why, in words, with the evidence."""
    updated_at: datetime
    """When it last changed."""
    history: list[EndpointChange] | None = None
    """How it was before, oldest first, at most 100; not in lists."""
    next_revision: int | None = None
    """The revision on its way to answer, while there is one."""
    plan: EndpointPlan | None = None
    """What would run, of a dry run."""
    rollback_plan: str | None = None
    """What to do when it goes wrong."""


@dataclass(frozen=True)
class EndpointChange(Record):
    """How an endpoint was from an instant on."""

    _shapes: ClassVar[Dict[str, str]] = {"at": "time"}

    status: EndpointStatus
    """How it was."""
    at: datetime
    """Since when."""
    reason: str
    """Why."""
    revision: int | None = None
    """The revision that answered, if one did."""


@dataclass(frozen=True)
class EndpointFile(Record):
    """A file of the model, as a replica finds it."""

    _shapes: ClassVar[Dict[str, str]] = {}

    bytes: int
    """Its size in bytes."""
    path: str
    """Its path in the replica's folder."""
    sha256: str
    """Its SHA-256, in hex."""


@dataclass(frozen=True)
class EndpointLimits(Record):
    """What an endpoint takes."""

    _shapes: ClassVar[Dict[str, str]] = {}

    max_concurrent_requests: int = 8
    """The most requests each replica works on at once, 1 to 256; 8 if absent."""
    max_input_tokens: int | None = None
    """The most tokens of a prompt, 1 to 1,000,000; what the model allows if absent."""
    max_output_tokens: int | None = None
    """The most tokens of an answer, 1 to 1,000,000; what the model allows if absent."""


@dataclass(frozen=True)
class EndpointLogLine(Record):
    """A line that a replica wrote."""

    _shapes: ClassVar[Dict[str, str]] = {}

    channel: EndpointLogChannel
    """Where it wrote."""
    line: str
    """The line, without its end."""
    replica: str
    """The replica's name; a restart gets a new one."""
    revision: int
    """The revision it runs."""


@dataclass(frozen=True)
class EndpointPlan(Record):
    """What runs for each replica of an endpoint."""

    _shapes: ClassVar[Dict[str, str]] = {"files": "[EndpointFile]"}

    arguments: list[str]
    """The arguments of the runtime."""
    cpu_millis: int
    """Thousandths of a core each replica may use."""
    files: list[EndpointFile]
    """The files brought to each replica."""
    model_digest: str
    """The digest over the model's files, as it was approved."""


@dataclass(frozen=True)
class EndpointRevision(Record):
    """One revision of an endpoint. It never changes."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "limits": "EndpointLimits", "plan": "EndpointPlan"}

    active: bool
    """Whether it is the one that answers."""
    created_at: datetime
    """When."""
    created_by: str
    """Who made it."""
    endpoint_id: EndpointId
    """Whose."""
    limits: EndpointLimits
    """What it takes."""
    model_id: ModelId
    """The model."""
    model_name: str
    """Its name."""
    model_version: str
    """Its version."""
    plan: EndpointPlan
    """What runs."""
    revision: int
    """Counts from 1."""


@dataclass(frozen=True)
class EvaluationComparison(Record):
    """Evaluations over the same samples side by side."""

    _shapes: ClassVar[Dict[str, str]] = {"metrics": "[ComparedMetric]", "runs": "[EvaluationRun]"}

    dataset_digest: str
    """The digest of the dataset that all of them are over."""
    metrics: list[ComparedMetric]
    """The metrics that all of them computed in the same way."""
    runs: list[EvaluationRun]
    """The evaluations, in the order asked for."""
    samples: int
    """Samples that all of them have."""


@dataclass(frozen=True)
class EvaluationDifference(Record):
    """An evaluation compared with the first."""

    _shapes: ClassVar[Dict[str, str]] = {"test": "PairedTest"}

    run_id: EvaluationRunId
    """Which evaluation."""
    test: PairedTest
    """The paired test."""


@dataclass(frozen=True)
class EvaluationMetric(Record):
    """A metric that can be computed."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The name that requests use."""
    description: str
    """What it says."""
    higher_is_better: bool
    """Whether more is better."""
    needs: MetricNeeds
    """What it needs of a sample."""
    options: dict[str, Any]
    """Its options with their defaults; `null` stands for one that is chosen by the others."""
    highest: float | None = None
    """The best value there is, if there is one."""


@dataclass(frozen=True)
class EvaluationMetrics(Record):
    """The metrics that can be computed."""

    _shapes: ClassVar[Dict[str, str]] = {"items": "[EvaluationMetric]"}

    items: list[EvaluationMetric]
    """Each of them."""


@dataclass(frozen=True)
class EvaluationParameters(Record):
    """How answers are made."""

    _shapes: ClassVar[Dict[str, str]] = {}

    max_tokens: int | None = None
    """The most tokens of an answer, 1 to 4096; 64 if absent."""
    seed: int | None = None
    """The seed of the draws; 0 if absent."""
    temperature: float | None = None
    """0 takes the likeliest token, up to 2; 0 if absent."""


@dataclass(frozen=True)
class EvaluationProgress(Record):
    """How far an evaluation is."""

    _shapes: ClassVar[Dict[str, str]] = {}

    done: int
    """Samples that were answered."""
    total: int
    """Samples in all; 0 until the dataset was read."""


@dataclass(frozen=True)
class EvaluationRun(Record):
    """An evaluation of a model or an endpoint over a version of a dataset."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "metrics": "[MetricScore]", "parameters": "EvaluationParameters", "progress": "EvaluationProgress", "requested_metrics": "[FullMetricSpec]", "warnings": "[EvaluationWarning]", "completed_at": "time", "cost": "Money", "started_at": "time"}

    id: EvaluationRunId
    """Its id."""
    name: str
    """Its name."""
    type: EvaluationType
    """Who judges."""
    status: EvaluationStatus
    """Where it stands."""
    concurrency: int
    """How many samples are asked at a time."""
    cpu_seconds: float
    """CPU time of the process that answered, in seconds; 0 over an endpoint, which is charged for it itself."""
    created_at: datetime
    """When."""
    dataset: str
    """Its name and version, as `faq:1.0.0`."""
    dataset_digest: str
    """SHA-256 over its files, in hex. Only evaluations over the same one are compared."""
    dataset_id: DatasetId
    """The dataset version."""
    failed_samples: int
    """Samples among them that got no answer; they count as an empty one."""
    metrics: list[MetricScore]
    """The metrics over all samples, once it succeeded; in the order of the request."""
    model: str
    """Its name and version, as `tiny:1.0.0`."""
    parameters: EvaluationParameters
    """How answers are made."""
    progress: EvaluationProgress
    """How far it is."""
    project: str
    """The project it belongs to."""
    requested_metrics: list[MetricSpec]
    """What was asked for."""
    run_by: str
    """Who started it."""
    samples: int
    """Samples that are recorded."""
    status_reason: str
    """Why, in words."""
    warnings: list[EvaluationWarning]
    """What is known against its scores now: the model may have learned what it was asked. Empty where nothing is
    known, which
    says nothing about rows that nobody looked for.
    """
    completed_at: datetime | None = None
    """When it ended."""
    cost: Money | None = None
    """What it cost: its CPU time, or the tokens of its requests; absent while it runs, or when a price is not known."""
    endpoint_id: EndpointId | None = None
    """The endpoint that is asked, if one is."""
    limit: int | None = None
    """The most samples, if it was limited."""
    model_id: ModelId | None = None
    """The model that answers; behind an endpoint, the one it had when the evaluation began."""
    started_at: datetime | None = None
    """When the model was first asked."""


@dataclass(frozen=True)
class EvaluationSample(Record):
    """One sample of an evaluation."""

    _shapes: ClassVar[Dict[str, str]] = {}

    completion_tokens: int
    """Tokens of the answer."""
    number: int
    """Its place among the examples of the dataset, from 0."""
    prompt: str
    """What was asked; the text itself where a text was measured."""
    prompt_tokens: int
    """Tokens of the question."""
    scores: dict[str, float]
    """Its scores by the names of the request, once all samples are scored."""
    duration_ms: float | None = None
    """How long the answer took, in milliseconds."""
    error: str | None = None
    """Why there is no answer."""
    finish_reason: str | None = None
    """Why the answer ended, as `stop` or `length`."""
    prediction: str | None = None
    """What was answered."""
    reference: str | None = None
    """What should have been answered."""


@dataclass(frozen=True)
class EvaluationWarning(Record):
    """Something known against the scores."""

    _shapes: ClassVar[Dict[str, str]] = {"operation": "RecommendedOperation"}

    code: EvaluationWarningCode
    """What it is about."""
    text: str
    """The same in plain words, with the numbers."""
    operation: RecommendedOperation | None = None
    """The call that tells more; absent when what it would tell was deleted."""


@dataclass(frozen=True)
class ExternalFailure(Record):
    """Why somebody outside could not be asked, or what is wrong with what he answered."""

    _shapes: ClassVar[Dict[str, str]] = {}

    code: str
    """For programs, as `upstream_refused`."""
    message: str
    """What went wrong."""
    hint: str | None = None
    """What to do."""
    kind: str | None = None
    """Its kind, as `upstream`; absent of one that was written down before kinds were."""


@dataclass(frozen=True)
class ExternalTest(Record):
    """What came of asking a provider for its list of models."""

    _shapes: ClassVar[Dict[str, str]] = {"error": "ExternalFailure"}

    ok: bool
    """Whether the provider answered, took the key and offers the model."""
    error: ExternalFailure | None = None
    """What went wrong; that the model is not offered is `model_not_offered`."""
    latency_ms: int | None = None
    """How long the answer took, in milliseconds; absent when there was none."""
    models: list[str] = made(default_factory=list)
    """The names of the models that it offers, at most 1,000."""
    offered: bool | None = None
    """Whether the model is among those that the provider offers; absent where its list does not tell."""


@dataclass(frozen=True)
class FieldChange(Record):
    """A line of the record or the card that differs."""

    _shapes: ClassVar[Dict[str, str]] = {}

    field: str
    """Its name; a line of the card as `metadata.license`, of an object in it as `metadata.training.seed`."""
    a: Any | None = None
    """What `a` has; absent if nothing."""
    b: Any | None = None
    """What `b` has; absent if nothing."""


@dataclass(frozen=True)
class FileChange(Record):
    """A file that differs."""

    _shapes: ClassVar[Dict[str, str]] = {}

    difference: FileDifference
    """What became of it."""
    path: str
    """Its path within the model."""
    bytes_a: int | None = None
    """Its size in `a`."""
    bytes_b: int | None = None
    """Its size in `b`."""


@dataclass(frozen=True)
class FileCounts(Record):
    """How many files are alike, and how many differ."""

    _shapes: ClassVar[Dict[str, str]] = {}

    added: int
    """In `b` only."""
    changed: int
    """In both, with other bytes."""
    removed: int
    """In `a` only."""
    same: int
    """In both, with the same bytes."""


@dataclass(frozen=True)
class FileScan(Record):
    """What was found in a file that may run code, or says how the model is built or what its card holds. Nothing of it
    was carried out.
    """

    _shapes: ClassVar[Dict[str, str]] = {}

    architectures: list[str] | None = None
    """The architectures that a JSON file names, as `LlamaForCausalLM`; at most 16."""
    imports: list[str] | None = None
    """What loading a pickle would import, as `torch._utils._rebuild_tensor_v2`; at most 200. `?.?` stands for a name
    that
    the file hides.
    """
    incomplete: str | None = None
    """What kept the search from going to the end."""
    runs_code: bool | None = None
    """Whether it is a program of the model, or sends who loads it to one: Python files, `auto_map`,
    `trust_remote_code`.
    Such a model is approved with `codeReviewed`.
    """
    shards: list[str] | None = None
    """The files that a list of shards (`*.safetensors.index.json`) names, beside which it lies. A model is approved
    with
    all of them.
    """
    unread_card: str | None = None
    """Why the front matter of a `README.md` cannot be read, so that it says nothing for the card."""
    unsafe_imports: list[str] | None = None
    """Those of them that do more than put tensors, arrays and containers together again."""


@dataclass(frozen=True)
class FilterRows(Record):
    """Keeps rows."""

    _shapes: ClassVar[Dict[str, str]] = {}

    condition: str
    """An expression over the columns, as `prompt|length > 10 and lang == "en"`."""


@dataclass(frozen=True)
class FoundModels(Record):
    """What was found."""

    _shapes: ClassVar[Dict[str, str]] = {"models": "[Model]", "remote": "[RemoteModel]", "error": "ExternalFailure"}

    models: list[Model]
    """In the catalog, the newest version of each name, newest first: by name, by tag or by both."""
    remote: list[RemoteModel]
    """In the registry."""
    error: ExternalFailure | None = None
    """Why the registry said nothing, if it did not."""


@dataclass(frozen=True)
class FullMetricSpec(Record):
    """A metric with options."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The metric, as `bleu`."""
    label: str | None = None
    """What the answer calls it; its name unless given. Needed to ask for one metric twice."""
    options: dict[str, Any] = made(default_factory=dict)
    """The metric's own options, as `{"tokenizer": "intl"}`."""


@dataclass(frozen=True)
class GatewayRoute(Record):
    """A route and who answers it."""

    _shapes: ClassVar[Dict[str, str]] = {"limits": "EndpointLimits"}

    status: EndpointStatus
    """How the endpoint is."""
    endpoint_id: EndpointId
    """The endpoint behind it."""
    environment: Environment
    """Whom it answers."""
    in_flight: int
    """Requests under way through this server."""
    limits: EndpointLimits
    """What it takes."""
    model_id: ModelId
    """The model that answers."""
    model_name: str
    """Its name."""
    model_version: str
    """Its version."""
    replicas: int
    """How many replicas can be asked."""
    revision: int
    """The revision of the endpoint that answers."""
    route: str
    """As `/tiny-chat`."""
    status_reason: str
    """Why, in words."""


@dataclass(frozen=True)
class HistogramBar(Record):
    """One bar of a histogram."""

    _shapes: ClassVar[Dict[str, str]] = {}

    count: int
    """How many values."""
    from_: float
    """Where it begins."""
    to: float
    """Where it ends; the last bar holds its end."""


@dataclass(frozen=True)
class JobEstimate(Record):
    """What a job needs, by a formula."""

    _shapes: ClassVar[Dict[str, str]] = {"cost": "Money"}

    cpu_seconds: float
    """Seconds of CPU time."""
    formula: str
    """How these figures come about."""
    memory_bytes: int
    """The most memory, in bytes."""
    parameters: int
    """Weights of the model."""
    seconds: float
    """Seconds on the cores asked for, once it runs."""
    steps: int
    """Steps."""
    tokens: int
    """Tokens of all steps at most."""
    trained_parameters: int
    """Weights that are trained."""
    cost: Money | None = None
    """What that costs, where a price is known."""


@dataclass(frozen=True)
class JobFailure(Record):
    """Why an attempt failed."""

    _shapes: ClassVar[Dict[str, str]] = {}

    class_: JobFailureClass
    """The class."""
    evidence: str
    """What the program said, or its exit status."""
    message: str
    """What happened, in one sentence."""
    next_step: str
    """What to do about it."""
    retryable: bool
    """Whether trying the same again can help."""


@dataclass(frozen=True)
class JobLogLine(Record):
    """One line that a job wrote."""

    _shapes: ClassVar[Dict[str, str]] = {}

    attempt: int
    """By which attempt."""
    channel: JobLogChannel
    """To which output."""
    line: str
    """The line, without its end. Bytes that are no UTF-8 are replaced."""


@dataclass(frozen=True)
class JobMoment(Record):
    """Something that happened to a job."""

    _shapes: ClassVar[Dict[str, str]] = {"at": "time"}

    status: JobStatus
    """Where the job stood from then on."""
    at: datetime
    """When."""
    reason: str
    """Why."""


@dataclass(frozen=True)
class JobProgress(Record):
    """How far a job is."""

    _shapes: ClassVar[Dict[str, str]] = {}

    step: int
    """Steps done."""
    steps: int
    """Steps in all."""
    tokens: int
    """Tokens trained on."""
    eval_loss: float | None = None
    """The last loss on the data kept aside."""
    loss: float | None = None
    """The loss of the last step, smoothed."""


@dataclass(frozen=True)
class JobRetryPolicy(Record):
    """What happens after a failure that trying again can help."""

    _shapes: ClassVar[Dict[str, str]] = {}

    backoff_seconds: int | None = None
    """Seconds before the first of them, doubled each time; 0 to 3,600; 10 if absent."""
    max_retries: int | None = None
    """Attempts after the first, 0 to 3; 1 if absent."""


@dataclass(frozen=True)
class Lineage(Record):
    """Where a model came from."""

    _shapes: ClassVar[Dict[str, str]] = {}

    dataset_ids: list[str] = made(default_factory=list)
    """The dataset versions it learned from."""
    parent_model_id: ModelId | None = None
    """The model it was tuned from."""
    training_job_id: str | None = None
    """The job that made it."""


@dataclass(frozen=True)
class LineageEdge(Record):
    """One thing that came from another."""

    _shapes: ClassVar[Dict[str, str]] = {}

    from_: str
    """What was there first."""
    relation: LineageRelation
    """How."""
    to: str
    """What came from it."""


@dataclass(frozen=True)
class LineageGraph(Record):
    """What something came from and what came of it, to 10,000 things: a page of them, the nearest first, and the lines
    between them and those of the pages before.
    """

    _shapes: ClassVar[Dict[str, str]] = {"edges": "[LineageEdge]", "nodes": "[LineageNode]", "page": "PageInfo"}

    edges: list[LineageEdge]
    """How they hang together; each is given once, with the later of its two things."""
    nodes: list[LineageNode]
    """The things."""
    page: PageInfo
    """How to go on."""
    truncated: bool
    """Whether there is more than `depth` or the limit of things shows, as far as that is known by this page."""


@dataclass(frozen=True)
class LineageNode(Record):
    """A thing in a lineage."""

    _shapes: ClassVar[Dict[str, str]] = {}

    id: str
    """Its id."""
    generation: int
    """How many steps it is away from what was asked about: negative for what that came from."""
    kind: LineageKind
    """What it is."""
    name: str | None = None
    """Its name, with its version if it has one; absent when it was deleted."""


@dataclass(frozen=True)
class LoggedMetrics(Record):
    """What a batch brought."""

    _shapes: ClassVar[Dict[str, str]] = {}

    known: int
    """Points that were there already."""
    recorded: int
    """Points that are new."""


@dataclass(frozen=True)
class LoraSettings(Record):
    """The matrices that LoRA trains."""

    _shapes: ClassVar[Dict[str, str]] = {}

    alpha: float | None = None
    """Their scale, above 0 and at most 1,024; twice the rank if absent."""
    rank: int | None = None
    """Their rank, 1 to 256; 8 if absent."""
    targets: list[str] | None = None
    """The projections they stand beside, of `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`,
    `down_proj`; `q_proj` and
    `v_proj` if absent.
    """


@dataclass(frozen=True)
class MapRows(Record):
    """Makes columns."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[MappedColumn]"}

    columns: list[MappedColumn]
    """The columns that are made."""
    keep: bool | None = None
    """Whether the other columns stay; they go if absent."""


@dataclass(frozen=True)
class MappedColumn(Record):
    """A column and the template of its values."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    template: str
    """A text with columns in it, as `Q: {{ question }}`."""
    json: bool | None = None
    """Whether what it makes is JSON, as a list of messages; text if absent."""


@dataclass(frozen=True)
class MetricPoint(Record):
    """One measured value."""

    _shapes: ClassVar[Dict[str, str]] = {"value": "number", "time": "time"}

    name: str
    """The metric's name; at most 250 characters."""
    value: float
    """The value."""
    step: int = 0
    """The step it belongs to; 0 if absent."""
    time: datetime | None = None
    """When it was measured; when it came in, if absent. Absent times make a batch double when it is sent again."""


@dataclass(frozen=True)
class MetricScore(Record):
    """One metric over all samples."""

    _shapes: ClassVar[Dict[str, str]] = {"confidence": "Confidence"}

    name: str
    """The metric as the request calls it."""
    confidence: Confidence
    """Where the true value lies."""
    parts: dict[str, float]
    """The numbers behind the value, as the precisions of BLEU."""
    value: float
    """Its value."""
    signature: str | None = None
    """What another must know to compute the same, as sacrebleu writes it; BLEU and chrF have one."""


@dataclass(frozen=True)
class MetricSummary(Record):
    """What is known of a metric without reading its points."""

    _shapes: ClassVar[Dict[str, str]] = {"last": "number"}

    last: float
    """The value at the highest step."""
    points: int
    """How many points there are."""
    step: int
    """That step."""
    max: float | None = None
    """The greatest finite value."""
    min: float | None = None
    """The least finite value."""


@dataclass(frozen=True)
class Model(Record):
    """One version of a model."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "lineage": "Lineage", "updated_at": "time"}

    id: ModelId
    """Its id."""
    name: str
    """Its name."""
    version: str
    """Its version."""
    type: ModelType
    """`base`, `fine-tuned` or `external`."""
    status: ModelStatus
    """Where it stands."""
    created_at: datetime
    """When."""
    created_by: str
    """Who registered it."""
    etag: str
    """Send it as `If-Match` to change just what was read."""
    lineage: Lineage
    """Where it came from."""
    metadata: dict[str, Any]
    """The model card."""
    model_family: str
    """The family of its architecture."""
    project: str
    """The project it belongs to."""
    storage_uri: str
    """Where its files are."""
    tags: list[str]
    """Words to find it by."""
    updated_at: datetime
    """When it last changed."""
    digest: str | None = None
    """SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it."""
    evaluation_summary: dict[str, Any] = made(default_factory=dict)
    """The scores it is known by."""
    owner_team: str | None = None
    """The team that answers for it."""


@dataclass(frozen=True)
class ModelAlias(Record):
    """What an alias means."""

    _shapes: ClassVar[Dict[str, str]] = {"updated_at": "time"}

    name: str
    """The model's name."""
    version: str
    """The version."""
    type: ModelType
    """The version's type."""
    status: ModelStatus
    """Where the version stands."""
    alias: str
    """The alias."""
    etag: str
    """Send it as `If-Match` to move just what was read."""
    model_id: ModelId
    """The version's record."""
    updated_at: datetime
    """When it was last moved."""


@dataclass(frozen=True)
class ModelAliasMove(Record):
    """One move of an alias."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time"}

    id: str
    """Its id."""
    version: str
    """Its version."""
    created_at: datetime
    """When."""
    model_id: ModelId
    """What it meant from then on. The model may have been deleted since."""
    moved_by: str
    """Who moved it."""
    notes: str | None = None
    """Why."""
    replaced: str | None = None
    """The move that a rollback goes back to; absent if there is none."""


@dataclass(frozen=True)
class ModelApprovalPolicy(Record):
    """One version of a project's approval policy. What was not said when it was written is filled in."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "evaluations": "[RequiredEvaluation]"}

    version: int
    """Which version, from 1."""
    allow_warnings: bool
    """Whether evaluations count that carry warnings."""
    approvals: int
    """How many reviewers must approve."""
    created_at: datetime
    """When."""
    created_by: str
    """Who wrote this version."""
    etag: str
    """Send it as `If-Match` to change just what was read."""
    evaluations: list[RequiredEvaluation]
    """The evaluations that a model must have."""
    project: str
    """The project it belongs to."""
    description: str | None = None
    """What it is for."""
    licenses: list[str] | None = None
    """The licenses that a card may name; any if absent."""


@dataclass(frozen=True)
class ModelComparison(Record):
    """What differs between two versions. What is alike is not listed, but counted."""

    _shapes: ClassVar[Dict[str, str]] = {"a": "ComparedModel", "b": "ComparedModel", "fields": "[FieldChange]", "file_counts": "FileCounts", "files": "[FileChange]", "scores": "[ScoreChange]"}

    name: str
    """The model's name."""
    a: ComparedModel
    """The version compared from."""
    b: ComparedModel
    """The version compared to."""
    fields: list[FieldChange]
    """The lines of the record and the card that differ, in order of their names."""
    file_counts: FileCounts
    """How many files are alike, and how many differ in which way."""
    files: list[FileChange]
    """The files that differ, in order of their paths; at most 1,000."""
    same_bytes: bool
    """Whether both have the same files with the same bytes."""
    scores: list[ScoreChange]
    """The scores that at least one of them is known by, by dataset and metric."""


@dataclass(frozen=True)
class ModelExport(Record):
    """A model on its way to a registry."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "updated_at": "time", "error": "ExternalFailure"}

    id: ExportId
    """Its id."""
    name: str
    """What it is called here."""
    version: str
    """Its version here."""
    base_url: str
    """Where it answers."""
    bytes: int
    """Their bytes together."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    digest: str
    """The digest of the files that were approved."""
    files: int
    """How many files there are, the card among them."""
    model_id: ModelId
    """The model."""
    registry: str
    """Which registry."""
    repo: str
    """The repository there."""
    revision: str
    """The branch there."""
    sent_bytes: int
    """How many bytes are sent, or go with the commit."""
    sent_files: int
    """How many of them are sent, or go with the commit."""
    state: TransferState
    """Where it stands."""
    updated_at: datetime
    """When it last went on."""
    commit: str | None = None
    """The commit there that holds all files."""
    credential_id: CredentialId | None = None
    """The stored key that is shown there."""
    error: ExternalFailure | None = None
    """What is in the way."""


@dataclass(frozen=True)
class ModelFamilies(Record):
    """The families that models may be of."""

    _shapes: ClassVar[Dict[str, str]] = {"items": "[ModelFamily]"}

    items: list[ModelFamily]
    """Each of them, by name."""


@dataclass(frozen=True)
class ModelFamily(Record):
    """A family of models, and the architectures that are of it."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name, as `llama`."""
    architectures: list[str]
    """What a `config.json` may name as its `architectures`."""
    servable: bool
    """Whether the runtime that comes with the platform runs models of it."""
    trainable: bool
    """Whether jobs train models of it."""
    purpose: FamilyPurpose | None = None
    """What its models are for; not known of one that the setting `model_families` added."""


@dataclass(frozen=True)
class ModelFile(Record):
    """One file of a model."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "damaged_at": "time", "scan": "FileScan"}

    bytes: int
    """Its size in bytes."""
    created_at: datetime
    """When it came."""
    format: str
    """As `safetensors`, `gguf`, `json`, `tokenizer_json`, `safetensors_index`, `text`."""
    path: str
    """Its path within the model."""
    sha256: str
    """Its SHA-256, in hex."""
    state: FileState
    """Whether it may be used."""
    damaged_at: datetime | None = None
    """When it was found damaged, if it is."""
    scan: FileScan | None = None
    """What was found in it: that it may run code, names architectures or shards, or has a front matter that cannot be
    read.
    """


@dataclass(frozen=True)
class ModelGate(Record):
    """One gate and what it says."""

    _shapes: ClassVar[Dict[str, str]] = {"operation": "RecommendedOperation", "required": "RequiredEvaluation"}

    gate: ModelGateKind
    """What it looks at."""
    state: ModelGateState
    """What it says."""
    text: str
    """Why, in plain words, with the numbers."""
    approvals_needed: int | None = None
    """How many approvals are needed, of the same gate."""
    approved_by: list[str] = made(default_factory=list)
    """Who approved these files so far, of the gate that counts approvals."""
    code: str | None = None
    """Why it did not pass, for programs, as `evaluation_below`."""
    dataset: str | None = None
    """The dataset version that is required, as `faq:1.0.0`, if one is."""
    operation: RecommendedOperation | None = None
    """The call that mends it or tells more; absent where only a person can."""
    required: RequiredEvaluation | None = None
    """The evaluation that the policy requires, of a gate that looks at one."""
    run_id: str | None = None
    """The evaluation that was looked at."""
    value: float | None = None
    """What that one measured."""


@dataclass(frozen=True)
class ModelGates(Record):
    """What stands between a model and its approval now."""

    _shapes: ClassVar[Dict[str, str]] = {"gates": "[ModelGate]"}

    approvable: bool
    """Whether no gate failed: the rest is up to who approves."""
    gates: list[ModelGate]
    """Each gate: those that always stand, then those of the policy, then what is up to reviewers."""
    model_id: ModelId
    """Of which model."""
    digest: str | None = None
    """The digest of the files that were looked at; absent while it has none."""
    policy_version: int | None = None
    """The version of the project's approval policy that was asked; absent where the project has none."""


@dataclass(frozen=True)
class ModelImport(Record):
    """A model on its way from a registry."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "updated_at": "time", "error": "ExternalFailure", "skipped": "[SkippedFile]"}

    id: ImportId
    """Its id."""
    name: str
    """What the model is called here."""
    version: str
    """Its version here."""
    base_url: str
    """Where it answers."""
    bytes: int
    """Their bytes together."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    files: int
    """How many files there are to come."""
    received_bytes: int
    """How many bytes came."""
    received_files: int
    """How many of them came."""
    registry: str
    """Which registry."""
    repo: str
    """The repository there."""
    revision: str
    """The revision that was asked for."""
    state: TransferState
    """Where it stands."""
    updated_at: datetime
    """When it last went on."""
    commit: str | None = None
    """The commit that it meant when the registry was asked."""
    credential_id: CredentialId | None = None
    """The stored key that is shown there."""
    error: ExternalFailure | None = None
    """What is in the way."""
    model_id: ModelId | None = None
    """The model, once the registry said what there is."""
    skipped: list[SkippedFile] = made(default_factory=list)
    """Files that are left out, the first 100."""


@dataclass(frozen=True)
class ModelReview(Record):
    """A decision on a model."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time"}

    id: str
    """Its id."""
    created_at: datetime
    """When."""
    decision: ReviewDecision
    """What was decided."""
    model_id: ModelId
    """On which model."""
    reviewer: str
    """By whom."""
    digest: str | None = None
    """The digest of the files it was about."""
    notes: str | None = None
    """Why."""
    policy_version: int | None = None
    """The version of the project's approval policy that an approval was made by; absent where there was none."""


@dataclass(frozen=True)
class ModelUpdates(Record):
    """What came of looking."""

    _shapes: ClassVar[Dict[str, str]] = {"error": "ExternalFailure"}

    changed: bool
    """Whether there is a newer one."""
    commit: str
    """The commit that it came from."""
    repo: str
    """The repository that the model came from."""
    revision: str
    """The revision that was asked for."""
    error: ExternalFailure | None = None
    """What went wrong."""
    latest: str | None = None
    """The commit that the revision means now; absent when that could not be found out."""


@dataclass(frozen=True)
class ModelUpload(Record):
    """A file that comes in parts."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "expires_at": "time", "updated_at": "time", "error": "UploadError", "file": "ModelFile", "missing": "[PartRange]"}

    id: UploadId
    """Its id."""
    bytes: int
    """How many bytes it has."""
    created_at: datetime
    """When."""
    created_by: str
    """Who began it."""
    expires_at: datetime
    """When it is forgotten unless more comes."""
    model_id: ModelId
    """Whose file it is to be."""
    part_bytes: int
    """How many bytes a part has; the last has what is left."""
    parts: int
    """How many parts there are."""
    path: str
    """Its path within the model."""
    received_bytes: int
    """How many bytes came."""
    state: UploadState
    """Where it stands."""
    updated_at: datetime
    """When something of it came last."""
    error: UploadError | None = None
    """Why the whole was refused, or what keeps it from being put together, which is tried again."""
    file: ModelFile | None = None
    """The file, once it is one of the model's. Lists leave it out."""
    missing: list[PartRange] | None = None
    """The parts that are to come. Lists leave it out."""
    sha256: str | None = None
    """The SHA-256 that it must have, in hex."""


@dataclass(frozen=True)
class ModelVerification(Record):
    """What reading all files again showed."""

    _shapes: ClassVar[Dict[str, str]] = {}

    bytes: int
    """Bytes read."""
    damaged: list[str]
    """Paths whose bytes are gone or changed."""
    files: int
    """Files read."""
    verified: bool
    """Whether every file has its digest. What was found is written down: see `state` of each file."""


@dataclass(frozen=True)
class ModifiedRow(Record):
    """A row that changed."""

    _shapes: ClassVar[Dict[str, str]] = {"changes": "[ValueChange]"}

    changes: list[ValueChange]
    """What changed, column by column."""
    cut: bool
    """Whether not all of it is shown."""
    key: dict[str, Any]
    """The values of its key."""
    row_after: int
    """Its number in `b`, from 0."""
    row_before: int
    """Its number in `a`, from 0."""


@dataclass(frozen=True)
class Money(Record):
    """An amount in billionths of a currency unit, with its decimal rendering."""

    _shapes: ClassVar[Dict[str, str]] = {}

    amount: str
    """The same as a decimal number in text, as `0.000012`."""
    currency: str
    """ISO 4217, as `USD`."""
    nanos: int
    """Billionths of the unit: 1,500,000,000 is 1.5."""


@dataclass(frozen=True)
class PageInfo(Record):
    """Where a page ends."""

    _shapes: ClassVar[Dict[str, str]] = {}

    limit: int
    """The most items this page could hold."""
    next_cursor: str | None = None
    """Give it as `cursor` for the next page; absent on the last one."""
    total: int | None = None
    """How many there are in all, when `includeTotal` asked for it."""


@dataclass(frozen=True)
class PairedTest(Record):
    """What comparing two runs sample by sample gives. Differences are the second run minus the first."""

    _shapes: ClassVar[Dict[str, str]] = {}

    difference: float
    """By how much the value of the second run is higher."""
    high: float
    """The upper end of the 95 % interval of the difference."""
    losses: int
    """Samples on which the second run is worse."""
    low: float
    """The lower end of the 95 % interval of the difference."""
    p_value: float
    """How often chance alone would give a difference as large, between 0 and 1. Below 0.05 is usually called
    significant.
    """
    ties: int
    """Samples on which both are equal."""
    wins: int
    """Samples on which the second run is better."""


@dataclass(frozen=True)
class PartRange(Record):
    """Parts that follow one another."""

    _shapes: ClassVar[Dict[str, str]] = {}

    first: int
    """The first, counted from 0."""
    last: int
    """The last."""


@dataclass(frozen=True)
class PiiCount(Record):
    """How often a kind was found."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: PiiType
    """The kind."""
    count: int
    """How often."""
    allowed: int = 0
    """How often it may be."""
    rule: str | None = None
    """What found it, of the kind `custom`."""


@dataclass(frozen=True)
class PiiFinding(Record):
    """One finding."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: PiiType
    """The kind."""
    column: str
    """The column's name."""
    confidence: float
    """0 to 1."""
    end: int
    """The character after its last."""
    excerpt: str
    """What it looks like, all but its ends masked."""
    line: int
    """The line the row begins on, from 1."""
    path: str
    """The file."""
    row: int
    """The row, from 0, as in the preview."""
    start: int
    """The first character of the finding within the value, from 0."""
    rule: str | None = None
    """What found it, of the kind `custom`."""


@dataclass(frozen=True)
class PiiKind(Record):
    """A kind of personal data that is searched for."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: PiiType
    """The kind; `custom` is what detectors of the host program find under names of their own."""
    allowed: int | None = None
    """How many findings a clean dataset may have; none if absent."""
    min_confidence: float | None = None
    """Findings of less confidence count for nothing; 0.5 if absent."""


@dataclass(frozen=True)
class PiiPolicy(Record):
    """One version of a policy for personal data. What was not said when it was written is filled in."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "kinds": "[PiiKind]", "rules": "[PiiRule]"}

    name: str
    """Its name."""
    version: int
    """Which version, from 1."""
    created_at: datetime
    """When."""
    created_by: str
    """Who wrote this version."""
    etag: str
    """Send it as `If-Match` to change just what was read."""
    kinds: list[PiiKind]
    """The kinds that are searched for."""
    min_quality: float
    """The least quality that may be approved."""
    project: str
    """The project it belongs to."""
    rules: list[PiiRule]
    """Rules of the project's own."""
    waivers: bool
    """Whether a reviewer may waive what was found."""
    description: str | None = None
    """What it is for."""


@dataclass(frozen=True)
class PiiPolicyRef(Record):
    """A version of a policy."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name."""
    version: int
    """Its version."""


@dataclass(frozen=True)
class PiiReport(Record):
    """The personal and secret data found."""

    _shapes: ClassVar[Dict[str, str]] = {"counts": "[PiiCount]", "findings": "[PiiFinding]", "policy": "PiiPolicyRef", "searched": "[PiiSearched]"}

    clean: bool
    """Whether nothing was found, or no more than the policy allows, in a search for everything it asks for."""
    counts: list[PiiCount]
    """Findings by kind."""
    findings: list[PiiFinding]
    """The first 1,000 of them."""
    min_confidence: float
    """The least confidence that counted for some kind."""
    total: int
    """Findings in all."""
    types: list[PiiType]
    """The kinds searched for."""
    complete: bool = False
    """Whether everything that is to be searched for was; false in reports of earlier versions, which searched for
    less.
    """
    policy: PiiPolicyRef | None = None
    """The policy it was held to; absent for the rules that hold where there is none."""
    searched: list[PiiSearched] = made(default_factory=list)
    """What was searched for, with what counted of it and how much of that is allowed."""


@dataclass(frozen=True)
class PiiRule(Record):
    """A rule of the project's own. What it finds has the type `custom` and the rule's name."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """Its name, unique in the policy: small letters, digits, `-` and `_`, a letter first."""
    pattern: str
    """What it finds, in the syntax of the `regex` crate: no look-around, no back-references, time linear in the text.
    It
    must not match an empty text.
    """
    allowed: int | None = None
    """How many findings a clean dataset may have, at most 999, for no more than 1,000 are counted in a value; none if
    absent.
    """
    confidence: float | None = None
    """How sure a finding is; 0.9 if absent."""
    confidence_alone: float | None = None
    """How sure a finding is without any of these words; 0.3 if absent."""
    context: list[str] | None = None
    """Words, letter case aside, of which one must stand within 50 characters, or in the name of the column, for a
    finding to
    be that sure.
    """
    min_confidence: float | None = None
    """Findings of less confidence count for nothing; 0.5 if absent."""


@dataclass(frozen=True)
class PiiSearched(Record):
    """One thing that was searched for."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: PiiType
    """The kind."""
    allowed: int
    """Findings that a clean dataset may have."""
    min_confidence: float
    """The least confidence that counted."""
    rule: str | None = None
    """The rule, of the policy's own."""


@dataclass(frozen=True)
class PiiWaiver(Record):
    """That personal data which was found may stay."""

    _shapes: ClassVar[Dict[str, str]] = {"policy": "PiiPolicyRef", "waived_at": "time"}

    digest: str
    """The bytes it was found in."""
    findings: int
    """How much was found."""
    policy: PiiPolicyRef
    """The policy that allows it."""
    reason: str
    """Why it may stay."""
    validation_id: str
    """The validation that found it."""
    waived_at: datetime
    """When."""
    waived_by: str
    """Who says so."""


@dataclass(frozen=True)
class PreviewRow(Record):
    """One row as it stands in its file."""

    _shapes: ClassVar[Dict[str, str]] = {}

    line: int
    """Its line in that file, from 1."""
    path: str
    """The file it stands in."""
    row: int
    """Its number among the rows that can be read, from 0."""
    values: dict[str, Any]
    """Its values by column. Values of a table are text; a column that a row lacks is absent."""


@dataclass(frozen=True)
class Project(Record):
    """A project."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time"}

    id: ProjectId
    """Its id."""
    name: str
    """What it is called by."""
    created_at: datetime
    """When."""
    created_by: str
    """Who made it."""
    current: bool
    """Whether the call was made in it."""
    description: str | None = None
    """What it is for."""


@dataclass(frozen=True)
class QualityPart(Record):
    """One part of the quality."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """`completeness`, `uniqueness`, `near_duplicates`, `schema`, `format`, `consistency`, `outliers`, `scripts` or
    `drift`.
    """
    detail: str
    """What it counted."""
    score: float
    """0 to 100."""
    weight: float
    """Its share of the whole; the weights add up to 1."""


@dataclass(frozen=True)
class QualityReport(Record):
    """How good the rows are."""

    _shapes: ClassVar[Dict[str, str]] = {"parts": "[QualityPart]", "drift": "DriftReport", "scripts": "[ScriptShare]"}

    parts: list[QualityPart]
    """The parts."""
    score: float
    """0 to 100: the parts by their weight."""
    threshold: float
    """What approval needs."""
    drift: DriftReport | None = None
    """What changed since the parent; absent if that has no report."""
    scripts: list[ScriptShare] = made(default_factory=list)
    """Rows by the script that most of their letters are of, the most frequent first."""


@dataclass(frozen=True)
class Recommendation(Record):
    """Something to mend."""

    _shapes: ClassVar[Dict[str, str]] = {"operation": "RecommendedOperation"}

    text: str
    """What and how, in plain words."""
    operation: RecommendedOperation | None = None
    """The operation that mends it; absent where only a person can."""


@dataclass(frozen=True)
class RecommendedOperation(Record):
    """A call that is recommended."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """As `datasets.derive_dataset`."""
    parameters: dict[str, Any]
    """What it is told; of what a person has to add, nothing."""


@dataclass(frozen=True)
class RedactRows(Record):
    """Replaces what the search for personal data finds by its kind, as `[EMAIL]`."""

    _shapes: ClassVar[Dict[str, str]] = {}

    columns: list[str] | None = None
    """The columns to look at; all if absent."""
    min_confidence: float | None = None
    """Findings of less confidence stay, 0 to 1. If absent 0.5, or what the policy says."""
    pii_types: list[PiiType] | None = None
    """The kinds to replace; all if absent."""
    policy: str | None = None
    """The policy whose search finds what is replaced. If absent the one called `default`; if there is none, everything
    that is known to be personal is replaced, as for a validation.
    """
    policy_version: int | None = None
    """Which version of it; the newest if absent."""


@dataclass(frozen=True)
class RemoteModel(Record):
    """A model that a registry offers."""

    _shapes: ClassVar[Dict[str, str]] = {"updated_at": "time"}

    repo: str
    """As `owner/name`."""
    commit: str | None = None
    """The commit that it is at."""
    downloads: int | None = None
    """How often it was downloaded lately."""
    gated: bool = False
    """Whether its terms must be accepted there."""
    tags: list[str] = made(default_factory=list)
    """Words it is found by, at most 50."""
    task: str | None = None
    """What it is for, as `text-generation`."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True)
class ReplicaCount(Record):
    """How many replicas an endpoint has."""

    _shapes: ClassVar[Dict[str, str]] = {}

    available: int
    """Those that requests are sent to."""
    ready: int
    """Those whose health check passes."""
    total: int
    """All there are, of every revision, those that end included."""


@dataclass(frozen=True)
class RequiredEvaluation(Record):
    """An evaluation that a model must have, of its files as they are. The newest that has enough samples counts."""

    _shapes: ClassVar[Dict[str, str]] = {}

    metric: str
    """The metric, as `exact_match`. What an evaluation calls it does not matter."""
    at_least: float | None = None
    """The least value that passes."""
    at_most: float | None = None
    """The most that passes. Without either, having been measured is enough."""
    dataset_id: str | None = None
    """The dataset version that it must be over; any if absent."""
    min_samples: int | None = None
    """The least number of samples that got an answer; 1 if absent."""
    model_types: list[ModelType] | None = None
    """The types of models that must have it; `base` and `fine-tuned` if absent. No evaluation says whose bytes
    answered for an
    external model, so that type is none of them.
    """
    options: dict[str, Any] = made(default_factory=dict)
    """The metric's own options, which an evaluation must have used; of those that are not named, the defaults."""


@dataclass(frozen=True)
class RotatedCredentials(Record):
    """What a new master key meant."""

    _shapes: ClassVar[Dict[str, str]] = {}

    master_key: str
    """The id of the master key that everything is sealed under now."""
    resealed: int
    """How many credentials were sealed anew."""


@dataclass(frozen=True)
class RouteHealth(Record):
    """Whether a route would be answered now."""

    _shapes: ClassVar[Dict[str, str]] = {"route": "GatewayRoute"}

    available: bool
    """Whether a replica can be asked."""
    generation: int
    """The state of the gateway's knowledge; grows each time it changes."""
    route: GatewayRoute
    """The route and who answers it."""


@dataclass(frozen=True)
class Run(Record):
    """A run."""

    _shapes: ClassVar[Dict[str, str]] = {"metrics": "{MetricSummary}", "started_at": "time", "ended_at": "time"}

    id: RunId
    """Its id."""
    name: str
    """What it is called."""
    status: RunStatus
    """Where it stands."""
    created_by: str
    """Who began it."""
    metrics: dict[str, MetricSummary]
    """The last value of each metric and where it was."""
    params: dict[str, str]
    """Its parameters."""
    project: str
    """The project it belongs to."""
    started_at: datetime
    """When it began."""
    tags: dict[str, str]
    """Its tags."""
    ended_at: datetime | None = None
    """When it ended."""
    job_id: str | None = None
    """The job it records."""


@dataclass(frozen=True)
class RunComparison(Record):
    """Runs side by side."""

    _shapes: ClassVar[Dict[str, str]] = {"metrics": "{[number]}", "runs": "[Run]"}

    metrics: dict[str, list[float | None]]
    """Every metric: for each, the last value in each run."""
    params: dict[str, list[str | None]]
    """Parameters whose values differ: for each, the value in each run."""
    runs: list[Run]
    """The runs, in the order asked for."""


@dataclass(frozen=True)
class RunEvent(Record):
    """Something that happened in a run."""

    _shapes: ClassVar[Dict[str, str]] = {"points": "[MetricPoint]"}

    status: RunStatus
    """Where the run stands now. The stream ends when it is not running any more."""
    points: list[MetricPoint]
    """Points recorded since the event before."""
    seq: int
    """Counts up within the run."""


@dataclass(frozen=True)
class RunSeries(Record):
    """Metrics over steps."""

    _shapes: ClassVar[Dict[str, str]] = {"series": "[Series]"}

    run_id: RunId
    """Of which run."""
    series: list[Series]
    """One for each metric, by name."""


@dataclass(frozen=True)
class SampleRows(Record):
    """Draws rows by chance, which stay in their order. Either `rows` or `share` is given."""

    _shapes: ClassVar[Dict[str, str]] = {}

    rows: int | None = None
    """How many."""
    seed: int | None = None
    """Decides the chance; 0 if absent."""
    share: float | None = None
    """Which share of all."""


@dataclass(frozen=True)
class SampleScores(Record):
    """The scores of one sample."""

    _shapes: ClassVar[Dict[str, str]] = {}

    scores: dict[str, float]
    """By the names of the request."""


@dataclass(frozen=True)
class ScoreChange(Record):
    """A score of two versions."""

    _shapes: ClassVar[Dict[str, str]] = {}

    dataset: str
    """The dataset it was measured on, with its version."""
    metric: str
    """The metric."""
    a: float | None = None
    """What `a` reached."""
    b: float | None = None
    """What `b` reached."""
    difference: float | None = None
    """`b` less `a`, where both are there."""


@dataclass(frozen=True)
class ScoreReport(Record):
    """What the metrics say, over all pairs and one by one."""

    _shapes: ClassVar[Dict[str, str]] = {"metrics": "[MetricScore]", "samples": "[SampleScores]"}

    metrics: list[MetricScore]
    """Over all pairs, in the order of the request."""
    samples: list[SampleScores]
    """For each pair, in the order of the request."""


@dataclass(frozen=True)
class ScoredPair(Record):
    """What a model said and what it should have said."""

    _shapes: ClassVar[Dict[str, str]] = {}

    prediction: str
    """The answer to be judged, at most 1 MiB."""
    references: list[str]
    """Answers that are right, 1 to 64, each at most 1 MiB."""


@dataclass(frozen=True)
class ScriptShare(Record):
    """Rows of one script."""

    _shapes: ClassVar[Dict[str, str]] = {}

    rows: int
    """How many rows."""
    script: str
    """As `latin`, `hangul`, `han` or `kana`."""


@dataclass(frozen=True)
class Series(Record):
    """One metric over steps."""

    _shapes: ClassVar[Dict[str, str]] = {"points": "[SeriesPoint]"}

    name: str
    """The metric's name."""
    points: list[SeriesPoint]
    """Its points by step; evenly thinned when there are more than asked for, the first and the last always among them."""
    total: int
    """How many points there are in all."""


@dataclass(frozen=True)
class SeriesPoint(Record):
    """A point of a series."""

    _shapes: ClassVar[Dict[str, str]] = {"time": "time", "value": "number"}

    step: int
    """The step."""
    time: datetime
    """When it was measured."""
    value: float
    """The value."""


@dataclass(frozen=True)
class Session(Record):
    """Who calls, and what he may do."""

    _shapes: ClassVar[Dict[str, str]] = {"expires_at": "time"}

    actor: str
    """The name of the key; entries in the audit carry it as the actor."""
    all_projects: bool
    """Whether it may go to every other one."""
    permissions: list[str]
    """What its holder may do, as `catalog:create`; `*` stands for everything, any domain or any action."""
    project: str
    """The project it works in."""
    expires_at: datetime | None = None
    """When it stops to work. Absent for a key without an end."""
    secret: str | None = None
    """What to send as `Authorization: Bearer ..`, in the answer that opened it and nowhere else. Browsers get it as a
    cookie in its place.
    """


@dataclass(frozen=True)
class SignInLink(Record):
    """A link's secret."""

    _shapes: ClassVar[Dict[str, str]] = {"expires_at": "time"}

    expires_at: datetime
    """When it stops to work."""
    secret: str | None = None
    """Opens one session, once: sent as `Authorization: Bearer ..` to `open_session`, or as `/sign-in?token=..` in a
    browser. Absent when the call was a repeat of an earlier one.
    """


@dataclass(frozen=True)
class SkippedFile(Record):
    """A file that an import left out."""

    _shapes: ClassVar[Dict[str, str]] = {}

    path: str
    """Its path there."""
    reason: str
    """Why."""


@dataclass(frozen=True)
class SplitRows(Record):
    """Splits rows by chance into as many as the shares say; the shares add up to 1."""

    _shapes: ClassVar[Dict[str, str]] = {}

    train: float
    """The share to train on."""
    group_by: str | None = None
    """A column of which all rows with one value go into one part. The shares then hold for groups, about."""
    seed: int | None = None
    """Decides the chance; 0 if absent."""
    stratify_by: str | None = None
    """A column of at most 10,000 different values, which each part has in the shares of the whole."""
    test: float | None = None
    """The share to test with; none if absent."""
    validation: float | None = None
    """The share to look at while training; none if absent."""


@dataclass(frozen=True)
class StagedDatasetFile(Record):
    """Bytes that wait for a commit."""

    _shapes: ClassVar[Dict[str, str]] = {"expires_at": "time"}

    bytes: int
    """How many are kept."""
    expires_at: datetime
    """When they are forgotten unless a commit took them."""
    sha256: str
    """Their SHA-256 in hex as they were sent, by which a commit names them."""
    bad_rows: int | None = None
    """Rows that cannot."""
    kept_as: str | None = None
    """The path that the file will be kept under, if one was said: `rows.jsonl` of `rows.parquet`."""
    rows: int | None = None
    """Rows that can be read, of a file of rows whose path was said."""


@dataclass(frozen=True)
class StagedModelFile(Record):
    """Bytes that wait for a commit."""

    _shapes: ClassVar[Dict[str, str]] = {"expires_at": "time"}

    bytes: int
    """How many."""
    expires_at: datetime
    """When they are forgotten unless a commit took them."""
    sha256: str
    """Their SHA-256 in hex, by which a commit names them."""


@dataclass(frozen=True)
class StructureError(Record):
    """One row that cannot be read."""

    _shapes: ClassVar[Dict[str, str]] = {}

    line: int
    """The line, from 1."""
    path: str
    """The file."""
    reason: str
    """What is wrong."""
    column: int | None = None
    """The byte within the line where it shows, from 1, if it shows somewhere."""


@dataclass(frozen=True)
class StructureReport(Record):
    """Whether the rows can be read."""

    _shapes: ClassVar[Dict[str, str]] = {"errors": "[StructureError]", "type_changes": "[TypeChange]"}

    bad_rows: int
    """Rows that cannot."""
    errors: list[StructureError]
    """The first 100 of them."""
    missing_columns: list[str]
    """Columns that the dataset's type requires and that are not there, or are not of the type needed."""
    rows: int
    """Rows that can be read."""
    valid: bool
    """Whether everything can be read and no required column is missing."""
    incomplete_rows: int = 0
    """Rows that can be read and in which a column that the type requires is empty: nobody can learn from them or be
    asked.
    """
    type_changes: list[TypeChange] | None = None
    """Columns in which some values are of another type than most: the first 100 of them, of the first 1,000. The rows
    can
    be read all the same.
    """


@dataclass(frozen=True)
class TokenCount(Record):
    """A count of tokens, under way or done."""

    _shapes: ClassVar[Dict[str, str]] = {"created_at": "time", "progress": "ValidationProgress", "tokenizer": "TokenizerUsed", "finished_at": "time", "report": "TokenReport"}

    id: str
    """Its id."""
    columns: list[str]
    """The columns that are counted."""
    created_at: datetime
    """When."""
    created_by: str
    """Who asked for it."""
    dataset_id: DatasetId
    """Of which dataset version."""
    digest: str
    """The digest of the bytes that are read."""
    progress: ValidationProgress
    """How far it is."""
    state: DatasetWorkState
    """Where it stands."""
    tokenizer: TokenizerUsed
    """With what."""
    error: str | None = None
    """Why it failed."""
    finished_at: datetime | None = None
    """When it ended."""
    report: TokenReport | None = None
    """What was counted, once it succeeded."""


@dataclass(frozen=True)
class TokenDistribution(Record):
    """How many tokens texts have. Markers that a model puts around a text or between messages are not among them."""

    _shapes: ClassVar[Dict[str, str]] = {"distribution": "ValueDistribution"}

    counted: int
    """Texts that were counted."""
    left_out: int
    """Rows whose text could not be counted."""
    missing: int
    """Rows without text."""
    total: int
    """Tokens of all that were counted, exact."""
    distribution: ValueDistribution | None = None
    """How their tokens are spread; absent if no text was counted. Quantiles are those of 50, 90, 95 and 99 of 100.
    Beyond
    100,000 texts quantiles and bars are of a sample of so many, or fewer where more than 9 columns are counted.
    """
    over_context: int | None = None
    """Texts of more tokens than the model's context length, if that is known."""


@dataclass(frozen=True)
class TokenReport(Record):
    """What was counted."""

    _shapes: ClassVar[Dict[str, str]] = {"columns": "[ColumnTokens]", "together": "TokenDistribution"}

    bad_rows: int
    """Rows that cannot."""
    columns: list[ColumnTokens]
    """Column by column."""
    complete: bool
    """Whether everything was counted."""
    left_out: list[str]
    """What was left out, in plain words; nothing if it is complete."""
    rows: int
    """Rows of the dataset that can be read."""
    together: TokenDistribution
    """The counted columns of each row together."""
    context_length: int | None = None
    """The longest text the model takes, in tokens, if its `config.json` or `tokenizer_config.json` states it."""


@dataclass(frozen=True)
class TokenRows(Record):
    """Keeps the rows of which the texts have so many tokens together, without the markers that a model puts around
    them. At least one of `min` and `max` is given. A row whose text cannot be counted, as one of more than 1 MiB,
    ends the derivation.
    """

    _shapes: ClassVar[Dict[str, str]] = {}

    model_id: str
    """With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its files."""
    columns: list[str] | None = None
    """The columns whose tokens count. If absent those that hold text, and the one with conversations."""
    max: int | None = None
    """The most."""
    min: int | None = None
    """The fewest tokens of a row that stays."""
    tokenizer: str | None = None
    """The SHA-256 that its `tokenizer.json` must have; whatever it has now if absent."""


@dataclass(frozen=True)
class TokenizerUsed(Record):
    """The tokenizer that counts."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str
    """The model's name and version when the count was asked for, as `tiny:1.0.0`."""
    bytes: int
    """Bytes of that file."""
    digest: str
    """SHA-256 of its `tokenizer.json`. Equal digests mean equal tokens."""
    model_id: str
    """The model whose tokenizer it is."""


@dataclass(frozen=True)
class TopValue(Record):
    """A frequent value."""

    _shapes: ClassVar[Dict[str, str]] = {}

    count: int
    """How often."""
    value: str
    """The value, cut after 200 characters."""


@dataclass(frozen=True)
class TrainingArchitecture(Record):
    """The shape of a Llama decoder to be made."""

    _shapes: ClassVar[Dict[str, str]] = {}

    context: int
    """The longest text in tokens, 16 to 32,768."""
    heads: int
    """Query heads, 1 to 256."""
    hidden_size: int
    """The width of the model, 16 to 16,384; a multiple of `heads`."""
    layers: int
    """Blocks, 1 to 128."""
    vocabulary: int
    """Tokens of the tokenizer that is trained on the data, 384 to 131,072."""
    intermediate_size: int | None = None
    """The width inside a block, 16 to 65,536; 8/3 of `hiddenSize`, rounded up to a multiple of 16, if absent."""
    kv_heads: int | None = None
    """Key and value heads, a divisor of `heads`; as many if absent."""


@dataclass(frozen=True)
class TrainingEvaluation(Record):
    """Measuring on data that is kept aside, while training."""

    _shapes: ClassVar[Dict[str, str]] = {}

    every: int
    """Steps between two measurements, 1 to 1,000,000."""
    split: float
    """The share of the data kept aside, above 0 and at most 0.5."""


@dataclass(frozen=True)
class TrainingHyperparams(Record):
    """How training goes about it. What is absent gets the value named."""

    _shapes: ClassVar[Dict[str, str]] = {}

    batch_size: int | None = None
    """Examples, or windows of text, of one step: 1 to 1,024; 16."""
    clip: float | None = None
    """The longest a gradient may be, above 0 and at most 1,000; 1."""
    lr: float | None = None
    """The highest learning rate, above 0 and at most 1; 0.003, or 0.006 for LoRA, falling with the root of
    the model's weights above a million.
    """
    max_seq_len: int | None = None
    """Tokens of an example at most, 8 to the model's context; 128, or the context if that is less."""
    max_steps: int | None = None
    """Steps, 1 to 1,000,000; 200 when `numEpochs` is absent too."""
    num_epochs: float | None = None
    """How often the data is gone through, above 0 and at most 1,000, instead of `maxSteps`."""
    seed: int | None = None
    """What chance begins with, 0 to 2^53; 42."""
    warmup: int | None = None
    """Steps over which the learning rate rises, 0 to `maxSteps`; a tenth of the steps."""
    weight_decay: float | None = None
    """0 to 1; 0.01."""


@dataclass(frozen=True)
class TrainingJob(Record):
    """A training job."""

    _shapes: ClassVar[Dict[str, str]] = {"estimate": "JobEstimate", "spec": "TrainingSpec", "submitted_at": "time", "timeline": "[JobMoment]", "completed_at": "time", "cost": "Money", "failure": "JobFailure", "progress": "JobProgress", "started_at": "time"}

    id: JobId
    """Its id."""
    name: str
    """What it is called."""
    status: JobStatus
    """Where it stands."""
    attempt: int
    """The attempt under way or made last, from 1; 0 before the first."""
    cpu_seconds: float
    """CPU seconds used so far, over all attempts."""
    dataset_id: DatasetId
    """What it is trained on."""
    estimate: JobEstimate
    """What it was expected to need."""
    job_type: TrainingJobType
    """How it trains."""
    project: str
    """The project it belongs to."""
    spec: TrainingSpec
    """What was settled when it was accepted."""
    status_reason: str
    """Why it stands there, in words."""
    submitted_at: datetime
    """When."""
    submitted_by: str
    """Who submitted it."""
    timeline: list[JobMoment]
    """What happened, oldest first; at most the last 200 moments."""
    completed_at: datetime | None = None
    """When it ended."""
    cost: Money | None = None
    """What it cost so far, where a price is known."""
    failure: JobFailure | None = None
    """Why its last attempt failed."""
    model_id: ModelId | None = None
    """The model that is trained further."""
    output_model_id: ModelId | None = None
    """The model that came out."""
    progress: JobProgress | None = None
    """How far it is, once it runs."""
    queue_position: int | None = None
    """Its place in the queue, from 1, while it waits for its turn."""
    run_id: RunId | None = None
    """Its run among the experiments, from its start on."""
    started_at: datetime | None = None
    """When its first attempt began."""


@dataclass(frozen=True)
class TrainingOutput(Record):
    """What the model is called that comes out."""

    _shapes: ClassVar[Dict[str, str]] = {}

    name: str | None = None
    """A model's name; the job's if absent."""
    version: str | None = None
    """A semantic version that is free under this name; the next major one if absent."""


@dataclass(frozen=True)
class TrainingResources(Record):
    """What a job may use."""

    _shapes: ClassVar[Dict[str, str]] = {}

    cpu: float | None = None
    """Cores, above 0; 1 if absent."""


@dataclass(frozen=True)
class TrainingSpec(Record):
    """What was settled when the job was accepted: every choice, and the exact inputs."""

    _shapes: ClassVar[Dict[str, str]] = {"hyperparams": "TrainingHyperparams", "output": "TrainingOutput", "retry_policy": "JobRetryPolicy", "architecture": "TrainingArchitecture", "evaluation": "TrainingEvaluation", "lora": "LoraSettings"}

    checkpoint_every: int
    """Steps between two checkpoints."""
    cpu_millis: int
    """Thousandths of a core."""
    dataset_digest: str
    """The dataset's digest when the job was accepted."""
    hyperparams: TrainingHyperparams
    """Every hyperparameter with its value; `maxSteps` is always there."""
    max_duration_seconds: int
    """Seconds an attempt may run."""
    method: TrainingMethod
    """Which weights are trained."""
    model_family: str
    """The family of the architecture."""
    output: TrainingOutput
    """What comes out, with name and version."""
    priority: int
    """Its priority."""
    retry_policy: JobRetryPolicy
    """What happens after a failure."""
    use_gpu: bool
    """Whether it runs on a GPU."""
    architecture: TrainingArchitecture | None = None
    """The shape of the model to be made."""
    evaluation: TrainingEvaluation | None = None
    """Measuring while training."""
    lora: LoraSettings | None = None
    """The matrices of LoRA."""
    model_digest: str | None = None
    """The base model's digest when the job was accepted."""


@dataclass(frozen=True)
class TrashedItem(Record):
    """Something in the trash."""

    _shapes: ClassVar[Dict[str, str]] = {"deleted_at": "time", "purged_at": "time"}

    id: str
    """The id that it had, and has again when it is restored."""
    name: str
    """Its name."""
    version: str
    """Its version."""
    deleted_at: datetime
    """When."""
    deleted_by: str
    """Who deleted it."""
    files: int
    """How many files it has."""
    purged_at: datetime
    """When it goes for good."""


@dataclass(frozen=True)
class TypeChange(Record):
    """A column in which some values are of another type than most."""

    _shapes: ClassVar[Dict[str, str]] = {"first": "[TypeChangeAt]"}

    type: ColumnType
    """What most of its values are: boolean, number, text or json."""
    column: str
    """Its name."""
    first: list[TypeChangeAt]
    """The first 5 of each other type."""
    values: int
    """How many are of another type."""


@dataclass(frozen=True)
class TypeChangeAt(Record):
    """Where a value is of another type than most of its column."""

    _shapes: ClassVar[Dict[str, str]] = {}

    type: ColumnType
    """What the value is."""
    line: int
    """The line, from 1."""
    path: str
    """The file."""


@dataclass(frozen=True)
class UploadError(Record):
    """Why a file was refused, as an error of a call says it."""

    _shapes: ClassVar[Dict[str, str]] = {}

    code: str
    """Its code, as `checksum_mismatch`."""
    kind: str
    """Its kind, as `invalid`."""
    message: str
    """In words."""
    hint: str | None = None
    """What to do about it."""


@dataclass(frozen=True)
class UploadPart(Record):
    """A part that is kept."""

    _shapes: ClassVar[Dict[str, str]] = {}

    bytes: int
    """How many bytes it has."""
    number: int
    """Which, counted from 0."""
    sha256: str
    """Their SHA-256 in hex."""


@dataclass(frozen=True)
class UploadedDatasetFiles(Record):
    """What an upload brought."""

    _shapes: ClassVar[Dict[str, str]] = {"files": "[DatasetFile]"}

    card: bool
    """Whether a `README.md` came, which is the card of the dataset."""
    files: list[DatasetFile]
    """Each file as it is kept, in the order they came."""


@dataclass(frozen=True)
class UploadedFiles(Record):
    """The files an upload brought."""

    _shapes: ClassVar[Dict[str, str]] = {"files": "[ModelFile]"}

    files: list[ModelFile]
    """Each file as it is kept, in the order they came."""


@dataclass(frozen=True)
class ValidationProgress(Record):
    """How far a validation is."""

    _shapes: ClassVar[Dict[str, str]] = {}

    bytes: int
    """Bytes read."""
    rows: int
    """Rows read."""
    total_bytes: int
    """Bytes to read."""


@dataclass(frozen=True)
class ValidationReport(Record):
    """What a validation found."""

    _shapes: ClassVar[Dict[str, str]] = {"pii": "PiiReport", "quality": "QualityReport", "recommendations": "[Recommendation]", "statistics": "DatasetStatistics", "structure": "StructureReport"}

    pii: PiiReport
    """Personal and secret data."""
    quality: QualityReport
    """How good the rows are."""
    recommendations: list[Recommendation]
    """What to do."""
    statistics: DatasetStatistics
    """What the columns hold."""
    structure: StructureReport
    """Rows that cannot be read, and columns that are missing."""


@dataclass(frozen=True)
class ValueChange(Record):
    """One value that changed."""

    _shapes: ClassVar[Dict[str, str]] = {}

    column: str
    """The column."""
    after: Any | None = None
    """What it holds; absent if nothing."""
    before: Any | None = None
    """What it held; absent if nothing."""


@dataclass(frozen=True)
class ValueDistribution(Record):
    """How numbers are spread."""

    _shapes: ClassVar[Dict[str, str]] = {"histogram": "[HistogramBar]", "quantiles": "[ValueQuantile]"}

    histogram: list[HistogramBar]
    """Bars of equal width from the smallest to the largest, at most 20. Their counts add up to all values; from what
    an earlier
    release sampled, to those that it drew.
    """
    max: float
    """The largest."""
    mean: float
    """The mean."""
    min: float
    """The smallest."""
    quantiles: list[ValueQuantile]
    """The values below which 5, 25, 50, 75 and 95 of 100 lie; of counts of tokens 50, 90, 95 and 99."""
    sampled: bool
    """Whether quantiles, bars and `outliers` are estimates: of a sketch (Karnin, Lang and Liberty 2016) that stands
    for all values.
    They are exact up to 10,000 values, fewer beyond 100 columns; of counts of tokens up to 100,000, fewer from 10
    columns on.
    """
    std_dev: float
    """The standard deviation of the population."""
    outliers: int = 0
    """Of the values in the bars, those that lie far out: more than three quartile ranges beyond the quartiles. Of
    lengths
    by their logarithms.
    """
    rank_error: float | None = None
    """Of an estimate: how far a quantile may be from its place, as a share of all values, with a certainty of 99 in
    100 (by
    Hoeffding 1963, of what the sketch did). Of a million values 0.0008, where 10,000 are exact.
    """


@dataclass(frozen=True)
class ValueQuantile(Record):
    """One quantile."""

    _shapes: ClassVar[Dict[str, str]] = {}

    q: float
    """0 to 1."""
    value: float
    """The value, interpolated between its neighbours."""
