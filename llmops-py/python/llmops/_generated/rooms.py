# @generated from the declarations of the operations, by
# UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated
"""The rooms, for callers that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Mapping, Sequence

from .._empty import Empty
from .._upload import Files
from .._door import Door, Download, Page, Stream
from .types import (
    AddedDatasetFile,
    AddedModelFile,
    ApiKey,
    AuditEntry,
    AuditFormat,
    AuditOutcome,
    AuditVerification,
    Changes,
    ChatChunk,
    ChatCompletion,
    ChatMessage,
    ColumnRoles,
    ContaminationCheck,
    ConvertRows,
    CostAggregate,
    CostEntry,
    CostGrouping,
    CostPriceList,
    CostResource,
    CreatedApiKey,
    Credential,
    CredentialId,
    DataFormat,
    Dataset,
    DatasetComparison,
    DatasetDecision,
    DatasetDerivation,
    DatasetFile,
    DatasetId,
    DatasetPreview,
    DatasetReview,
    DatasetSort,
    DatasetStatistics,
    DatasetStatus,
    DatasetStorage,
    DatasetType,
    DatasetUpload,
    DatasetValidation,
    DedupeRows,
    DeletedDataset,
    DeletedModel,
    DeletedModelAlias,
    Deletion,
    Endpoint,
    EndpointId,
    EndpointLimits,
    EndpointLogLine,
    EndpointRevision,
    EndpointStatus,
    EndpointSwitch,
    Environment,
    EvaluationComparison,
    EvaluationFormat,
    EvaluationMetrics,
    EvaluationParameters,
    EvaluationRun,
    EvaluationRunId,
    EvaluationSample,
    EvaluationStatus,
    ExportId,
    ExternalTest,
    FilterRows,
    FoundModels,
    GatewayRoute,
    ImportId,
    JobEstimate,
    JobId,
    JobLogChannel,
    JobLogLine,
    JobRetryPolicy,
    JobStatus,
    KeyId,
    Lineage,
    LineageGraph,
    LoggedMetrics,
    LoraSettings,
    MapRows,
    MetricPoint,
    MetricSpec,
    Model,
    ModelAlias,
    ModelAliasMove,
    ModelApprovalPolicy,
    ModelComparison,
    ModelExport,
    ModelFamilies,
    ModelFile,
    ModelGates,
    ModelId,
    ModelImport,
    ModelReview,
    ModelSort,
    ModelStatus,
    ModelType,
    ModelUpdates,
    ModelUpload,
    ModelVerification,
    PiiKind,
    PiiPolicy,
    PiiRule,
    PiiScanStatus,
    PiiType,
    Project,
    RedactRows,
    RequiredEvaluation,
    ReviewDecision,
    Role,
    RotatedCredentials,
    RouteHealth,
    RowFormat,
    Run,
    RunComparison,
    RunEvent,
    RunId,
    RunSeries,
    RunStatus,
    SampleRows,
    ScoreReport,
    ScoredPair,
    Session,
    SignInLink,
    SplitRows,
    StagedDatasetFile,
    StagedModelFile,
    TokenCount,
    TokenRows,
    TrainingArchitecture,
    TrainingEvaluation,
    TrainingHyperparams,
    TrainingJob,
    TrainingJobType,
    TrainingMethod,
    TrainingOutput,
    TrainingResources,
    TransferState,
    TrashedItem,
    UploadId,
    UploadPart,
    UploadedDatasetFiles,
    UploadedFiles,
)


class Catalog:
    """Models, their versions, files, reviews and lineage."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def create_model(
        self,
        *,
        name: str,
        version: str,
        type: ModelType | None = None,
        lineage: Lineage | Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        model_family: str | None = None,
        owner_team: str | None = None,
        tags: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Model:
        """Registers a model version as a draft.

        Args:
        - name: Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters.
        - version: A semantic version, as `1.0.0`. With the name and the type it is unique within the project.
        - type: `base`, `fine-tuned` or `external`. [default: "base"]
        - lineage: Where it came from.
        - metadata: The model card: purpose, scope, contact, license and whatever else, at most 64 KiB. That of an
        external model says `provider`, `modelName`, `baseUrl`, and `apiKey` or `credentialId`; the key is sealed at
        once and never shown.
        - model_family: The family of its architecture, as `llama`. [default: "llama"]
        - owner_team: The team that answers for it.
        - tags: Words to find it by.

        `POST /llm-ops/v1/catalog/models`; needs `catalog:create`
        """
        request: dict[str, Any] = {
            "name": name,
            "version": version,
            "type": type,
            "lineage": lineage,
            "metadata": metadata,
            "modelFamily": model_family,
            "ownerTeam": owner_team,
            "tags": tags,
        }
        return self._door.call("catalog.create_model", Model, request, key=idempotency_key)

    def list_models(
        self,
        *,
        name: str | None = None,
        version: str | None = None,
        type: ModelType | None = None,
        status: ModelStatus | None = None,
        cursor: str | None = None,
        digest: str | None = None,
        family: str | None = None,
        include_total: bool | None = None,
        limit: int | None = None,
        newest: bool | None = None,
        owner_team: str | None = None,
        sort: ModelSort | None = None,
        tag: str | None = None,
        text: str | None = None,
    ) -> Page[Model]:
        """Lists models, newest first unless asked otherwise.

        Args:
        - name: Of this name.
        - version: Of this version.
        - type: Of this type.
        - status: In this status.
        - cursor: Where the page before ended.
        - digest: With files whose digest begins so, in hex.
        - family: Of this family.
        - include_total: Whether to count all that match.
        - limit: The most models of a page, 1 to 1000; 50 if absent.
        - newest: Only the newest version of each name.
        - owner_team: Of this team.
        - sort: The order.
        - tag: With this tag.
        - text: With this text in the name, letter case aside; taken literally.

        `GET /llm-ops/v1/catalog/models`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "version": version,
            "type": type,
            "status": status,
            "cursor": cursor,
            "digest": digest,
            "family": family,
            "includeTotal": include_total,
            "limit": limit,
            "newest": newest,
            "ownerTeam": owner_team,
            "sort": sort,
            "tag": tag,
            "text": text,
        }
        return self._door.page("catalog.list_models", Model, request)

    def list_model_families(
        self,
    ) -> ModelFamilies:
        """Lists the families that models may be of, with the architectures that each has.

        `GET /llm-ops/v1/catalog/families`; needs `catalog:read`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("catalog.list_model_families", ModelFamilies, request)

    def get_model(
        self,
        model_id: ModelId,
    ) -> Model:
        """Reads one model.

        Args:
        - model_id: Which.

        `GET /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.get_model", Model, request)

    def update_model(
        self,
        model_id: ModelId,
        *,
        metadata: Mapping[str, Any] | Empty | None = None,
        model_family: str | None = None,
        owner_team: str | Empty | None = None,
        tags: Sequence[str] | Empty | None = None,
        if_match: str | None = None,
    ) -> Model:
        """Changes a model's card, tags or team; what is not sent stays. Honours `If-Match`.

        Args:
        - model_id: Which.
        - metadata: Merged into the card as a JSON merge patch: a key with ``llmops.EMPTY`` is removed;
        ``llmops.EMPTY`` itself empties the card.
        - model_family: The family of its architecture, while it is a draft; that which its `config.json` names must
        be of it.
        - owner_team: The team that answers for it; ``llmops.EMPTY`` for none.
        - tags: The new tags, all of them; ``llmops.EMPTY`` for none.

        `PATCH /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "metadata": metadata,
            "modelFamily": model_family,
            "ownerTeam": owner_team,
            "tags": tags,
        }
        return self._door.call("catalog.update_model", Model, request, tag=if_match)

    def test_model(
        self,
        model_id: ModelId,
    ) -> ExternalTest:
        """Asks the provider of an external model for the models it offers, which costs nothing: whether it answers and
        takes the
        key, how fast, and whether the model is among them.

        Args:
        - model_id: Which.

        `POST /llm-ops/v1/catalog/models/{modelId}/test`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.test_model", ExternalTest, request)

    def set_model_status(
        self,
        model_id: ModelId,
        *,
        status: ModelStatus,
        notes: str | None = None,
        if_match: str | None = None,
    ) -> Model:
        """Moves a model on in its life. Approving and rejecting need the reviewer's permission as well.

        Args:
        - model_id: Which.
        - status: Where to.
        - notes: Why; kept with the review when the move is one.

        `PATCH /llm-ops/v1/catalog/models/{modelId}/status`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "status": status,
            "notes": notes,
        }
        return self._door.call("catalog.set_model_status", Model, request, tag=if_match)

    def review_model(
        self,
        model_id: ModelId,
        version: str,
        *,
        decision: ReviewDecision,
        code_reviewed: bool | None = None,
        digest: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
    ) -> Model:
        """Decides on a model under review. The decision is bound to the digest of its files. Where the project's
        policy wants
        several approvals, the model stays under review until the last.

        Args:
        - model_id: Which.
        - version: Its version, which must be the one the reviewer looked at.
        - decision: The decision.
        - code_reviewed: That the reviewer has read the programs of the model. Needed to approve one that has any:
        Python files, or JSON with `auto_map` or `trust_remote_code`.
        - digest: The digest of the files the reviewer looked at. When given, other bytes are a conflict.
        - notes: Why; at most 10,000 characters. Needed to reject or to request changes.

        `POST /llm-ops/v1/catalog/models/{modelId}/versions/{version}/approve`; needs `catalog:approve`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "version": version,
            "decision": decision,
            "codeReviewed": code_reviewed,
            "digest": digest,
            "notes": notes,
        }
        return self._door.call("catalog.review_model", Model, request, key=idempotency_key)

    def get_model_gates(
        self,
        model_id: ModelId,
    ) -> ModelGates:
        """Says what stands between a model and its approval now: each gate, whether it passed, why, and what to call.

        Args:
        - model_id: Which.

        `GET /llm-ops/v1/catalog/models/{modelId}/gates`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.get_model_gates", ModelGates, request)

    def put_model_approval_policy(
        self,
        *,
        allow_warnings: bool | None = None,
        approvals: int | None = None,
        description: str | None = None,
        evaluations: Sequence[RequiredEvaluation | Mapping[str, Any]] | None = None,
        licenses: Sequence[str] | None = None,
        if_match: str | None = None,
    ) -> ModelApprovalPolicy:
        """Writes what models must have before they are approved: evaluations, licenses, approvals. Other content is
        the next
        version.

        Args:
        - allow_warnings: Whether evaluations count that carry warnings: that the model learned from what it was
        asked. No if absent.
        - approvals: How many reviewers must approve; 1 if absent.
        - description: What it is for.
        - evaluations: The evaluations that a model must have; none if absent.
        - licenses: The licenses that a card may name, letter case aside, each as a whole; any if absent.

        `PUT /llm-ops/v1/catalog/approval-policy`; needs `catalog:policy`
        """
        request: dict[str, Any] = {
            "allowWarnings": allow_warnings,
            "approvals": approvals,
            "description": description,
            "evaluations": evaluations,
            "licenses": licenses,
        }
        return self._door.call("catalog.put_model_approval_policy", ModelApprovalPolicy, request, tag=if_match)

    def get_model_approval_policy(
        self,
        *,
        version: int | None = None,
    ) -> ModelApprovalPolicy:
        """Reads the project's approval policy, in its newest version or an older one.

        Args:
        - version: Which version; the newest if absent.

        `GET /llm-ops/v1/catalog/approval-policy`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "version": version,
        }
        return self._door.call("catalog.get_model_approval_policy", ModelApprovalPolicy, request)

    def list_model_approval_policies(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelApprovalPolicy]:
        """Lists the versions of the project's approval policy, newest first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/approval-policy/versions`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_approval_policies", ModelApprovalPolicy, request)

    def download_model_card(
        self,
        model_id: ModelId,
    ) -> Download:
        """Sends the model's card as a `README.md` of the Hub: its fields and tags as front matter, and below what the
        model's own
        `README.md` says, of which 1 MiB is read.

        Args:
        - model_id: Which.

        `GET /llm-ops/v1/catalog/models/{modelId}/card`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.download("catalog.download_model_card", request)

    def list_model_reviews(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelReview]:
        """Lists the decisions on a model, newest first.

        Args:
        - model_id: Which.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/reviews`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_reviews", ModelReview, request)

    def list_model_versions(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Model]:
        """Lists the versions of a model's name, newest first.

        Args:
        - model_id: Any version of it.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/versions`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_versions", Model, request)

    def compare_model_versions(
        self,
        model_id: ModelId,
        a: str,
        b: str,
    ) -> ModelComparison:
        """Compares two versions of a model's name: card, files and scores.

        Args:
        - model_id: Any version of the name.
        - a: The version to compare from. Where the name has it in several types, that of this model's type is
        meant.
        - b: The version to compare to.

        `GET /llm-ops/v1/catalog/models/{modelId}/versions/{a}/compare/{b}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "a": a,
            "b": b,
        }
        return self._door.call("catalog.compare_model_versions", ModelComparison, request)

    def set_model_alias(
        self,
        name: str,
        alias: str,
        *,
        version: str,
        type: ModelType | None = None,
        notes: str | None = None,
        if_match: str | None = None,
    ) -> ModelAlias:
        """Lets an alias of a model's name, as `production`, mean a version.

        Args:
        - name: The model's name.
        - alias: `production`, `staging` or a word of your own: small letters, digits, `-`, `_` and `.`, at most 64,
        the first a letter. `production` takes approved versions only; `latest` and `main` always mean the newest
        and are not set.
        - version: The version it shall mean.
        - type: The version's type; needed where the name has this version in several types.
        - notes: Why; kept with the move.

        `PUT /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "name": name,
            "alias": alias,
            "version": version,
            "type": type,
            "notes": notes,
        }
        return self._door.call("catalog.set_model_alias", ModelAlias, request, tag=if_match)

    def list_model_aliases(
        self,
        *,
        name: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelAlias]:
        """Lists aliases by the models' names.

        Args:
        - name: Of this name.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/aliases`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_aliases", ModelAlias, request)

    def get_model_alias(
        self,
        name: str,
        alias: str,
    ) -> ModelAlias:
        """Tells which version an alias means.

        Args:
        - name: The model's name.
        - alias: Which.

        `GET /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "alias": alias,
        }
        return self._door.call("catalog.get_model_alias", ModelAlias, request)

    def roll_back_model_alias(
        self,
        name: str,
        alias: str,
        *,
        notes: str | None = None,
        idempotency_key: str | None = None,
    ) -> ModelAlias:
        """Takes an alias back to the version it meant before.

        Args:
        - name: The model's name.
        - alias: Which.
        - notes: Why; kept with the move.

        `POST /llm-ops/v1/catalog/aliases/{name}/{alias}/rollback`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "name": name,
            "alias": alias,
            "notes": notes,
        }
        return self._door.call("catalog.roll_back_model_alias", ModelAlias, request, key=idempotency_key)

    def list_model_alias_moves(
        self,
        name: str,
        alias: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelAliasMove]:
        """Lists where an alias pointed, newest first.

        Args:
        - name: The model's name.
        - alias: Which.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/aliases/{name}/{alias}/moves`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "alias": alias,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_alias_moves", ModelAliasMove, request)

    def delete_model_alias(
        self,
        name: str,
        alias: str,
        *,
        if_match: str | None = None,
    ) -> DeletedModelAlias:
        """Deletes an alias. The version it meant stays.

        Args:
        - name: The model's name.
        - alias: Which.

        `DELETE /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "name": name,
            "alias": alias,
        }
        return self._door.call("catalog.delete_model_alias", DeletedModelAlias, request, tag=if_match)

    def upload_model_files(
        self,
        model_id: ModelId,
        files: Files,
        *,
        path: str | None = None,
        replace: bool | None = None,
        sha256: str | None = None,
    ) -> UploadedFiles:
        """Receives files of a model. Each is checked as what it claims to be; changed bytes return the model to draft.

        Args:
        - model_id: Whose files.
        - path: The path of a body that is sent as it is, without a form.
        - replace: Whether other bytes under the same path take the place of the old ones; refused otherwise.
        - sha256: The SHA-256 the file must have, in hex; for an upload of one file.

        `POST /llm-ops/v1/catalog/models/{modelId}/upload`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "path": path,
            "replace": replace,
            "sha256": sha256,
        }
        return self._door.upload("catalog.upload_model_files", UploadedFiles, request, files)

    def create_model_upload(
        self,
        model_id: ModelId,
        *,
        bytes: int,
        path: str,
        replace: bool | None = None,
        sha256: str | None = None,
        idempotency_key: str | None = None,
    ) -> ModelUpload:
        """Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after
        the last
        part it may be gone on with, by whoever may upload.

        Args:
        - model_id: Whose file.
        - bytes: How many bytes it has, 1 to 1 TiB.
        - path: Its path within the model.
        - replace: Whether it takes the place of other bytes under the same path; refused otherwise.
        - sha256: Its SHA-256 in hex, if it is known already; to complete the upload it is needed, or else that of
        each part.

        `POST /llm-ops/v1/catalog/models/{modelId}/uploads`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "bytes": bytes,
            "path": path,
            "replace": replace,
            "sha256": sha256,
        }
        return self._door.call("catalog.create_model_upload", ModelUpload, request, key=idempotency_key)

    def list_model_uploads(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelUpload]:
        """Lists the uploads of a model, newest first; those that are complete for a day.

        Args:
        - model_id: Whose.
        - cursor: Where the page before ended.
        - limit: The most uploads of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/uploads`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_uploads", ModelUpload, request)

    def get_model_upload(
        self,
        model_id: ModelId,
        upload_id: UploadId,
    ) -> ModelUpload:
        """Says how far an upload is, and which parts are missing.

        Args:
        - model_id: Whose file.
        - upload_id: Which upload.

        `GET /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "uploadId": upload_id,
        }
        return self._door.call("catalog.get_model_upload", ModelUpload, request)

    def upload_model_part(
        self,
        model_id: ModelId,
        upload_id: UploadId,
        number: int,
        files: Files,
        *,
        sha256: str | None = None,
    ) -> UploadPart:
        """Receives one part. The same bytes may be sent again.

        Args:
        - model_id: Whose file.
        - upload_id: Which upload.
        - number: Which part, counted from 0.
        - sha256: The SHA-256 that its bytes must have, in hex.

        `POST /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}/parts/{number}`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "uploadId": upload_id,
            "number": number,
            "sha256": sha256,
        }
        return self._door.upload("catalog.upload_model_part", UploadPart, request, files)

    def complete_model_upload(
        self,
        model_id: ModelId,
        upload_id: UploadId,
        *,
        sha256: str | None = None,
        idempotency_key: str | None = None,
    ) -> ModelUpload:
        """Says that all parts came. The whole is read and checked in the background; the upload's state says when it
        is one of
        the model's files.

        Args:
        - model_id: Whose file.
        - upload_id: Which upload.
        - sha256: The SHA-256 of the whole file, in hex; not needed if it was said when the upload began, or every
        part was sent with its own.

        `POST /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}/complete`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "uploadId": upload_id,
            "sha256": sha256,
        }
        return self._door.call("catalog.complete_model_upload", ModelUpload, request, key=idempotency_key)

    def abort_model_upload(
        self,
        model_id: ModelId,
        upload_id: UploadId,
        *,
        if_match: str | None = None,
    ) -> ModelUpload:
        """Gives an upload up. Its parts are deleted in the background.

        Args:
        - model_id: Whose file.
        - upload_id: Which upload.

        `DELETE /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "uploadId": upload_id,
        }
        return self._door.call("catalog.abort_model_upload", ModelUpload, request, tag=if_match)

    def stage_model_file(
        self,
        model_id: ModelId,
        files: Files,
        *,
        from_packs: bool | None = None,
        pack: str | None = None,
        sha256: str | None = None,
    ) -> StagedModelFile:
        """Receives bytes of a file that a commit will name. For a day they count for their sender, and for models of
        this name.

        Args:
        - model_id: A model of the name that they are for.
        - from_packs: Whether the bytes are a list in the file's place, of the runs of pieces that the file is: a
        line `PACK FROM TO` each, with the name of a pack that you have sent, the first piece counted from 0, and
        the piece before which the run ends.
        - pack: The name of a pack, 64 hexadecimal digits. The bytes are one then, and no file: pieces that are
        packed by themselves, as Xet's xorbs, of which files are put together for a day.
        - sha256: The SHA-256 that they must have, in hex.

        `POST /llm-ops/v1/catalog/models/{modelId}/staged`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "fromPacks": from_packs,
            "pack": pack,
            "sha256": sha256,
        }
        return self._door.upload("catalog.stage_model_file", StagedModelFile, request, files)

    def commit_model_files(
        self,
        model_id: ModelId,
        *,
        add: Sequence[AddedModelFile | Mapping[str, Any]] | None = None,
        digest: str | None = None,
        message: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        newest: bool | None = None,
        remove: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        take_family: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Model:
        """Adds, replaces and removes files of a model, all of them or none. A model that is no draft stays as it is: a
        draft of
        the next version begins with its files, which needs `catalog:create` as well.

        Args:
        - model_id: Whose files.
        - add: The files to make.
        - digest: The model's digest as you know it: other files mean a conflict.
        - message: What the change is, for the audit.
        - metadata: What the card gets where it has nothing under the same key.
        - newest: Whether this must still be the newest version of its name; that another is newer means a conflict
        then.
        - remove: The paths to remove first; one that ends in `/` is a folder with all that is in it.
        - tags: The tags of a model that has none.
        - take_family: Whether a model that has no other files takes the family that its `config.json` names.
        Refused without this when the model is of another family.

        `POST /llm-ops/v1/catalog/models/{modelId}/commit`; needs `catalog:upload`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "add": add,
            "digest": digest,
            "message": message,
            "metadata": metadata,
            "newest": newest,
            "remove": remove,
            "tags": tags,
            "takeFamily": take_family,
        }
        return self._door.call("catalog.commit_model_files", Model, request, key=idempotency_key)

    def import_model(
        self,
        *,
        repo: str,
        name: str | None = None,
        version: str | None = None,
        base_url: str | None = None,
        credential_id: CredentialId | None = None,
        exclude: Sequence[str] | None = None,
        include: Sequence[str] | None = None,
        model_family: str | None = None,
        owner_team: str | None = None,
        quarantined: bool | None = None,
        registry: str | None = None,
        revision: str | None = None,
        idempotency_key: str | None = None,
    ) -> ModelImport:
        """Begins to take a model over from a registry. What there is, is asked in the background, and comes into a
        draft file by
        file; whatever is cut short goes on where it was.

        Args:
        - repo: The repository there, as `owner/name`.
        - name: What the model is to be called; the repository's name without its owner if absent.
        - version: Its version; if absent `1.0.0`, or the one after the newest of the name.
        - base_url: Where it answers, as a mirror does or another platform like this one; its own address if absent.
        - credential_id: The stored key to show there, for what is private or gated.
        - exclude: And none whose path is like one of these.
        - include: Only files whose path is like one of these, as `*.gguf`; `*` is any text and `?` any character.
        - model_family: The family of its architecture; the one that its `config.json` names if absent.
        - owner_team: The team that answers for it here.
        - quarantined: Whether to take pickle files too, into quarantine; they are left out otherwise.
        - registry: Which registry; `huggingface` if absent.
        - revision: A branch, a tag or a commit; `main` if absent.

        `POST /llm-ops/v1/catalog/models/import`; needs `catalog:create`
        """
        request: dict[str, Any] = {
            "repo": repo,
            "name": name,
            "version": version,
            "baseUrl": base_url,
            "credentialId": credential_id,
            "exclude": exclude,
            "include": include,
            "modelFamily": model_family,
            "ownerTeam": owner_team,
            "quarantined": quarantined,
            "registry": registry,
            "revision": revision,
        }
        return self._door.call("catalog.import_model", ModelImport, request, key=idempotency_key)

    def list_model_imports(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: TransferState | None = None,
    ) -> Page[ModelImport]:
        """Lists imports, newest first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.
        - state: In this state.

        `GET /llm-ops/v1/catalog/imports`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
            "state": state,
        }
        return self._door.page("catalog.list_model_imports", ModelImport, request)

    def get_model_import(
        self,
        import_id: ImportId,
    ) -> ModelImport:
        """Says how far an import is.

        Args:
        - import_id: Which.

        `GET /llm-ops/v1/catalog/imports/{importId}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "importId": import_id,
        }
        return self._door.call("catalog.get_model_import", ModelImport, request)

    def watch_model_import(
        self,
        import_id: ImportId,
    ) -> Stream[ModelImport]:
        """Follows an import until it is over.

        Args:
        - import_id: Which.

        `GET /llm-ops/v1/catalog/imports/{importId}/events`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "importId": import_id,
        }
        return self._door.stream("catalog.watch_model_import", ModelImport, request)

    def resume_model_import(
        self,
        import_id: ImportId,
        *,
        idempotency_key: str | None = None,
    ) -> ModelImport:
        """Goes on with an import that failed, of the commit that it began with.

        Args:
        - import_id: Which.

        `POST /llm-ops/v1/catalog/imports/{importId}/resume`; needs `catalog:create`
        """
        request: dict[str, Any] = {
            "importId": import_id,
        }
        return self._door.call("catalog.resume_model_import", ModelImport, request, key=idempotency_key)

    def cancel_model_import(
        self,
        import_id: ImportId,
        *,
        idempotency_key: str | None = None,
    ) -> ModelImport:
        """Gives an import up. The files that came stay with the draft.

        Args:
        - import_id: Which.

        `POST /llm-ops/v1/catalog/imports/{importId}/cancel`; needs `catalog:create`
        """
        request: dict[str, Any] = {
            "importId": import_id,
        }
        return self._door.call("catalog.cancel_model_import", ModelImport, request, key=idempotency_key)

    def list_model_registry_links(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelImport]:
        """Lists where a model was taken over from, the latest first.

        Args:
        - model_id: Which model.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/registry-links`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_registry_links", ModelImport, request)

    def export_model(
        self,
        model_id: ModelId,
        *,
        repo: str,
        base_url: str | None = None,
        credential_id: CredentialId | None = None,
        message: str | None = None,
        private: bool | None = None,
        prune: bool | None = None,
        registry: str | None = None,
        revision: str | None = None,
        idempotency_key: str | None = None,
    ) -> ModelExport:
        """Begins to send an approved model to a registry: its verified files, and its card as `README.md`. What is
        there already is
        not sent again, and whatever is cut short goes on where it was.

        Args:
        - model_id: Which model. It must be approved, and stay so until it is sent.
        - repo: The repository there, as `owner/name`. It is made if it is not there.
        - base_url: Where it answers, as a mirror does or another platform like this one; its own address if absent.
        - credential_id: The stored key to show there. It must be allowed to write.
        - message: What the commit says, in one line; the model's name and version if absent.
        - private: Whether a repository that is made is for its owners only; so it is if absent.
        - prune: Whether files there that the model has not are removed; they stay if absent. `.gitattributes`
        always stays.
        - registry: Which registry; `huggingface` if absent.
        - revision: The branch that the files are committed to; `main` if absent.

        `POST /llm-ops/v1/catalog/models/{modelId}/export`; needs `catalog:export`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "repo": repo,
            "baseUrl": base_url,
            "credentialId": credential_id,
            "message": message,
            "private": private,
            "prune": prune,
            "registry": registry,
            "revision": revision,
        }
        return self._door.call("catalog.export_model", ModelExport, request, key=idempotency_key)

    def list_model_exports(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        model_id: ModelId | None = None,
        state: TransferState | None = None,
    ) -> Page[ModelExport]:
        """Lists exports, newest first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.
        - model_id: Of this model.
        - state: In this state.

        `GET /llm-ops/v1/catalog/exports`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
            "modelId": model_id,
            "state": state,
        }
        return self._door.page("catalog.list_model_exports", ModelExport, request)

    def get_model_export(
        self,
        export_id: ExportId,
    ) -> ModelExport:
        """Says how far an export is.

        Args:
        - export_id: Which.

        `GET /llm-ops/v1/catalog/exports/{exportId}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "exportId": export_id,
        }
        return self._door.call("catalog.get_model_export", ModelExport, request)

    def watch_model_export(
        self,
        export_id: ExportId,
    ) -> Stream[ModelExport]:
        """Follows an export until it is over.

        Args:
        - export_id: Which.

        `GET /llm-ops/v1/catalog/exports/{exportId}/events`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "exportId": export_id,
        }
        return self._door.stream("catalog.watch_model_export", ModelExport, request)

    def resume_model_export(
        self,
        export_id: ExportId,
        *,
        idempotency_key: str | None = None,
    ) -> ModelExport:
        """Goes on with an export that failed, of the files that it began with.

        Args:
        - export_id: Which.

        `POST /llm-ops/v1/catalog/exports/{exportId}/resume`; needs `catalog:export`
        """
        request: dict[str, Any] = {
            "exportId": export_id,
        }
        return self._door.call("catalog.resume_model_export", ModelExport, request, key=idempotency_key)

    def cancel_model_export(
        self,
        export_id: ExportId,
        *,
        idempotency_key: str | None = None,
    ) -> ModelExport:
        """Gives an export up. What was sent stays where it is.

        Args:
        - export_id: Which.

        `POST /llm-ops/v1/catalog/exports/{exportId}/cancel`; needs `catalog:export`
        """
        request: dict[str, Any] = {
            "exportId": export_id,
        }
        return self._door.call("catalog.cancel_model_export", ModelExport, request, key=idempotency_key)

    def check_model_updates(
        self,
        model_id: ModelId,
    ) -> ModelUpdates:
        """Asks the registry that a model came from whether its revision means another commit by now.

        Args:
        - model_id: Which model.

        `POST /llm-ops/v1/catalog/models/{modelId}/check-updates`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.check_model_updates", ModelUpdates, request)

    def search_catalog(
        self,
        *,
        text: str,
        base_url: str | None = None,
        credential_id: CredentialId | None = None,
        limit: int | None = None,
        registry: str | None = None,
    ) -> FoundModels:
        """Looks for models in the catalog and in a registry together. That the registry does not answer is part of
        what was found.

        Args:
        - text: A part of the name; here also a tag, as a whole and in its own letter case.
        - base_url: Where it answers; its own address if absent.
        - credential_id: The stored key to show there.
        - limit: The most of each, 1 to 100; 20 if absent.
        - registry: Which registry to ask as well; `huggingface` if absent.

        `GET /llm-ops/v1/catalog/search`; needs `catalog:update`
        """
        request: dict[str, Any] = {
            "text": text,
            "baseUrl": base_url,
            "credentialId": credential_id,
            "limit": limit,
            "registry": registry,
        }
        return self._door.call("catalog.search_catalog", FoundModels, request)

    def list_model_files(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ModelFile]:
        """Lists the files of a model, by path.

        Args:
        - model_id: Whose.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/files`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_files", ModelFile, request)

    def download_model_file(
        self,
        model_id: ModelId,
        path: str,
        *,
        range: str | None = None,
    ) -> Download:
        """Sends one file of a model, or a range of it.

        Args:
        - model_id: Whose.
        - path: Its path within the model.
        - range: As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the
        whole.

        `GET /llm-ops/v1/catalog/models/{modelId}/files/{path}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "path": path,
            "range": range,
        }
        return self._door.download("catalog.download_model_file", request)

    def verify_model(
        self,
        model_id: ModelId,
    ) -> ModelVerification:
        """Reads every file again and compares its digest. What is damaged is written down, and so is what is whole
        again.

        Args:
        - model_id: Which.

        `POST /llm-ops/v1/catalog/models/{modelId}/verify`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.verify_model", ModelVerification, request)

    def delete_model(
        self,
        model_id: ModelId,
        *,
        if_match: str | None = None,
    ) -> DeletedModel:
        """Deletes a model nothing depends on. It waits in the trash if the platform has one; else its files follow at
        once. The
        audit keeps who and what.

        Args:
        - model_id: Which.

        `DELETE /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:delete`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.delete_model", DeletedModel, request, tag=if_match)

    def list_trashed_models(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[TrashedItem]:
        """Lists the deleted models that can be brought back, the last deleted first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/trash/models`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_trashed_models", TrashedItem, request)

    def restore_model(
        self,
        model_id: ModelId,
        *,
        idempotency_key: str | None = None,
    ) -> Model:
        """Brings a deleted model back as it was: files, card, tags and status. The key of an external model does not
        come back.

        Args:
        - model_id: Which.

        `POST /llm-ops/v1/catalog/trash/models/{modelId}/restore`; needs `catalog:delete`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.restore_model", Model, request, key=idempotency_key)

    def purge_model(
        self,
        model_id: ModelId,
        *,
        if_match: str | None = None,
    ) -> DeletedModel:
        """Lets a deleted model go for good. Its files follow.

        Args:
        - model_id: Which.

        `DELETE /llm-ops/v1/catalog/trash/models/{modelId}`; needs `catalog:delete`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.purge_model", DeletedModel, request, tag=if_match)

    def list_model_deletions(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Deletion]:
        """Lists the models that were deleted for good, the last deleted first, and whether their bytes are gone.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/deletions/models`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("catalog.list_model_deletions", Deletion, request)

    def get_model_deletion(
        self,
        model_id: ModelId,
    ) -> Deletion:
        """Tells what became of the bytes of a model that was deleted for good: gone or not, how often that failed and
        why.

        Args:
        - model_id: Which.

        `GET /llm-ops/v1/catalog/deletions/models/{modelId}`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.call("catalog.get_model_deletion", Deletion, request)

    def get_model_lineage(
        self,
        model_id: ModelId,
        *,
        cursor: str | None = None,
        depth: int | None = None,
        limit: int | None = None,
    ) -> LineageGraph:
        """Shows all that a model came from and all that came of it: datasets, jobs, models, evaluations and endpoints.

        Args:
        - model_id: Of which model.
        - cursor: Where the page before ended.
        - depth: How many generations before and after, 1 to 10,000; all if absent.
        - limit: The most things of a page, 1 to 1000; 1000 if absent.

        `GET /llm-ops/v1/catalog/models/{modelId}/lineage`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "cursor": cursor,
            "depth": depth,
            "limit": limit,
        }
        return self._door.call("catalog.get_model_lineage", LineageGraph, request)

    def watch_model(
        self,
        model_id: ModelId,
    ) -> Stream[Model]:
        """Follows a model: its present state, then each change.

        Args:
        - model_id: Which.

        `GET /llm-ops/v1/catalog/models/{modelId}/events`; needs `catalog:read`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
        }
        return self._door.stream("catalog.watch_model", Model, request)


class Datasets:
    """Datasets, their versions, what they hold and whether they may be used."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def create_dataset(
        self,
        *,
        name: str,
        version: str,
        type: DatasetType,
        change_log: str | None = None,
        columns: ColumnRoles | Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        owner_team: str | None = None,
        tags: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Registers a dataset version as a draft without files.

        Args:
        - name: Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters.
        - version: A semantic version, as `1.0.0`. With the name it is unique within the project.
        - type: What it is for.
        - change_log: What changed since the version before, at most 10,000 characters.
        - columns: Which column plays which part; what is absent is looked for under the part's own name.
        - metadata: The fields of its card, as `license`, `language`, `task_categories` or `configs`, and whatever
        else; at most 64 KiB. The text of the card comes as a `README.md`.
        - owner_team: The team that answers for it.
        - tags: Words to find it by.

        `POST /llm-ops/v1/catalog/datasets`; needs `datasets:create`
        """
        request: dict[str, Any] = {
            "name": name,
            "version": version,
            "type": type,
            "changeLog": change_log,
            "columns": columns,
            "metadata": metadata,
            "ownerTeam": owner_team,
            "tags": tags,
        }
        return self._door.call("datasets.create_dataset", Dataset, request, key=idempotency_key)

    def list_datasets(
        self,
        *,
        name: str | None = None,
        version: str | None = None,
        type: DatasetType | None = None,
        status: DatasetStatus | None = None,
        cursor: str | None = None,
        digest: str | None = None,
        include_total: bool | None = None,
        limit: int | None = None,
        max_quality: float | None = None,
        min_quality: float | None = None,
        newest: bool | None = None,
        owner_team: str | None = None,
        pii_scan_status: PiiScanStatus | None = None,
        sort: DatasetSort | None = None,
        text: str | None = None,
    ) -> Page[Dataset]:
        """Lists datasets, newest first unless asked otherwise.

        Args:
        - name: Of this name.
        - version: Of this version.
        - type: Of this type.
        - status: In this status.
        - cursor: Where the page before ended.
        - digest: With files whose digest begins so, in hex.
        - include_total: Whether to count all that match.
        - limit: The most datasets of a page, 1 to 1000; 50 if absent.
        - max_quality: Of at most this quality, 0 to 100.
        - min_quality: Of at least this quality, 0 to 100.
        - newest: Only the newest version of each name.
        - owner_team: Of this team.
        - pii_scan_status: With this outcome of the search for personal data.
        - sort: The order.
        - text: With this text in the name, letter case aside; taken literally.

        `GET /llm-ops/v1/catalog/datasets`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "version": version,
            "type": type,
            "status": status,
            "cursor": cursor,
            "digest": digest,
            "includeTotal": include_total,
            "limit": limit,
            "maxQuality": max_quality,
            "minQuality": min_quality,
            "newest": newest,
            "ownerTeam": owner_team,
            "piiScanStatus": pii_scan_status,
            "sort": sort,
            "text": text,
        }
        return self._door.page("datasets.list_datasets", Dataset, request)

    def get_dataset(
        self,
        dataset_id: DatasetId,
    ) -> Dataset:
        """Reads one dataset.

        Args:
        - dataset_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.get_dataset", Dataset, request)

    def update_dataset(
        self,
        dataset_id: DatasetId,
        *,
        type: DatasetType | None = None,
        change_log: str | Empty | None = None,
        columns: ColumnRoles | Mapping[str, Any] | Empty | None = None,
        metadata: Mapping[str, Any] | Empty | None = None,
        owner_team: str | Empty | None = None,
        tags: Sequence[str] | Empty | None = None,
        if_match: str | None = None,
    ) -> Dataset:
        """Changes a dataset's card, tags, team, change log, type or column parts; what is not sent stays. Honours
        `If-Match`.

        Args:
        - dataset_id: Which.
        - type: What it is for. Only in draft; the dataset is to be validated again.
        - change_log: What changed since the version before; ``llmops.EMPTY`` for nothing that is told.
        - columns: Which column plays which part, all of it; ``llmops.EMPTY`` for none. Only in draft; the dataset
        is to be validated again.
        - metadata: Merged into the card as a JSON merge patch: a key with ``llmops.EMPTY`` is removed;
        ``llmops.EMPTY`` itself empties the card.
        - owner_team: The team that answers for it; ``llmops.EMPTY`` for none.
        - tags: The new tags, all of them; ``llmops.EMPTY`` for none.

        `PATCH /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "type": type,
            "changeLog": change_log,
            "columns": columns,
            "metadata": metadata,
            "ownerTeam": owner_team,
            "tags": tags,
        }
        return self._door.call("datasets.update_dataset", Dataset, request, tag=if_match)

    def download_dataset_card(
        self,
        dataset_id: DatasetId,
        *,
        range: str | None = None,
    ) -> Download:
        """Sends the dataset's card as a `README.md` of the Hub: its fields and tags as front matter, and the text
        below.

        Args:
        - dataset_id: Whose.
        - range: As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the
        whole.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/card`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "range": range,
        }
        return self._door.download("datasets.download_dataset_card", request)

    def upload_dataset_files(
        self,
        dataset_id: DatasetId,
        files: Files,
        *,
        delimiter: str | None = None,
        encoding: str | None = None,
        format: DataFormat | None = None,
        header: bool | None = None,
        path: str | None = None,
        replace: bool | None = None,
        sha256: str | None = None,
    ) -> UploadedDatasetFiles:
        """Receives files of a dataset: CSV, JSON lines, Parquet or plain text. Their structure is recorded at once. A
        `README.md` is its card.

        Args:
        - dataset_id: Whose files.
        - delimiter: What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent.
        - encoding: What the text is written in, when it is not UTF-8: a label of the WHATWG standard, as `euc-kr`,
        `windows-1252`, `shift_jis` or `utf-16le`. Found out if absent; a byte order mark in the file has the last
        word.
        - format: The format, when the path's ending does not tell: `csv`, `jsonl` or `text`.
        - header: Whether a table's first record names its columns. Found out if absent.
        - path: The path of a body that is sent as it is, without a form.
        - replace: Whether other bytes under the same path take the place of the old ones, and another text that of
        the card; refused otherwise.
        - sha256: The SHA-256 that the file must have as it is sent, in hex; for an upload of one file.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/upload`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "delimiter": delimiter,
            "encoding": encoding,
            "format": format,
            "header": header,
            "path": path,
            "replace": replace,
            "sha256": sha256,
        }
        return self._door.upload("datasets.upload_dataset_files", UploadedDatasetFiles, request, files)

    def create_dataset_upload(
        self,
        dataset_id: DatasetId,
        *,
        bytes: int,
        path: str,
        delimiter: str | None = None,
        encoding: str | None = None,
        format: DataFormat | None = None,
        header: bool | None = None,
        replace: bool | None = None,
        sha256: str | None = None,
        idempotency_key: str | None = None,
    ) -> DatasetUpload:
        """Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after
        the last
        part it may be gone on with, by whoever may upload.

        Args:
        - dataset_id: Whose file.
        - bytes: How many bytes it has, 1 to 1 TiB.
        - path: Its path within the dataset.
        - delimiter: What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent.
        - encoding: What the text is written in, when it is not UTF-8, as `upload_dataset_files` takes it. Found out
        if absent.
        - format: The format, when the path's ending does not tell: `csv`, `jsonl` or `text`.
        - header: Whether a table's first record names its columns. Found out if absent.
        - replace: Whether it takes the place of other bytes under the same path; refused otherwise.
        - sha256: Its SHA-256 in hex, as it is sent, if that is known already; to complete the upload it is needed,
        or else that of each part.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "bytes": bytes,
            "path": path,
            "delimiter": delimiter,
            "encoding": encoding,
            "format": format,
            "header": header,
            "replace": replace,
            "sha256": sha256,
        }
        return self._door.call("datasets.create_dataset_upload", DatasetUpload, request, key=idempotency_key)

    def list_dataset_uploads(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[DatasetUpload]:
        """Lists the uploads of a dataset, newest first; those that are complete for a day.

        Args:
        - dataset_id: Whose.
        - cursor: Where the page before ended.
        - limit: The most uploads of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/uploads`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_uploads", DatasetUpload, request)

    def get_dataset_upload(
        self,
        dataset_id: DatasetId,
        upload_id: UploadId,
    ) -> DatasetUpload:
        """Says how far an upload is, and which parts are missing.

        Args:
        - dataset_id: Whose file.
        - upload_id: Which upload.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "uploadId": upload_id,
        }
        return self._door.call("datasets.get_dataset_upload", DatasetUpload, request)

    def upload_dataset_part(
        self,
        dataset_id: DatasetId,
        upload_id: UploadId,
        number: int,
        files: Files,
        *,
        sha256: str | None = None,
    ) -> UploadPart:
        """Receives one part. The same bytes may be sent again.

        Args:
        - dataset_id: Whose file.
        - upload_id: Which upload.
        - number: Which part, counted from 0.
        - sha256: The SHA-256 that its bytes must have, in hex.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}/parts/{number}`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "uploadId": upload_id,
            "number": number,
            "sha256": sha256,
        }
        return self._door.upload("datasets.upload_dataset_part", UploadPart, request, files)

    def complete_dataset_upload(
        self,
        dataset_id: DatasetId,
        upload_id: UploadId,
        *,
        sha256: str | None = None,
        idempotency_key: str | None = None,
    ) -> DatasetUpload:
        """Says that all parts came. The whole is unpacked and understood in the background; the upload's state says
        when it is
        one of the dataset's files.

        Args:
        - dataset_id: Whose file.
        - upload_id: Which upload.
        - sha256: The SHA-256 of the whole file, in hex; not needed if it was said when the upload began, or every
        part was sent with its own.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}/complete`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "uploadId": upload_id,
            "sha256": sha256,
        }
        return self._door.call("datasets.complete_dataset_upload", DatasetUpload, request, key=idempotency_key)

    def abort_dataset_upload(
        self,
        dataset_id: DatasetId,
        upload_id: UploadId,
        *,
        if_match: str | None = None,
    ) -> DatasetUpload:
        """Gives an upload up. Its parts are deleted in the background.

        Args:
        - dataset_id: Whose file.
        - upload_id: Which upload.

        `DELETE /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "uploadId": upload_id,
        }
        return self._door.call("datasets.abort_dataset_upload", DatasetUpload, request, tag=if_match)

    def stage_dataset_file(
        self,
        dataset_id: DatasetId,
        files: Files,
        *,
        delimiter: str | None = None,
        encoding: str | None = None,
        format: DataFormat | None = None,
        from_packs: bool | None = None,
        header: bool | None = None,
        pack: str | None = None,
        path: str | None = None,
        sha256: str | None = None,
    ) -> StagedDatasetFile:
        """Receives bytes of a file that a commit will name, and reads them as what their path claims. For a day they
        count for
        their sender, and for datasets of this name.

        Args:
        - dataset_id: A dataset of the name that they are for.
        - delimiter: What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent.
        - encoding: What the text is written in, when it is not UTF-8, as `upload_dataset_files` takes it. Found out
        if absent.
        - format: The format, when the path's ending does not tell: `csv`, `jsonl` or `text`.
        - from_packs: Whether the bytes are a list in the file's place, of the runs of pieces that the file is: a
        line `PACK FROM TO` each, with the name of a pack that you have sent, the first piece counted from 0, and
        the piece before which the run ends.
        - header: Whether a table's first record names its columns. Found out if absent.
        - pack: The name of a pack, 64 hexadecimal digits. The bytes are one then, and no file: pieces that are
        packed by themselves, as Xet's xorbs, of which files are put together for a day.
        - path: The path that a commit will give them: they are unpacked and read as what it claims. Without one
        they only wait, and are staged once more, without bytes, when it is known.
        - sha256: The SHA-256 that they must have as they are sent, in hex.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/staged`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "delimiter": delimiter,
            "encoding": encoding,
            "format": format,
            "fromPacks": from_packs,
            "header": header,
            "pack": pack,
            "path": path,
            "sha256": sha256,
        }
        return self._door.upload("datasets.stage_dataset_file", StagedDatasetFile, request, files)

    def commit_dataset_files(
        self,
        dataset_id: DatasetId,
        *,
        add: Sequence[AddedDatasetFile | Mapping[str, Any]] | None = None,
        card_digest: str | None = None,
        digest: str | None = None,
        message: str | None = None,
        newest: bool | None = None,
        remove: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Adds, replaces and removes files of a dataset, all of them or none, and puts a `README.md` in the place of
        its card. A
        version that does not change any more stays as it is: a draft of the next version begins with its files,
        which needs
        `datasets:create` as well.

        Args:
        - dataset_id: Whose files.
        - add: The files to make.
        - card_digest: The digest of its card as you know it: another card means a conflict. Empty while it has
        none.
        - digest: The dataset's digest as you know it: other files mean a conflict. Empty while it has no files.
        - message: What the change is: for the audit, and the change log of a version that begins with it.
        - newest: Whether this must still be the newest version of its name; that another is newer means a conflict
        then.
        - remove: The paths to remove first; one that ends in `/` is a folder with all that is in it, and
        `README.md` is the card.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/commit`; needs `datasets:upload`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "add": add,
            "cardDigest": card_digest,
            "digest": digest,
            "message": message,
            "newest": newest,
            "remove": remove,
        }
        return self._door.call("datasets.commit_dataset_files", Dataset, request, key=idempotency_key)

    def list_dataset_files(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[DatasetFile]:
        """Lists the files of a dataset, by path.

        Args:
        - dataset_id: Whose.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/files`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_files", DatasetFile, request)

    def download_dataset_file(
        self,
        dataset_id: DatasetId,
        path: str,
        *,
        range: str | None = None,
    ) -> Download:
        """Sends one file of a dataset, or a range of it.

        Args:
        - dataset_id: Whose.
        - path: Its path within the dataset.
        - range: As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the
        whole.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/files/{path}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "path": path,
            "range": range,
        }
        return self._door.download("datasets.download_dataset_file", request)

    def preview_dataset(
        self,
        dataset_id: DatasetId,
        *,
        columns: Sequence[str] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        row: int | None = None,
    ) -> DatasetPreview:
        """Shows rows of a dataset. Only what is shown is read.

        Args:
        - dataset_id: Of which dataset.
        - columns: The columns to show; all if absent.
        - cursor: Where the page before ended.
        - limit: The most rows, 1 to 1000; 50 if absent. A page also ends after 4 MiB.
        - row: The row to begin with, from 0, when there is no cursor.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/preview`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "columns": columns,
            "cursor": cursor,
            "limit": limit,
            "row": row,
        }
        return self._door.call("datasets.preview_dataset", DatasetPreview, request)

    def read_dataset_rows(
        self,
        dataset_id: DatasetId,
        *,
        columns: Sequence[str] | None = None,
        format: RowFormat | None = None,
        limit: int | None = None,
        path: str | None = None,
        row: int | None = None,
        skip_bad_rows: bool | None = None,
    ) -> Download:
        """Sends the rows of a dataset, those of all its files or of one: as JSON lines, as an Arrow stream, or as a
        Parquet file.
        They are read as they are taken, and what cannot be read ends the download with an error.

        Args:
        - dataset_id: Of which dataset.
        - columns: The columns to read; all if absent.
        - format: How they are sent: `jsonl`, which holds if absent, `arrow` or `parquet`.
        - limit: The most rows; all that follow if absent.
        - path: The only file whose rows are read; all, by path, if absent.
        - row: The row to begin with, from 0: among those of all files, or of the one file.
        - skip_bad_rows: Whether rows that cannot be read are left out, as a preview does; a file with such rows is
        refused otherwise.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/rows`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "columns": columns,
            "format": format,
            "limit": limit,
            "path": path,
            "row": row,
            "skipBadRows": skip_bad_rows,
        }
        return self._door.download("datasets.read_dataset_rows", request)

    def get_dataset_statistics(
        self,
        dataset_id: DatasetId,
    ) -> DatasetStatistics:
        """Shows what each column holds: types, missing and different values, numbers, lengths, frequent values.

        Args:
        - dataset_id: Of which dataset.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/statistics`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.get_dataset_statistics", DatasetStatistics, request)

    def validate_dataset(
        self,
        dataset_id: DatasetId,
        *,
        min_confidence: float | None = None,
        pii_types: Sequence[PiiType] | None = None,
        policy: str | None = None,
        idempotency_key: str | None = None,
    ) -> DatasetValidation:
        """Begins a validation: structure, personal data, quality. Follow it with `watch_dataset`.

        Args:
        - dataset_id: Which.
        - min_confidence: Findings of less confidence count for nothing, 0 to 1; 0.5 if absent. With more than 0.8
        nothing becomes `clean`. By a policy it only raises what the policy asks for, and then nothing becomes
        `clean`.
        - pii_types: The kinds of personal data to look for; all if absent. With fewer than all nothing becomes
        `clean`.
        - policy: The policy to search by, in its newest version. If absent the one called `default`; if there is
        none, everything is searched for and nothing may be found.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/validation`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "minConfidence": min_confidence,
            "piiTypes": pii_types,
            "policy": policy,
        }
        return self._door.call("datasets.validate_dataset", DatasetValidation, request, key=idempotency_key)

    def get_dataset_validation(
        self,
        dataset_id: DatasetId,
    ) -> DatasetValidation:
        """Reads the last validation: how far it is, or its report.

        Args:
        - dataset_id: Of which dataset.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/validation`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.get_dataset_validation", DatasetValidation, request)

    def watch_dataset_validation(
        self,
        dataset_id: DatasetId,
    ) -> Stream[DatasetValidation]:
        """Follows the last validation: how far it is, then its report, with which the stream ends.

        Args:
        - dataset_id: Of which dataset.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/validation/events`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.stream("datasets.watch_dataset_validation", DatasetValidation, request)

    def waive_dataset_pii(
        self,
        dataset_id: DatasetId,
        *,
        reason: str,
        validation_id: str,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Lets the personal data that one validation found pass, if its policy allows that. Nothing else is waived,
        and the
        dataset stays `failed`. Other bytes or another validation end it.

        Args:
        - dataset_id: Of which dataset.
        - reason: Why it may stay, at most 2,000 characters.
        - validation_id: The validation whose report the reviewer looked at; it must be the last one.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/validation/waiver`; needs `datasets:approve`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "reason": reason,
            "validationId": validation_id,
        }
        return self._door.call("datasets.waive_dataset_pii", Dataset, request, key=idempotency_key)

    def withdraw_pii_waiver(
        self,
        dataset_id: DatasetId,
        *,
        if_match: str | None = None,
    ) -> Dataset:
        """Takes a waiver back before the dataset is approved.

        Args:
        - dataset_id: Of which dataset.

        `DELETE /llm-ops/v1/catalog/datasets/{datasetId}/validation/waiver`; needs `datasets:approve`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.withdraw_pii_waiver", Dataset, request, tag=if_match)

    def put_pii_policy(
        self,
        name: str,
        *,
        description: str | None = None,
        kinds: Sequence[PiiKind | Mapping[str, Any]] | None = None,
        min_quality: float | None = None,
        rules: Sequence[PiiRule | Mapping[str, Any]] | None = None,
        waivers: bool | None = None,
        if_match: str | None = None,
    ) -> PiiPolicy:
        """Writes a policy: what is searched for, what may be found, and the least quality. Other content is the next
        version.

        Args:
        - name: Its name: small letters, digits, `-`, `_` and `.`, at most 64 characters, a letter first.
        - description: What it is for.
        - kinds: The kinds that are searched for; all that there are when it is written, if absent.
        - min_quality: The least quality that may be approved, 0 to 100; 70 if absent.
        - rules: Rules of the project's own.
        - waivers: Whether a reviewer may waive what was found; no if absent.

        `PUT /llm-ops/v1/catalog/pii-policies/{name}`; needs `datasets:policy`
        """
        request: dict[str, Any] = {
            "name": name,
            "description": description,
            "kinds": kinds,
            "minQuality": min_quality,
            "rules": rules,
            "waivers": waivers,
        }
        return self._door.call("datasets.put_pii_policy", PiiPolicy, request, tag=if_match)

    def get_pii_policy(
        self,
        name: str,
        *,
        version: int | None = None,
    ) -> PiiPolicy:
        """Reads a policy for personal data, in its newest version or an older one.

        Args:
        - name: Its name.
        - version: Which version; the newest if absent.

        `GET /llm-ops/v1/catalog/pii-policies/{name}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "name": name,
            "version": version,
        }
        return self._door.call("datasets.get_pii_policy", PiiPolicy, request)

    def list_pii_policies(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[PiiPolicy]:
        """Lists the project's policies for personal data, by name.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/pii-policies`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_pii_policies", PiiPolicy, request)

    def set_dataset_status(
        self,
        dataset_id: DatasetId,
        *,
        status: DatasetStatus,
        notes: str | None = None,
        if_match: str | None = None,
    ) -> Dataset:
        """Moves a dataset on in its life. Approving and rejecting need the reviewer's permission as well.

        Args:
        - dataset_id: Which.
        - status: Where to.
        - notes: Why; kept with the review when the move is one.

        `PATCH /llm-ops/v1/catalog/datasets/{datasetId}/status`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "status": status,
            "notes": notes,
        }
        return self._door.call("datasets.set_dataset_status", Dataset, request, tag=if_match)

    def review_dataset(
        self,
        dataset_id: DatasetId,
        version: str,
        *,
        decision: DatasetDecision,
        digest: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Decides on a dataset under review. The decision is bound to the digest of its files.

        Args:
        - dataset_id: Which.
        - version: Its version, which must be the one the reviewer looked at.
        - decision: The decision.
        - digest: The digest of the files the reviewer looked at. When given, other bytes are a conflict.
        - notes: Why; at most 10,000 characters. Needed to reject or to request changes.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/approve`; needs `datasets:approve`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "version": version,
            "decision": decision,
            "digest": digest,
            "notes": notes,
        }
        return self._door.call("datasets.review_dataset", Dataset, request, key=idempotency_key)

    def list_dataset_reviews(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[DatasetReview]:
        """Lists the decisions on a dataset, newest first.

        Args:
        - dataset_id: Which.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/reviews`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_reviews", DatasetReview, request)

    def list_dataset_versions(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Dataset]:
        """Lists the versions of a dataset's name, newest first.

        Args:
        - dataset_id: Any version of it.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_versions", Dataset, request)

    def get_dataset_storage(
        self,
        dataset_id: DatasetId,
    ) -> DatasetStorage:
        """Says what all versions of a dataset's name take in the object store, and what is saved because versions
        share
        what they have in common.

        Args:
        - dataset_id: Any version of the name.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/storage`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.get_dataset_storage", DatasetStorage, request)

    def create_dataset_version(
        self,
        dataset_id: DatasetId,
        *,
        version: str,
        change_log: str | None = None,
        columns: ColumnRoles | Mapping[str, Any] | None = None,
        with_files: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Begins a new version from this one, empty or with its files.

        Args:
        - dataset_id: The version to begin from.
        - version: The new version, as `1.1.0`.
        - change_log: What changes.
        - columns: Which column plays which part; as in the parent if absent.
        - with_files: Whether the new version begins with the parent's files, none of them stored again; it begins
        empty if absent.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions`; needs `datasets:create`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "version": version,
            "changeLog": change_log,
            "columns": columns,
            "withFiles": with_files,
        }
        return self._door.call("datasets.create_dataset_version", Dataset, request, key=idempotency_key)

    def compare_dataset_versions(
        self,
        dataset_id: DatasetId,
        a: str,
        b: str,
        *,
        keys: Sequence[str] | None = None,
        wait: int | None = None,
    ) -> DatasetComparison:
        """Says how two versions differ: rows added, removed and modified, columns, and how their values are spread.

        Args:
        - dataset_id: A version of the dataset whose versions are compared.
        - a: What is compared: a version of this dataset's name, as `1.0.0`, or the id of any dataset version.
        - b: What it is compared with; rows that only this one has are `added`.
        - keys: The columns that say which rows are the same one. If absent rows are compared as they are: none is
        `modified`.
        - wait: How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far
        it is.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions/{a}/compare/{b}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "a": a,
            "b": b,
            "keys": keys,
            "wait": wait,
        }
        return self._door.call("datasets.compare_dataset_versions", DatasetComparison, request)

    def diff_dataset_version(
        self,
        dataset_id: DatasetId,
        version: str,
        *,
        base_version_id: DatasetId | None = None,
        keys: Sequence[str] | None = None,
        wait: int | None = None,
    ) -> DatasetComparison:
        """Says how a version differs from the one it came from, or from another: the same answer as
        `compare_dataset_versions`.

        Args:
        - dataset_id: A version of the dataset whose versions are compared.
        - version: What differs: a version of this dataset's name, as `1.1.0`, or the id of any dataset version.
        - base_version_id: What it differs from: the id of any dataset version. If absent the version that it came
        from.
        - keys: The columns that say which rows are the same one. If absent rows are compared as they are: none is
        `modified`.
        - wait: How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far
        it is.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/diff`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "version": version,
            "baseVersionId": base_version_id,
            "keys": keys,
            "wait": wait,
        }
        return self._door.call("datasets.diff_dataset_version", DatasetComparison, request)

    def restore_dataset_version(
        self,
        dataset_id: DatasetId,
        version: str,
        *,
        change_log: str | None = None,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Begins a new version with the files of an old one, none of them stored again.

        Args:
        - dataset_id: A version of the dataset.
        - version: The version whose files come back, as `1.0.0`.
        - change_log: What changed; that it was restored if absent.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/restore`; needs `datasets:create`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "version": version,
            "changeLog": change_log,
        }
        return self._door.call("datasets.restore_dataset_version", Dataset, request, key=idempotency_key)

    def derive_dataset(
        self,
        dataset_id: DatasetId,
        *,
        name: str | None = None,
        version: str | None = None,
        change_log: str | None = None,
        convert: ConvertRows | Mapping[str, Any] | None = None,
        dedupe: DedupeRows | Mapping[str, Any] | None = None,
        filter: FilterRows | Mapping[str, Any] | None = None,
        map: MapRows | Mapping[str, Any] | None = None,
        redact: RedactRows | Mapping[str, Any] | None = None,
        sample: SampleRows | Mapping[str, Any] | None = None,
        split: SplitRows | Mapping[str, Any] | None = None,
        tokens: TokenRows | Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> DatasetDerivation:
        """Begins to make a dataset from this one: split, filter, map, dedupe, redact, sample, convert, or by numbers
        of tokens.

        Args:
        - dataset_id: From which.
        - name: The name of what is made; that of the source if absent. A part of a split adds `-train`,
        `-validation` or `-test`.
        - version: Its version; the next after the highest of its name if absent, or 1.0.0.
        - change_log: What changed; said by the operation if absent.
        - convert: Writes the rows in another format.
        - dedupe: Leaves out rows that repeat an earlier one.
        - filter: Keeps the rows for which a condition holds.
        - map: Makes columns by templates.
        - redact: Replaces personal and secret data by marks.
        - sample: Draws some of the rows.
        - split: Splits the rows into parts. One operation must be given.
        - tokens: Keeps the rows that are so many tokens for a model.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/derive`; needs `datasets:create`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "name": name,
            "version": version,
            "changeLog": change_log,
            "convert": convert,
            "dedupe": dedupe,
            "filter": filter,
            "map": map,
            "redact": redact,
            "sample": sample,
            "split": split,
            "tokens": tokens,
        }
        return self._door.call("datasets.derive_dataset", DatasetDerivation, request, key=idempotency_key)

    def list_dataset_derivations(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[DatasetDerivation]:
        """Lists the derivations from a dataset, newest first.

        Args:
        - dataset_id: From which dataset.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_derivations", DatasetDerivation, request)

    def get_dataset_derivation(
        self,
        dataset_id: DatasetId,
        derivation_id: str,
    ) -> DatasetDerivation:
        """Reads a derivation: how far it is, and what it makes.

        Args:
        - dataset_id: From which dataset.
        - derivation_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "derivationId": derivation_id,
        }
        return self._door.call("datasets.get_dataset_derivation", DatasetDerivation, request)

    def watch_dataset_derivation(
        self,
        dataset_id: DatasetId,
        derivation_id: str,
    ) -> Stream[DatasetDerivation]:
        """Follows a derivation until it ends.

        Args:
        - dataset_id: From which dataset.
        - derivation_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}/events`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "derivationId": derivation_id,
        }
        return self._door.stream("datasets.watch_dataset_derivation", DatasetDerivation, request)

    def cancel_dataset_derivation(
        self,
        dataset_id: DatasetId,
        derivation_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> DatasetDerivation:
        """Ends a derivation before it made anything.

        Args:
        - dataset_id: From which dataset.
        - derivation_id: Which.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}/cancel`; needs `datasets:create`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "derivationId": derivation_id,
        }
        return self._door.call("datasets.cancel_dataset_derivation", DatasetDerivation, request, key=idempotency_key)

    def check_dataset_contamination(
        self,
        dataset_id: DatasetId,
        *,
        against: Sequence[DatasetId] | None = None,
        columns: Sequence[str] | None = None,
        min_overlap: float | None = None,
        model_id: str | None = None,
        ngram: int | None = None,
        similarity: float | None = None,
        idempotency_key: str | None = None,
    ) -> ContaminationCheck:
        """Begins to look for the rows of this dataset in others, or in all that a model learned from.

        Args:
        - dataset_id: Whose rows are looked for.
        - against: The dataset versions to look in.
        - columns: The columns whose text is looked for. If absent those that play a part of the dataset's type, or
        all that hold text.
        - min_overlap: The share of a row's runs that must be found, 0 to 1; 0.7 if absent. With 0 one of them is
        enough.
        - model_id: A model: looks in all that it, and the models it was tuned from, learned from. What that is, is
        settled now.
        - ngram: How many words a run of words has, 3 to 50; 13 if absent.
        - similarity: The least similarity of rows that are nearly the same, 0.5 to 1; 0.8 if absent.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/contamination`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "against": against,
            "columns": columns,
            "minOverlap": min_overlap,
            "modelId": model_id,
            "ngram": ngram,
            "similarity": similarity,
        }
        return self._door.call("datasets.check_dataset_contamination", ContaminationCheck, request, key=idempotency_key)

    def list_contamination_checks(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ContaminationCheck]:
        """Lists the contamination checks of a dataset, newest first, without the rows they show.

        Args:
        - dataset_id: Of which dataset.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_contamination_checks", ContaminationCheck, request)

    def get_contamination_check(
        self,
        dataset_id: DatasetId,
        check_id: str,
    ) -> ContaminationCheck:
        """Reads a contamination check: how far it is, or its report with rows of both sides.

        Args:
        - dataset_id: Of which dataset.
        - check_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "checkId": check_id,
        }
        return self._door.call("datasets.get_contamination_check", ContaminationCheck, request)

    def watch_contamination_check(
        self,
        dataset_id: DatasetId,
        check_id: str,
    ) -> Stream[ContaminationCheck]:
        """Follows a contamination check until it ends.

        Args:
        - dataset_id: Of which dataset.
        - check_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}/events`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "checkId": check_id,
        }
        return self._door.stream("datasets.watch_contamination_check", ContaminationCheck, request)

    def cancel_contamination_check(
        self,
        dataset_id: DatasetId,
        check_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> ContaminationCheck:
        """Ends a contamination check before it found anything.

        Args:
        - dataset_id: Of which dataset.
        - check_id: Which.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}/cancel`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "checkId": check_id,
        }
        return self._door.call("datasets.cancel_contamination_check", ContaminationCheck, request, key=idempotency_key)

    def count_tokens(
        self,
        dataset_id: DatasetId,
        *,
        model_id: str,
        columns: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> TokenCount:
        """Begins to count the tokens of a dataset with the tokenizer of a model.

        Args:
        - dataset_id: Of which dataset.
        - model_id: With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its
        files.
        - columns: The columns to count. If absent those that hold text, and the one with conversations.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/tokens`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "modelId": model_id,
            "columns": columns,
        }
        return self._door.call("datasets.count_tokens", TokenCount, request, key=idempotency_key)

    def list_token_counts(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[TokenCount]:
        """Lists the counts of tokens of a dataset, newest first.

        Args:
        - dataset_id: Of which dataset.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_token_counts", TokenCount, request)

    def get_token_count(
        self,
        dataset_id: DatasetId,
        count_id: str,
    ) -> TokenCount:
        """Reads a count of tokens: how far it is, or what was counted.

        Args:
        - dataset_id: Of which dataset.
        - count_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "countId": count_id,
        }
        return self._door.call("datasets.get_token_count", TokenCount, request)

    def watch_token_count(
        self,
        dataset_id: DatasetId,
        count_id: str,
    ) -> Stream[TokenCount]:
        """Follows a count of tokens until it ends.

        Args:
        - dataset_id: Of which dataset.
        - count_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}/events`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "countId": count_id,
        }
        return self._door.stream("datasets.watch_token_count", TokenCount, request)

    def cancel_token_count(
        self,
        dataset_id: DatasetId,
        count_id: str,
        *,
        idempotency_key: str | None = None,
    ) -> TokenCount:
        """Ends a count of tokens before it is done.

        Args:
        - dataset_id: Of which dataset.
        - count_id: Which.

        `POST /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}/cancel`; needs `datasets:update`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "countId": count_id,
        }
        return self._door.call("datasets.cancel_token_count", TokenCount, request, key=idempotency_key)

    def delete_dataset(
        self,
        dataset_id: DatasetId,
        *,
        if_match: str | None = None,
    ) -> DeletedDataset:
        """Deletes a dataset nothing depends on. It waits in the trash if the platform has one; else its files follow
        at once. The
        audit keeps who and what.

        Args:
        - dataset_id: Which.

        `DELETE /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:delete`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.delete_dataset", DeletedDataset, request, tag=if_match)

    def list_trashed_datasets(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[TrashedItem]:
        """Lists the deleted datasets that can be brought back, the last deleted first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/trash/datasets`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_trashed_datasets", TrashedItem, request)

    def restore_dataset(
        self,
        dataset_id: DatasetId,
        *,
        idempotency_key: str | None = None,
    ) -> Dataset:
        """Brings a deleted dataset back as it was: files, reviews, the last validation and status.

        Args:
        - dataset_id: Which.

        `POST /llm-ops/v1/catalog/trash/datasets/{datasetId}/restore`; needs `datasets:delete`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.restore_dataset", Dataset, request, key=idempotency_key)

    def purge_dataset(
        self,
        dataset_id: DatasetId,
        *,
        if_match: str | None = None,
    ) -> DeletedDataset:
        """Lets a deleted dataset go for good. Its files follow.

        Args:
        - dataset_id: Which.

        `DELETE /llm-ops/v1/catalog/trash/datasets/{datasetId}`; needs `datasets:delete`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.purge_dataset", DeletedDataset, request, tag=if_match)

    def list_dataset_deletions(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Deletion]:
        """Lists the datasets that were deleted for good, the last deleted first, and whether their bytes are gone.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/catalog/deletions/datasets`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("datasets.list_dataset_deletions", Deletion, request)

    def get_dataset_deletion(
        self,
        dataset_id: DatasetId,
    ) -> Deletion:
        """Tells what became of the bytes of a dataset that was deleted for good: gone or not, how often that failed
        and why.

        Args:
        - dataset_id: Which.

        `GET /llm-ops/v1/catalog/deletions/datasets/{datasetId}`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.call("datasets.get_dataset_deletion", Deletion, request)

    def get_dataset_lineage(
        self,
        dataset_id: DatasetId,
        *,
        cursor: str | None = None,
        depth: int | None = None,
        limit: int | None = None,
    ) -> LineageGraph:
        """Shows all that a dataset came from and all that came of it: versions, jobs, models, evaluations and
        endpoints.

        Args:
        - dataset_id: Of which dataset.
        - cursor: Where the page before ended.
        - depth: How many generations before and after, 1 to 10,000; all if absent.
        - limit: The most things of a page, 1 to 1000; 1000 if absent.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/lineage`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "cursor": cursor,
            "depth": depth,
            "limit": limit,
        }
        return self._door.call("datasets.get_dataset_lineage", LineageGraph, request)

    def watch_dataset(
        self,
        dataset_id: DatasetId,
    ) -> Stream[Dataset]:
        """Follows a dataset: its present state, then each change.

        Args:
        - dataset_id: Which.

        `GET /llm-ops/v1/catalog/datasets/{datasetId}/events`; needs `datasets:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
        }
        return self._door.stream("datasets.watch_dataset", Dataset, request)


class Cost:
    """What work used and what that costs."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def get_cost_aggregate(
        self,
        *,
        group_by: CostGrouping,
        end_date: str | None = None,
        resource_type: CostResource | None = None,
        start_date: str | None = None,
    ) -> CostAggregate:
        """Adds up the project's charges by model, project, day or user.

        Args:
        - group_by: What to add up by.
        - end_date: The instant before which charges count, or the last day that counts.
        - resource_type: Only charges for this.
        - start_date: The first instant or day (`2026-11-24`, in UTC) that counts.

        `GET /llm-ops/v1/governance/observability/cost-aggregate`; needs `cost:read`
        """
        request: dict[str, Any] = {
            "groupBy": group_by,
            "endDate": end_date,
            "resourceType": resource_type,
            "startDate": start_date,
        }
        return self._door.call("cost.get_cost_aggregate", CostAggregate, request)

    def list_cost_entries(
        self,
        *,
        cursor: str | None = None,
        end_date: str | None = None,
        limit: int | None = None,
        model: str | None = None,
        model_id: str | None = None,
        resource_id: str | None = None,
        resource_type: CostResource | None = None,
        start_date: str | None = None,
        user: str | None = None,
    ) -> Page[CostEntry]:
        """Lists the project's charges, newest first. Every filter given must hold.

        Args:
        - cursor: Where the page before ended.
        - end_date: The instant before which charges count, or the last day that counts.
        - limit: The most charges of a page, 1 to 1000; 50 if absent.
        - model: Only charges of models of this name.
        - model_id: Only charges of this model version.
        - resource_id: Only charges for the job, request, evaluation or endpoint of this id.
        - resource_type: Only charges for this.
        - start_date: The first instant or day (`2026-11-24`, in UTC) that counts.
        - user: Only what this user caused.

        `GET /llm-ops/v1/cost/entries`; needs `cost:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "endDate": end_date,
            "limit": limit,
            "model": model,
            "modelId": model_id,
            "resourceId": resource_id,
            "resourceType": resource_type,
            "startDate": start_date,
            "user": user,
        }
        return self._door.page("cost.list_cost_entries", CostEntry, request)

    def list_cost_prices(
        self,
    ) -> CostPriceList:
        """Shows the prices, those in force and those of other times.

        `GET /llm-ops/v1/cost/prices`; needs `cost:read`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("cost.list_cost_prices", CostPriceList, request)


class Evaluation:
    """How good models are: answers to samples, scored, recorded and compared."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def start_run(
        self,
        *,
        dataset_id: DatasetId,
        metrics: Sequence[MetricSpec | Mapping[str, Any]],
        name: str | None = None,
        concurrency: int | None = None,
        endpoint_id: EndpointId | None = None,
        limit: int | None = None,
        model_id: ModelId | None = None,
        parameters: EvaluationParameters | Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> EvaluationRun:
        """Starts an evaluation of a model or an endpoint over an approved dataset version. Follow it with `watch_run`.

        Args:
        - dataset_id: The dataset version to evaluate over; it must be approved.
        - metrics: What to compute, 1 to 32. Over plain text only `perplexity` and `bits_per_byte` mean something.
        - name: Its name, at most 128 characters; made from the model and the dataset if absent.
        - concurrency: How many samples are asked at a time, 1 to 64; 8 if absent, over an endpoint 4.
        - endpoint_id: The endpoint to evaluate. It is asked through the gateway.
        - limit: Only so many samples, from the first on; 1 to 100,000.
        - model_id: The model to evaluate. It answers in a process of its own, whatever its status.
        - parameters: How answers are made.

        `POST /llm-ops/v1/evaluation/runs`; needs `evaluation:run`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "metrics": metrics,
            "name": name,
            "concurrency": concurrency,
            "endpointId": endpoint_id,
            "limit": limit,
            "modelId": model_id,
            "parameters": parameters,
        }
        return self._door.call("evaluation.start_run", EvaluationRun, request, key=idempotency_key)

    def list_runs(
        self,
        *,
        status: EvaluationStatus | None = None,
        cursor: str | None = None,
        dataset_id: DatasetId | None = None,
        endpoint_id: EndpointId | None = None,
        include_total: bool | None = None,
        limit: int | None = None,
        model_id: ModelId | None = None,
        run_by: str | None = None,
        text: str | None = None,
    ) -> Page[EvaluationRun]:
        """Lists evaluations, newest first.

        Args:
        - status: Only those that stand so.
        - cursor: Where the page before ended.
        - dataset_id: Only those over this dataset version.
        - endpoint_id: Only those of this endpoint.
        - include_total: Whether to count all of them.
        - limit: The most of a page, 1 to 1000; 50 if absent.
        - model_id: Only those of this model.
        - run_by: Only those that this user started.
        - text: Only those with this text in the name, letter case aside; taken literally.

        `GET /llm-ops/v1/evaluation/runs`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "status": status,
            "cursor": cursor,
            "datasetId": dataset_id,
            "endpointId": endpoint_id,
            "includeTotal": include_total,
            "limit": limit,
            "modelId": model_id,
            "runBy": run_by,
            "text": text,
        }
        return self._door.page("evaluation.list_runs", EvaluationRun, request)

    def compare_runs(
        self,
        *,
        run_ids: Sequence[EvaluationRunId],
    ) -> EvaluationComparison:
        """Compares evaluations over the same samples: values side by side, and whether their differences are chance.

        Args:
        - run_ids: Which, 2 to 8; the others are compared with the first.

        `GET /llm-ops/v1/evaluation/runs/compare`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "runIds": run_ids,
        }
        return self._door.call("evaluation.compare_runs", EvaluationComparison, request)

    def get_run(
        self,
        run_id: EvaluationRunId,
    ) -> EvaluationRun:
        """Reads one evaluation.

        Args:
        - run_id: Which.

        `GET /llm-ops/v1/evaluation/runs/{runId}`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
        }
        return self._door.call("evaluation.get_run", EvaluationRun, request)

    def cancel_run(
        self,
        run_id: EvaluationRunId,
        *,
        if_match: str | None = None,
    ) -> EvaluationRun:
        """Ends an evaluation. One that has ended stays as it is.

        Args:
        - run_id: Which.

        `DELETE /llm-ops/v1/evaluation/runs/{runId}`; needs `evaluation:run`
        """
        request: dict[str, Any] = {
            "runId": run_id,
        }
        return self._door.call("evaluation.cancel_run", EvaluationRun, request, tag=if_match)

    def watch_run(
        self,
        run_id: EvaluationRunId,
    ) -> Stream[EvaluationRun]:
        """Follows an evaluation: its present state, then each change until it has ended.

        Args:
        - run_id: Which.

        `GET /llm-ops/v1/evaluation/runs/{runId}/events`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
        }
        return self._door.stream("evaluation.watch_run", EvaluationRun, request)

    def list_samples(
        self,
        run_id: EvaluationRunId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[EvaluationSample]:
        """Lists the samples of an evaluation with their answers and scores.

        Args:
        - run_id: Of which.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/evaluation/runs/{runId}/samples`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("evaluation.list_samples", EvaluationSample, request)

    def export_run(
        self,
        run_id: EvaluationRunId,
        *,
        format: EvaluationFormat | None = None,
    ) -> Download:
        """Sends an evaluation with all its samples as JSON, or its samples as CSV.

        Args:
        - run_id: Which.
        - format: How; JSON if absent.

        `GET /llm-ops/v1/evaluation/runs/{runId}/export`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "format": format,
        }
        return self._door.download("evaluation.export_run", request)

    def list_metrics(
        self,
    ) -> EvaluationMetrics:
        """Lists the metrics that can be computed, with their options.

        `GET /llm-ops/v1/evaluation/metrics`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("evaluation.list_metrics", EvaluationMetrics, request)

    def score(
        self,
        *,
        metrics: Sequence[MetricSpec | Mapping[str, Any]],
        pairs: Sequence[ScoredPair | Mapping[str, Any]],
    ) -> ScoreReport:
        """Scores answers that exist already. No model is asked.

        Args:
        - metrics: What to compute, 1 to 32: names, or names with options.
        - pairs: The answers with their references, 1 to 100,000.

        `POST /llm-ops/v1/evaluation/score`; needs `evaluation:read`
        """
        request: dict[str, Any] = {
            "metrics": metrics,
            "pairs": pairs,
        }
        return self._door.call("evaluation.score", ScoreReport, request)


class Experiments:
    """Runs, their parameters and metrics."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def create_run(
        self,
        *,
        name: str,
        job_id: str | None = None,
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Begins a run.

        Args:
        - name: What it is called; at most 128 characters.
        - job_id: The job it records. A job has one run.
        - params: Its parameters: at most 1,000, names to 250 characters, values to 6,000.
        - tags: Its tags: at most 1,000, names to 250 characters, values to 5,000.

        `POST /llm-ops/v1/experiments/runs`; needs `experiments:write`
        """
        request: dict[str, Any] = {
            "name": name,
            "jobId": job_id,
            "params": params,
            "tags": tags,
        }
        return self._door.call("experiments.create_run", Run, request, key=idempotency_key)

    def get_run(
        self,
        run_id: RunId,
    ) -> Run:
        """Reads a run with its parameters, tags and the last value of each metric.

        Args:
        - run_id: Which.

        `GET /llm-ops/v1/experiments/runs/{runId}`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
        }
        return self._door.call("experiments.get_run", Run, request)

    def get_job_run(
        self,
        job_id: str,
    ) -> Run:
        """Reads the run of a training job.

        Args:
        - job_id: Of which job.

        `GET /llm-ops/v1/training/jobs/{jobId}/experiment-run`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
        }
        return self._door.call("experiments.get_job_run", Run, request)

    def update_run(
        self,
        run_id: RunId,
        *,
        name: str | None = None,
        status: RunStatus | None = None,
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        if_match: str | None = None,
    ) -> Run:
        """Changes a run's status, name or tags, or adds parameters.

        Args:
        - run_id: Which.
        - name: Its new name.
        - status: Its new status; any but `running` ends it.
        - params: Parameters to add. One that is there keeps its value; another value is a conflict.
        - tags: Tags to set.

        `PATCH /llm-ops/v1/experiments/runs/{runId}`; needs `experiments:write`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "name": name,
            "status": status,
            "params": params,
            "tags": tags,
        }
        return self._door.call("experiments.update_run", Run, request, tag=if_match)

    def log_metrics(
        self,
        run_id: RunId,
        *,
        metrics: Sequence[MetricPoint | Mapping[str, Any]],
        idempotency_key: str | None = None,
    ) -> LoggedMetrics:
        """Records metric points, all or none. Points that are there already are not doubled, so a batch may be sent
        again.

        Args:
        - run_id: Of which run.
        - metrics: The points.

        `POST /llm-ops/v1/experiments/runs/{runId}/metrics`; needs `experiments:write`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "metrics": metrics,
        }
        return self._door.call("experiments.log_metrics", LoggedMetrics, request, key=idempotency_key)

    def get_series(
        self,
        run_id: RunId,
        *,
        max_points: int | None = None,
        metrics: Sequence[str] | None = None,
    ) -> RunSeries:
        """Reads metrics over steps, thinned evenly when there are more points than asked for.

        Args:
        - run_id: Of which run.
        - max_points: The most points of each, 2 to 10,000; 1,000 if absent.
        - metrics: Which metrics; all if absent. At most 50.

        `GET /llm-ops/v1/experiments/runs/{runId}/series`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "maxPoints": max_points,
            "metrics": metrics,
        }
        return self._door.call("experiments.get_series", RunSeries, request)

    def watch_run(
        self,
        run_id: RunId,
        *,
        after: int | None = None,
    ) -> Stream[RunEvent]:
        """Follows a run: the points recorded from now on, and its status.

        Args:
        - run_id: Which.
        - after: Only points after the event with this number; everything so far too when 0; from now on if absent.

        `GET /llm-ops/v1/experiments/runs/{runId}/events`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "runId": run_id,
            "after": after,
        }
        return self._door.stream("experiments.watch_run", RunEvent, request)

    def search_runs(
        self,
        *,
        cursor: str | None = None,
        filter: str | None = None,
        limit: int | None = None,
        order_by: str | None = None,
    ) -> Page[Run]:
        """Finds runs by a filter over parameters, metrics, tags and attributes.

        Args:
        - cursor: Where the page before ended.
        - filter: As `metrics.loss < 0.5 AND (params.lr = '0.001' OR tags.team = 'core') AND status = 'finished'`.
        Comparisons are `=`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `ILIKE`; AND binds closer than OR. Times are
        milliseconds since 1970; ILIKE ignores the case of ASCII letters. At most 4,096 characters and 32
        comparisons.
        - limit: The most runs of a page, 1 to 1000; 50 if absent.
        - order_by: `startedAt`, `name` or `metrics.NAME`, with `-` in front for the reverse; `-startedAt` if
        absent. Ordered by a metric, runs without a finite value of it are left out.

        `POST /llm-ops/v1/experiments/search`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "filter": filter,
            "limit": limit,
            "orderBy": order_by,
        }
        return self._door.page("experiments.search_runs", Run, request)

    def compare_runs(
        self,
        *,
        run_ids: Sequence[RunId],
    ) -> RunComparison:
        """Puts runs side by side: the parameters that differ and every metric's last value.

        Args:
        - run_ids: Which: 2 to 20.

        `GET /llm-ops/v1/experiments/compare`; needs `experiments:read`
        """
        request: dict[str, Any] = {
            "runIds": run_ids,
        }
        return self._door.call("experiments.compare_runs", RunComparison, request)


class Gateway:
    """One way to every model that answers."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def chat(
        self,
        route: str,
        *,
        messages: Sequence[ChatMessage | Mapping[str, Any]],
        environment: Environment | None = None,
        frequency_penalty: float | None = None,
        logit_bias: Mapping[str, float] | None = None,
        logprobs: bool | None = None,
        max_tokens: int | None = None,
        n: int | None = None,
        presence_penalty: float | None = None,
        seed: int | None = None,
        stop: Sequence[str] | None = None,
        stream: bool | None = None,
        temperature: float | None = None,
        tool_choice: Any | None = None,
        tools: Sequence[Any] | None = None,
        top_k: int | None = None,
        top_logprobs: int | None = None,
        top_p: float | None = None,
    ) -> ChatCompletion:
        """Asks the model behind a route and waits for its whole answer. Over HTTP `stream: true` gives the pieces
        instead.

        Args:
        - route: The route, or the name of a model that is deployed, as `tiny` or `tiny:1.0.0`.
        - messages: The conversation; at least one message.
        - environment: The environment; if absent `prod`, then `stg`, then `dev`.
        - frequency_penalty: Makes what was said less likely, each time; -2 to 2.
        - logit_bias: Makes tokens likelier or less likely, by id, by -100 to 100; at most 300.
        - logprobs: Whether each token comes with its log-probability.
        - max_tokens: The most tokens of the answer, at least 1 and within the endpoint's limit; what the model
        allows if absent.
        - n: How many answers, 1 to 16; 1 if absent. Each is asked for by itself; the prompt is counted once.
        - presence_penalty: Makes what was said less likely, once; -2 to 2.
        - seed: The same seed gives the same answer.
        - stop: Texts that end the answer; at most 4 of at most 256 bytes.
        - stream: Over HTTP, whether the answer comes in pieces; elsewhere that is `chat_stream`.
        - temperature: 0 takes the likeliest token, 2 is nearly at random; 1 if absent.
        - tool_choice: Whether it may call them: `auto` or `none`.
        - tools: The tools that the model may call, in OpenAI's shape; at most 128.
        - top_k: The number of likely tokens that may be chosen; all if absent.
        - top_logprobs: How many alternatives come with each token, 0 to 20.
        - top_p: The share of likely tokens that may be chosen, above 0 and up to 1; all if absent.

        `POST /llm-ops/v1/serve/{route}/chat`; needs `gateway:use`
        """
        request: dict[str, Any] = {
            "route": route,
            "messages": messages,
            "environment": environment,
            "frequencyPenalty": frequency_penalty,
            "logitBias": logit_bias,
            "logprobs": logprobs,
            "maxTokens": max_tokens,
            "n": n,
            "presencePenalty": presence_penalty,
            "seed": seed,
            "stop": stop,
            "stream": stream,
            "temperature": temperature,
            "toolChoice": tool_choice,
            "tools": tools,
            "topK": top_k,
            "topLogprobs": top_logprobs,
            "topP": top_p,
        }
        return self._door.call("gateway.chat", ChatCompletion, request)

    def chat_stream(
        self,
        route: str,
        *,
        messages: Sequence[ChatMessage | Mapping[str, Any]],
        environment: Environment | None = None,
        frequency_penalty: float | None = None,
        logit_bias: Mapping[str, float] | None = None,
        logprobs: bool | None = None,
        max_tokens: int | None = None,
        n: int | None = None,
        presence_penalty: float | None = None,
        seed: int | None = None,
        stop: Sequence[str] | None = None,
        stream: bool | None = None,
        temperature: float | None = None,
        tool_choice: Any | None = None,
        tools: Sequence[Any] | None = None,
        top_k: int | None = None,
        top_logprobs: int | None = None,
        top_p: float | None = None,
    ) -> Stream[ChatChunk]:
        """Asks the model behind a route and gives its answer in pieces. The last piece carries the usage. A stream
        that
        ends without an error is the whole answer.

        Args:
        - route: The route, or the name of a model that is deployed, as `tiny` or `tiny:1.0.0`.
        - messages: The conversation; at least one message.
        - environment: The environment; if absent `prod`, then `stg`, then `dev`.
        - frequency_penalty: Makes what was said less likely, each time; -2 to 2.
        - logit_bias: Makes tokens likelier or less likely, by id, by -100 to 100; at most 300.
        - logprobs: Whether each token comes with its log-probability.
        - max_tokens: The most tokens of the answer, at least 1 and within the endpoint's limit; what the model
        allows if absent.
        - n: How many answers, 1 to 16; 1 if absent. Each is asked for by itself; the prompt is counted once.
        - presence_penalty: Makes what was said less likely, once; -2 to 2.
        - seed: The same seed gives the same answer.
        - stop: Texts that end the answer; at most 4 of at most 256 bytes.
        - stream: Over HTTP, whether the answer comes in pieces; elsewhere that is `chat_stream`.
        - temperature: 0 takes the likeliest token, 2 is nearly at random; 1 if absent.
        - tool_choice: Whether it may call them: `auto` or `none`.
        - tools: The tools that the model may call, in OpenAI's shape; at most 128.
        - top_k: The number of likely tokens that may be chosen; all if absent.
        - top_logprobs: How many alternatives come with each token, 0 to 20.
        - top_p: The share of likely tokens that may be chosen, above 0 and up to 1; all if absent.

        `POST /llm-ops/v1/serve/{route}/chat/stream`; needs `gateway:use`
        """
        request: dict[str, Any] = {
            "route": route,
            "messages": messages,
            "environment": environment,
            "frequencyPenalty": frequency_penalty,
            "logitBias": logit_bias,
            "logprobs": logprobs,
            "maxTokens": max_tokens,
            "n": n,
            "presencePenalty": presence_penalty,
            "seed": seed,
            "stop": stop,
            "stream": stream,
            "temperature": temperature,
            "toolChoice": tool_choice,
            "tools": tools,
            "topK": top_k,
            "topLogprobs": top_logprobs,
            "topP": top_p,
        }
        return self._door.stream("gateway.chat_stream", ChatChunk, request)

    def get_route_health(
        self,
        route: str,
        *,
        environment: Environment | None = None,
    ) -> RouteHealth:
        """Says whether a route would be answered now.

        Args:
        - route: The route, or the name of a model that is deployed.
        - environment: The environment; if absent `prod`, then `stg`, then `dev`.

        `GET /llm-ops/v1/serve/{route}/health`; needs `gateway:read`
        """
        request: dict[str, Any] = {
            "route": route,
            "environment": environment,
        }
        return self._door.call("gateway.get_route_health", RouteHealth, request)

    def list_routes(
        self,
        *,
        cursor: str | None = None,
        environment: Environment | None = None,
        limit: int | None = None,
    ) -> Page[GatewayRoute]:
        """Lists the routes of the project and who answers them, by name.

        Args:
        - cursor: Where the page before ended.
        - environment: Of this environment.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/gateway/routes`; needs `gateway:read`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "environment": environment,
            "limit": limit,
        }
        return self._door.page("gateway.list_routes", GatewayRoute, request)


class Governance:
    """API keys and the audit log."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def create_project(
        self,
        *,
        name: str,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Project:
        """Makes a project, which keeps what is made in it apart from all else.

        Args:
        - name: What it is called by: letters, digits, `-`, `_`, `.` and `/` between parts, at most 128 characters.
        It stays.
        - description: What it is for, in at most 1,000 characters.

        `POST /llm-ops/v1/governance/projects`; needs `governance:projects`
        """
        request: dict[str, Any] = {
            "name": name,
            "description": description,
        }
        return self._door.call("governance.create_project", Project, request, key=idempotency_key)

    def list_projects(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Project]:
        """Lists the projects that the caller may work in, by name.

        Args:
        - cursor: Where the page before ended.
        - limit: The most projects of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/governance/projects`; needs `session:own`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("governance.list_projects", Project, request)

    def create_api_key(
        self,
        *,
        name: str,
        roles: Sequence[Role],
        all_projects: bool | None = None,
        expires_at: datetime | str | None = None,
        idempotency_key: str | None = None,
    ) -> CreatedApiKey:
        """Makes an API key. Its secret is in this answer and nowhere else.

        Args:
        - name: Who or what uses the key; entries in the audit carry it as the actor. 1 to 128 characters.
        - roles: What its holder may do. At least one; together no more than the caller himself may do.
        - all_projects: Whether it is good for every project, not only for the one that the call is made in; so is
        its maker's then. [default: false]
        - expires_at: When it stops to work. Never, if absent.

        `POST /llm-ops/v1/governance/keys`; needs `governance:keys`
        """
        request: dict[str, Any] = {
            "name": name,
            "roles": roles,
            "allProjects": all_projects,
            "expiresAt": expires_at,
        }
        return self._door.call("governance.create_api_key", CreatedApiKey, request, key=idempotency_key)

    def list_api_keys(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[ApiKey]:
        """Lists the project's API keys, newest first.

        Args:
        - cursor: Where the page before ended.
        - limit: The most keys of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/governance/keys`; needs `governance:keys`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("governance.list_api_keys", ApiKey, request)

    def revoke_api_key(
        self,
        key_id: KeyId,
        *,
        if_match: str | None = None,
    ) -> ApiKey:
        """Revokes an API key: at once on this server, within two seconds on the others.

        Args:
        - key_id: Which.

        `DELETE /llm-ops/v1/governance/keys/{keyId}`; needs `governance:keys`
        """
        request: dict[str, Any] = {
            "keyId": key_id,
        }
        return self._door.call("governance.revoke_api_key", ApiKey, request, tag=if_match)

    def create_credential(
        self,
        *,
        name: str,
        base_url: str,
        secret: str,
        idempotency_key: str | None = None,
    ) -> Credential:
        """Stores the key to somebody else's service, sealed. It is sent to the server it is for, and shown to nobody.

        Args:
        - name: What to call it, 1 to 128 characters.
        - base_url: The address it is for, as `https://api.openai.com/v1`. Its server is the only one that gets the
        secret.
        - secret: The secret: letters, digits and signs, without blanks.

        `POST /llm-ops/v1/governance/credentials`; needs `governance:credentials`
        """
        request: dict[str, Any] = {
            "name": name,
            "baseUrl": base_url,
            "secret": secret,
        }
        return self._door.call("governance.create_credential", Credential, request, key=idempotency_key)

    def list_credentials(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Credential]:
        """Lists the project's credentials, newest first, those that came with external models among them.

        Args:
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/governance/credentials`; needs `governance:credentials`
        """
        request: dict[str, Any] = {
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("governance.list_credentials", Credential, request)

    def delete_credential(
        self,
        credential_id: CredentialId,
        *,
        if_match: str | None = None,
    ) -> Credential:
        """Deletes a credential at once. Models that name it are not asked any more until they are given another.

        Args:
        - credential_id: Which.

        `DELETE /llm-ops/v1/governance/credentials/{credentialId}`; needs `governance:credentials`
        """
        request: dict[str, Any] = {
            "credentialId": credential_id,
        }
        return self._door.call("governance.delete_credential", Credential, request, tag=if_match)

    def rotate_credentials(
        self,
        *,
        idempotency_key: str | None = None,
    ) -> RotatedCredentials:
        """Seals the credentials of all projects under a new master key: a fresh one where master keys are in the data
        folder,
        the first of those given where they are in the environment.

        `POST /llm-ops/v1/governance/credentials/rotate`; needs `governance:credentials`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("governance.rotate_credentials", RotatedCredentials, request, key=idempotency_key)

    def open_session(
        self,
        *,
        project: str | None = None,
        idempotency_key: str | None = None,
    ) -> Session:
        """Opens a session with the rights of the key that the call is made with, or of the key behind a link or a
        session,
        which it replaces, in the same project or in another. It ends half an hour later unless it is replaced in
        time, and
        with the key.

        Args:
        - project: The project to work in; the one that the call is made in if absent.

        `POST /llm-ops/v1/session`; needs `session:own`
        """
        request: dict[str, Any] = {
            "project": project,
        }
        return self._door.call("governance.open_session", Session, request, key=idempotency_key)

    def get_session(
        self,
    ) -> Session:
        """Says who calls, and what he may do.

        `GET /llm-ops/v1/session`; needs `session:own`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("governance.get_session", Session, request)

    def close_session(
        self,
        *,
        if_match: str | None = None,
    ) -> Session:
        """Ends the session that the call is made with: at once on this server, within two seconds on the others.

        `DELETE /llm-ops/v1/session`; needs `session:own`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("governance.close_session", Session, request, tag=if_match)

    def watch_changes(
        self,
    ) -> Stream[Changes]:
        """Tells which domains' things change in the caller's project: `training` when a job was submitted or went on.
        What
        changed is for the operations that read it. The first item names every domain that he may read, as nothing
        is
        told of what came before; so does one after more changes at once than could be told apart.

        `GET /llm-ops/v1/changes`; needs `session:own`
        """
        request: dict[str, Any] = {
        }
        return self._door.stream("governance.watch_changes", Changes, request)

    def create_sign_in_link(
        self,
        *,
        idempotency_key: str | None = None,
    ) -> SignInLink:
        """Makes a link's secret, which opens one session with the rights of the caller's key, once, within 15 minutes.

        `POST /llm-ops/v1/session/links`; needs `session:own`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("governance.create_sign_in_link", SignInLink, request, key=idempotency_key)

    def list_audit_logs(
        self,
        *,
        action: str | None = None,
        actor: str | None = None,
        cursor: str | None = None,
        from_: datetime | str | None = None,
        limit: int | None = None,
        resource_id: str | None = None,
        resource_type: str | None = None,
        result: AuditOutcome | None = None,
        to: datetime | str | None = None,
    ) -> Page[AuditEntry]:
        """Lists what was done in the project, newest first. Every filter given must hold.

        Args:
        - action: This operation, as `catalog.create_model`.
        - actor: By this actor.
        - cursor: Where the page before ended.
        - from_: Not before.
        - limit: The most entries of a page, 1 to 1000; 50 if absent.
        - resource_id: On this thing.
        - resource_type: On this kind of thing, as `model`.
        - result: With this outcome.
        - to: Before.

        `GET /llm-ops/v1/governance/audit/logs`; needs `governance:read`
        """
        request: dict[str, Any] = {
            "action": action,
            "actor": actor,
            "cursor": cursor,
            "from": from_,
            "limit": limit,
            "resourceId": resource_id,
            "resourceType": resource_type,
            "result": result,
            "to": to,
        }
        return self._door.page("governance.list_audit_logs", AuditEntry, request)

    def export_audit_logs(
        self,
        *,
        format: AuditFormat | None = None,
    ) -> Download:
        """Sends the whole audit log, of all projects: one entry a line, oldest first, and where the chain ends.

        Args:
        - format: How; JSON lines if absent.

        `GET /llm-ops/v1/governance/audit/export`; needs `governance:audit`
        """
        request: dict[str, Any] = {
            "format": format,
        }
        return self._door.download("governance.export_audit_logs", request)

    def verify_audit_logs(
        self,
    ) -> AuditVerification:
        """Reads the whole audit log and recomputes its chain of hashes.

        `GET /llm-ops/v1/governance/audit/verify`; needs `governance:audit`
        """
        request: dict[str, Any] = {
        }
        return self._door.call("governance.verify_audit_logs", AuditVerification, request)


class Serving:
    """Models that answer: endpoints, their replicas and revisions."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def deploy_endpoint(
        self,
        *,
        model_id: ModelId,
        route: str,
        dry_run: bool | None = None,
        environment: Environment | None = None,
        limits: EndpointLimits | Mapping[str, Any] | None = None,
        min_replicas: int | None = None,
        rollback_plan: str | None = None,
        idempotency_key: str | None = None,
    ) -> Endpoint:
        """Deploys an approved model under a route. What would run is shown by a dry run.

        Args:
        - model_id: The model; approved, with files.
        - route: A name of letters, digits, `-`, `_` and `.`; with or without `/` or `/llm-ops/v1/serve/` before it.
        - dry_run: Whether only to check, and to show what would run.
        - environment: Whom it answers; `dev` if absent. [default: "dev"]
        - limits: What it takes.
        - min_replicas: How many replicas run, 1 to 16; 1 if absent.
        - rollback_plan: What to do when it goes wrong, at most 10,000 characters; required for `prod`.

        `POST /llm-ops/v1/serving/endpoints`; needs `serving:deploy`
        """
        request: dict[str, Any] = {
            "modelId": model_id,
            "route": route,
            "dryRun": dry_run,
            "environment": environment,
            "limits": limits,
            "minReplicas": min_replicas,
            "rollbackPlan": rollback_plan,
        }
        return self._door.call("serving.deploy_endpoint", Endpoint, request, key=idempotency_key)

    def list_endpoints(
        self,
        *,
        status: EndpointStatus | None = None,
        cursor: str | None = None,
        environment: Environment | None = None,
        include_total: bool | None = None,
        limit: int | None = None,
        model_id: ModelId | None = None,
        text: str | None = None,
    ) -> Page[Endpoint]:
        """Lists endpoints, newest first.

        Args:
        - status: In this status.
        - cursor: Where the page before ended.
        - environment: Of this environment.
        - include_total: Whether to count all that match.
        - limit: The most of a page, 1 to 1000; 50 if absent.
        - model_id: Of this model.
        - text: With this text in the route, letter case aside; taken literally.

        `GET /llm-ops/v1/serving/endpoints`; needs `serving:read`
        """
        request: dict[str, Any] = {
            "status": status,
            "cursor": cursor,
            "environment": environment,
            "includeTotal": include_total,
            "limit": limit,
            "modelId": model_id,
            "text": text,
        }
        return self._door.page("serving.list_endpoints", Endpoint, request)

    def get_endpoint(
        self,
        endpoint_id: EndpointId,
    ) -> Endpoint:
        """Reads one endpoint with its history.

        Args:
        - endpoint_id: Which.

        `GET /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:read`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
        }
        return self._door.call("serving.get_endpoint", Endpoint, request)

    def update_endpoint(
        self,
        endpoint_id: EndpointId,
        *,
        status: EndpointSwitch | None = None,
        limits: EndpointLimits | Mapping[str, Any] | None = None,
        min_replicas: int | None = None,
        if_match: str | None = None,
    ) -> Endpoint:
        """Scales an endpoint, changes its limits, stops it or starts it again. Honours `If-Match`.

        Args:
        - endpoint_id: Which.
        - status: Whether it is to run.
        - limits: What it takes, all of it; other limits are a new revision.
        - min_replicas: How many replicas run, 1 to 16.

        `PATCH /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:operate`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
            "status": status,
            "limits": limits,
            "minReplicas": min_replicas,
        }
        return self._door.call("serving.update_endpoint", Endpoint, request, tag=if_match)

    def redeploy_endpoint(
        self,
        endpoint_id: EndpointId,
        *,
        limits: EndpointLimits | Mapping[str, Any] | None = None,
        model_id: ModelId | None = None,
        idempotency_key: str | None = None,
    ) -> Endpoint:
        """Makes a new revision, with the same or another model. The one before answers until the new one is ready.

        Args:
        - endpoint_id: Which.
        - limits: What it takes, all of it; the same if absent.
        - model_id: The model; the same if absent.

        `POST /llm-ops/v1/serving/endpoints/{endpointId}/redeploy`; needs `serving:deploy`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
            "limits": limits,
            "modelId": model_id,
        }
        return self._door.call("serving.redeploy_endpoint", Endpoint, request, key=idempotency_key)

    def rollback_endpoint(
        self,
        endpoint_id: EndpointId,
        *,
        revision: int | None = None,
        idempotency_key: str | None = None,
    ) -> Endpoint:
        """Returns to an earlier revision. No request under way is lost; a revision that still runs answers at once.

        Args:
        - endpoint_id: Which.
        - revision: The revision; the one that answered before if absent.

        `POST /llm-ops/v1/serving/endpoints/{endpointId}/rollback`; needs `serving:operate`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
            "revision": revision,
        }
        return self._door.call("serving.rollback_endpoint", Endpoint, request, key=idempotency_key)

    def list_endpoint_revisions(
        self,
        endpoint_id: EndpointId,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[EndpointRevision]:
        """Lists the revisions of an endpoint, newest first.

        Args:
        - endpoint_id: Which endpoint.
        - cursor: Where the page before ended.
        - limit: The most of a page, 1 to 1000; 50 if absent.

        `GET /llm-ops/v1/serving/endpoints/{endpointId}/revisions`; needs `serving:read`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
            "cursor": cursor,
            "limit": limit,
        }
        return self._door.page("serving.list_endpoint_revisions", EndpointRevision, request)

    def stream_endpoint_logs(
        self,
        endpoint_id: EndpointId,
        *,
        follow: bool | None = None,
    ) -> Stream[EndpointLogLine]:
        """Reads what the replicas write, and follows it when asked to.

        Args:
        - endpoint_id: Which endpoint.
        - follow: Whether to go on with what they write from now on; otherwise the stream ends with what there is.

        `GET /llm-ops/v1/serving/endpoints/{endpointId}/logs`; needs `serving:read`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
            "follow": follow,
        }
        return self._door.stream("serving.stream_endpoint_logs", EndpointLogLine, request)

    def watch_endpoint(
        self,
        endpoint_id: EndpointId,
    ) -> Stream[Endpoint]:
        """Follows an endpoint: its present state, then each change. The stream ends when the endpoint is deleted and
        nothing
        of it runs any more.

        Args:
        - endpoint_id: Which.

        `GET /llm-ops/v1/serving/endpoints/{endpointId}/events`; needs `serving:read`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
        }
        return self._door.stream("serving.watch_endpoint", Endpoint, request)

    def delete_endpoint(
        self,
        endpoint_id: EndpointId,
        *,
        if_match: str | None = None,
    ) -> Endpoint:
        """Deletes an endpoint: what runs ends first, then the record goes, which ends the streams of those who follow
        it.

        Args:
        - endpoint_id: Which.

        `DELETE /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:operate`
        """
        request: dict[str, Any] = {
            "endpointId": endpoint_id,
        }
        return self._door.call("serving.delete_endpoint", Endpoint, request, tag=if_match)


class Training:
    """Jobs that make a model from data."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def submit_job(
        self,
        *,
        dataset_id: DatasetId,
        job_type: TrainingJobType,
        name: str | None = None,
        architecture: TrainingArchitecture | Mapping[str, Any] | None = None,
        checkpoint_every: int | None = None,
        dry_run: bool | None = None,
        evaluation: TrainingEvaluation | Mapping[str, Any] | None = None,
        gpu_fallback: bool | None = None,
        hyperparams: TrainingHyperparams | Mapping[str, Any] | None = None,
        lora: LoraSettings | Mapping[str, Any] | None = None,
        max_duration_seconds: int | None = None,
        method: TrainingMethod | None = None,
        model_family: str | None = None,
        model_id: ModelId | None = None,
        output: TrainingOutput | Mapping[str, Any] | None = None,
        priority: int | None = None,
        resources: TrainingResources | Mapping[str, Any] | None = None,
        retry_policy: JobRetryPolicy | Mapping[str, Any] | None = None,
        use_gpu: bool | None = None,
        idempotency_key: str | None = None,
    ) -> TrainingJob:
        """Submits a job: fine-tuning a model, or training one from nothing. Everything that can be checked is checked
        now.

        Args:
        - dataset_id: The approved dataset: of type `sft_pair` for `finetune`, `pretrain_corpus` otherwise.
        - job_type: How it trains.
        - name: What it is called: as a model's name, at most 128 characters. Made from its type and its data if
        absent.
        - architecture: The shape of the model to be made; required unless `finetune`, where the base model has one.
        - checkpoint_every: Steps between two checkpoints, 1 to 1,000,000; 50 if absent.
        - dry_run: Whether to check and estimate only: the job that would be is answered, and there is none.
        - evaluation: Measuring while training; nothing is kept aside if absent.
        - gpu_fallback: Whether it may run on the CPU when there is no GPU; no if absent.
        - hyperparams: How training goes about it.
        - lora: The matrices of LoRA.
        - max_duration_seconds: Seconds an attempt may run, 1 to 2,592,000 (30 days); 86,400 if absent.
        - method: Which weights are trained; `full` if absent, and always from scratch.
        - model_family: The family of the architecture: `llama` or `mistral`; the base model's, or `llama`, if
        absent.
        - model_id: The approved model that is trained further; only for `finetune`, where it is required.
        - output: What the model is called that comes out.
        - priority: -100 to 100, higher goes first; 0 if absent.
        - resources: What it may use.
        - retry_policy: What happens after a failure that trying again can help.
        - use_gpu: Whether it needs a GPU; no if absent.

        `POST /llm-ops/v1/training/jobs`; needs `training:submit`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "jobType": job_type,
            "name": name,
            "architecture": architecture,
            "checkpointEvery": checkpoint_every,
            "dryRun": dry_run,
            "evaluation": evaluation,
            "gpuFallback": gpu_fallback,
            "hyperparams": hyperparams,
            "lora": lora,
            "maxDurationSeconds": max_duration_seconds,
            "method": method,
            "modelFamily": model_family,
            "modelId": model_id,
            "output": output,
            "priority": priority,
            "resources": resources,
            "retryPolicy": retry_policy,
            "useGpu": use_gpu,
        }
        return self._door.call("training.submit_job", TrainingJob, request, key=idempotency_key)

    def estimate_job(
        self,
        *,
        dataset_id: DatasetId,
        job_type: TrainingJobType,
        name: str | None = None,
        architecture: TrainingArchitecture | Mapping[str, Any] | None = None,
        checkpoint_every: int | None = None,
        dry_run: bool | None = None,
        evaluation: TrainingEvaluation | Mapping[str, Any] | None = None,
        gpu_fallback: bool | None = None,
        hyperparams: TrainingHyperparams | Mapping[str, Any] | None = None,
        lora: LoraSettings | Mapping[str, Any] | None = None,
        max_duration_seconds: int | None = None,
        method: TrainingMethod | None = None,
        model_family: str | None = None,
        model_id: ModelId | None = None,
        output: TrainingOutput | Mapping[str, Any] | None = None,
        priority: int | None = None,
        resources: TrainingResources | Mapping[str, Any] | None = None,
        retry_policy: JobRetryPolicy | Mapping[str, Any] | None = None,
        use_gpu: bool | None = None,
    ) -> JobEstimate:
        """Says what a job would need, without submitting it. Refuses what `submit_job` would.

        Args:
        - dataset_id: The approved dataset: of type `sft_pair` for `finetune`, `pretrain_corpus` otherwise.
        - job_type: How it trains.
        - name: What it is called: as a model's name, at most 128 characters. Made from its type and its data if
        absent.
        - architecture: The shape of the model to be made; required unless `finetune`, where the base model has one.
        - checkpoint_every: Steps between two checkpoints, 1 to 1,000,000; 50 if absent.
        - dry_run: Whether to check and estimate only: the job that would be is answered, and there is none.
        - evaluation: Measuring while training; nothing is kept aside if absent.
        - gpu_fallback: Whether it may run on the CPU when there is no GPU; no if absent.
        - hyperparams: How training goes about it.
        - lora: The matrices of LoRA.
        - max_duration_seconds: Seconds an attempt may run, 1 to 2,592,000 (30 days); 86,400 if absent.
        - method: Which weights are trained; `full` if absent, and always from scratch.
        - model_family: The family of the architecture: `llama` or `mistral`; the base model's, or `llama`, if
        absent.
        - model_id: The approved model that is trained further; only for `finetune`, where it is required.
        - output: What the model is called that comes out.
        - priority: -100 to 100, higher goes first; 0 if absent.
        - resources: What it may use.
        - retry_policy: What happens after a failure that trying again can help.
        - use_gpu: Whether it needs a GPU; no if absent.

        `POST /llm-ops/v1/training/estimate`; needs `training:read`
        """
        request: dict[str, Any] = {
            "datasetId": dataset_id,
            "jobType": job_type,
            "name": name,
            "architecture": architecture,
            "checkpointEvery": checkpoint_every,
            "dryRun": dry_run,
            "evaluation": evaluation,
            "gpuFallback": gpu_fallback,
            "hyperparams": hyperparams,
            "lora": lora,
            "maxDurationSeconds": max_duration_seconds,
            "method": method,
            "modelFamily": model_family,
            "modelId": model_id,
            "output": output,
            "priority": priority,
            "resources": resources,
            "retryPolicy": retry_policy,
            "useGpu": use_gpu,
        }
        return self._door.call("training.estimate_job", JobEstimate, request)

    def list_jobs(
        self,
        *,
        status: JobStatus | None = None,
        cursor: str | None = None,
        dataset_id: DatasetId | None = None,
        include_total: bool | None = None,
        job_type: TrainingJobType | None = None,
        limit: int | None = None,
        model_id: ModelId | None = None,
        submitted_before: datetime | str | None = None,
        submitted_by: str | None = None,
        submitted_from: datetime | str | None = None,
        text: str | None = None,
    ) -> Page[TrainingJob]:
        """Lists jobs, newest first.

        Args:
        - status: In this status.
        - cursor: Where the page before ended.
        - dataset_id: On this dataset.
        - include_total: Whether to count all that match.
        - job_type: Of this type.
        - limit: The most jobs of a page, 1 to 1000; 50 if absent.
        - model_id: With this base model.
        - submitted_before: Submitted before this instant.
        - submitted_by: Submitted by this user.
        - submitted_from: Submitted at this instant or later.
        - text: With this text in the name, letter case aside; taken literally.

        `GET /llm-ops/v1/training/jobs`; needs `training:read`
        """
        request: dict[str, Any] = {
            "status": status,
            "cursor": cursor,
            "datasetId": dataset_id,
            "includeTotal": include_total,
            "jobType": job_type,
            "limit": limit,
            "modelId": model_id,
            "submittedBefore": submitted_before,
            "submittedBy": submitted_by,
            "submittedFrom": submitted_from,
            "text": text,
        }
        return self._door.page("training.list_jobs", TrainingJob, request)

    def get_job(
        self,
        job_id: JobId,
    ) -> TrainingJob:
        """Reads one job: its timeline, how far it is, and what it waits for.

        Args:
        - job_id: Which.

        `GET /llm-ops/v1/training/jobs/{jobId}`; needs `training:read`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
        }
        return self._door.call("training.get_job", TrainingJob, request)

    def cancel_job(
        self,
        job_id: JobId,
        *,
        reason: str | None = None,
        if_match: str | None = None,
    ) -> TrainingJob:
        """Cancels a job that has not ended. Cancelling it again changes nothing.

        Args:
        - job_id: Which.
        - reason: Why, at most 1,000 characters.

        `DELETE /llm-ops/v1/training/jobs/{jobId}`; needs `training:cancel`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
            "reason": reason,
        }
        return self._door.call("training.cancel_job", TrainingJob, request, tag=if_match)

    def stream_job_logs(
        self,
        job_id: JobId,
        *,
        channel: JobLogChannel | None = None,
        follow: bool | None = None,
    ) -> Stream[JobLogLine]:
        """Sends what a job wrote, line by line, live or after its end.

        Args:
        - job_id: Which.
        - channel: Which output; both, each attempt's words before its events, if absent.
        - follow: Whether to go on until the job has ended; otherwise the stream ends with what there is.

        `GET /llm-ops/v1/training/jobs/{jobId}/logs`; needs `training:read`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
            "channel": channel,
            "follow": follow,
        }
        return self._door.stream("training.stream_job_logs", JobLogLine, request)

    def watch_job(
        self,
        job_id: JobId,
    ) -> Stream[TrainingJob]:
        """Follows a job: its present state, then each change, until it has ended.

        Args:
        - job_id: Which.

        `GET /llm-ops/v1/training/jobs/{jobId}/events`; needs `training:read`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
        }
        return self._door.stream("training.watch_job", TrainingJob, request)

    def log_job_metrics(
        self,
        job_id: JobId,
        *,
        attempt: int,
        metrics: Sequence[MetricPoint | Mapping[str, Any]],
        idempotency_key: str | None = None,
    ) -> LoggedMetrics:
        """Records metric points measured by a running job, all or none. A batch may be sent again when its points
        carry their times.

        Args:
        - job_id: Of which job.
        - attempt: The attempt that measured them. An attempt that is over is refused.
        - metrics: The points.

        `POST /llm-ops/v1/training/jobs/{jobId}/metrics`; needs `training:submit`
        """
        request: dict[str, Any] = {
            "jobId": job_id,
            "attempt": attempt,
            "metrics": metrics,
        }
        return self._door.call("training.log_job_metrics", LoggedMetrics, request, key=idempotency_key)


class Rooms:
    """Every room."""

    def __init__(self, door: Door) -> None:
        self.catalog = Catalog(door)
        """Models, their versions, files, reviews and lineage."""
        self.datasets = Datasets(door)
        """Datasets, their versions, what they hold and whether they may be used."""
        self.cost = Cost(door)
        """What work used and what that costs."""
        self.evaluation = Evaluation(door)
        """How good models are: answers to samples, scored, recorded and compared."""
        self.experiments = Experiments(door)
        """Runs, their parameters and metrics."""
        self.gateway = Gateway(door)
        """One way to every model that answers."""
        self.governance = Governance(door)
        """API keys and the audit log."""
        self.serving = Serving(door)
        """Models that answer: endpoints, their replicas and revisions."""
        self.training = Training(door)
        """Jobs that make a model from data."""
