// @generated from the declarations of the operations, by
// UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated

import type { CallOptions, ChangeOptions, CreateOptions, Download, Files, Page, Stream } from './index'

/** The class of a failure. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'denied'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'range_not_satisfiable'
  | 'invalid'
  | 'rate_limited'
  | 'unsupported'
  | 'upstream'
  | 'unavailable'
  | 'timeout'
  | 'storage_full'
  | 'unexpected'

/** A file that a commit makes. */
export interface AddedDatasetFile {
  /**
   * Its path within the dataset, as it was staged with; what is there already is replaced. `README.md` is the card.
   */
  path: string
  /**
   * The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name whose
   * path has the same
   * ending.
   */
  sha256: string
}

/** A file that a commit makes. */
export interface AddedModelFile {
  /** Its path within the model; what is there already is replaced. */
  path: string
  /** The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name. */
  sha256: string
}

/** An API key, without its secret. */
export interface ApiKey {
  /** Its id. */
  id: KeyId
  /** Who or what uses it. */
  name: string
  /** Whether it may go to every other one. */
  allProjects: boolean
  /** When. */
  createdAt: string
  /** Who made it. */
  createdBy: string
  /** How the secret begins, to tell keys apart. */
  prefix: string
  /** The project it works in. */
  project: string
  /** What its holder may do. */
  roles: Role[]
  /** When it stops to work. */
  expiresAt?: string
  /** When it was revoked. */
  revokedAt?: string
}

/** Something that was done, denied or failed. */
export interface AuditEntry {
  /** Its id. */
  id: string
  /** What, as `catalog.create_model`. */
  action: string
  /** Who. */
  actorId: string
  /** SHA-256 over the hash before and the fields. */
  hash: string
  /** Request id, address, key and all things touched. */
  metadata: unknown
  /** Why, in words; empty when it was allowed. */
  reason: string
  /** On which. */
  resourceId: string
  /** On what kind of thing. */
  resourceType: string
  /** How it went. */
  result: AuditOutcome
  /** Its place in the log, from 1 on without a gap. */
  seq: number
  /** When. */
  timestamp: string
}

/**
 * How an export is written.
 *
 * - `jsonl`: One JSON object a line; `llmops-server audit verify` reads it.
 * - `csv`: A table for spreadsheets; cells that would be formulas begin with an apostrophe.
 */
export type AuditFormat = 'jsonl' | 'csv'

/**
 * How an action went.
 *
 * - `allowed`: It was done.
 * - `denied`: The caller may not.
 * - `failed`: It was tried and did not work.
 */
export type AuditOutcome = 'allowed' | 'denied' | 'failed'

/** What verifying the log showed. */
export interface AuditVerification {
  /** Entries that are right, from the first on. */
  entries: number
  /**
   * The hash of the last of them, in hex: kept somewhere else, it shows later that nothing before it was changed or
   * cut off.
   */
  hash: string
  /** Whether the log is complete and unaltered. */
  verified: boolean
  /** What is wrong after them. */
  problem?: string
}

/** What changed since the last time, at most twice a second. */
export interface Changes {
  /**
   * The domains, as `training`: what their operations read may be otherwise now. Now and then a change in another
   * project
   * is told too.
   */
  domains: string[]
}

/** One of the answers to a question. */
export interface ChatChoice {
  /** Why it ended: `stop`, `length`, `tool_calls` or `content_filter`. */
  finishReason: string
  /** Which. */
  index: number
  /** What the model said. */
  message: ChatMessage
  /** The log-probabilities, if they were asked for. */
  logprobs?: ChatLogprobs
}

/** What a piece adds to one of the answers. */
export interface ChatChoicePart {
  /** What is new. */
  delta: ChatDelta
  /** Which. */
  index: number
  /** Why it ended; in its last piece. */
  finishReason?: string
  /** The log-probabilities of what is new. */
  logprobs?: ChatLogprobs
}

/** A piece of an answer. */
export interface ChatChunk {
  /** The id of the answer; the same in all its pieces. */
  id: string
  /** What is new; empty in the piece with the usage. */
  choices: ChatChoicePart[]
  /** When the answer began, in seconds since 1970. */
  created: number
  /** The model that answers, as `tiny:1.0.0`. */
  model: string
  /** The route that was resolved, as `/tiny-chat`. */
  route: string
  /** What the whole answer used; in the last piece. */
  usage?: ChatUsage
}

/** A whole answer. */
export interface ChatCompletion {
  /** The id of this answer, by which it is charged. */
  id: string
  /** The answers. */
  choices: ChatChoice[]
  /** When, in seconds since 1970. */
  created: number
  /** The model that answered, as `tiny:1.0.0`. */
  model: string
  /** The route that was resolved, as `/tiny-chat`. */
  route: string
  /** What they used. */
  usage: ChatUsage
}

/** What a message says: a text, or parts. */
export type ChatContent = string | ChatPart[]

/** What a piece adds to a message. */
export interface ChatDelta {
  /** More text. */
  content?: string
  /** Who speaks; in the first piece. */
  role?: ChatRole
  /** More of tool calls, each with the `index` of the call it belongs to. */
  toolCalls?: unknown[]
}

/** Log-probabilities of an answer. */
export interface ChatLogprobs {
  /** One entry for each token. */
  content?: ChatTokenLogprob[]
}

/** One message of a conversation. */
export interface ChatMessage {
  /** Who speaks. */
  role: ChatRole
  /** A name for the speaker. */
  name?: string
  /** What is said. Absent only when the assistant calls tools. */
  content?: ChatContent
  /** The call that a `tool` message answers. */
  toolCallId?: string
  /** The tools that the assistant calls, as `{id, type: "function", function: {name, arguments}}`. */
  toolCalls?: unknown[]
}

/** One part of a message. */
export interface ChatPart {
  /** What it is: `text`. Models that read nothing else refuse every other kind. */
  type: string
  /** The text of a `text`. */
  text?: string
}

/**
 * Who speaks.
 *
 * - `system`: Says how to behave.
 * - `developer`: The newer name of `system`.
 * - `user`: Asks.
 * - `assistant`: The model.
 * - `tool`: The outcome of a tool call.
 */
export type ChatRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool'

/** A token that might have stood there. */
export interface ChatTokenAlternative {
  /** The natural logarithm of its probability. */
  logprob: number
  /** Its text. */
  token: string
  /** Its bytes. */
  bytes?: number[]
}

/** A token with its log-probability. */
export interface ChatTokenLogprob {
  /** The natural logarithm of its probability. */
  logprob: number
  /** Its text. */
  token: string
  /** Its bytes, which need not be a whole character. */
  bytes?: number[]
  /** What might have stood there instead, the likeliest first. */
  topLogprobs?: ChatTokenAlternative[]
}

/** Tokens of one answer. */
export interface ChatUsage {
  /** Those of the prompt that did not have to be computed again. */
  cachedTokens: number
  /** Tokens of the answer. */
  completionTokens: number
  /** Tokens of the prompt. */
  promptTokens: number
  /** Both. */
  totalTokens: number
}

/**
 * What became of a column.
 *
 * - `none`: It is in both, with the same type.
 * - `added`: Only `b` has it.
 * - `removed`: Only `a` has it.
 * - `type_changed`: Its values are of another type.
 */
export type ColumnChange = 'none' | 'added' | 'removed' | 'type_changed'

/** One column in two versions. */
export interface ColumnComparison {
  /** Its name. */
  name: string
  /** What became of it. */
  change: ColumnChange
  /** Whether its values are spread in another way. */
  drifted: boolean
  /** What it holds. */
  after?: ColumnShape
  /** What it held. */
  before?: ColumnShape
}

/** One column that drifted. */
export interface ColumnDrift {
  /** Its name. */
  name: string
  /** The share that holds none. */
  missingAfter: number
  /** The share of rows that held none. */
  missingBefore: number
  /** What they are. */
  typeAfter: ColumnType
  /** What its values were. */
  typeBefore: ColumnType
  /** The Jensen-Shannon distance of its numbers or lengths, 0 to 1; absent under 200 values. */
  distance?: number
}

/** Which column plays which part. What is absent is looked for under the part's own name. */
export interface ColumnRoles {
  /** The answer it gives. */
  answer?: string
  /** The better response. */
  chosen?: string
  /** The passage. */
  context?: string
  /**
   * A conversation: a list of messages, each with `role` and `content` or `tool_calls`. The tools stand in a column
   * `tools`.
   */
  messages?: string
  /** What is asked of the model. */
  prompt?: string
  /** A question about a passage. */
  question?: string
  /** The worse response. */
  rejected?: string
  /** What the model is to answer. Also found under `completion`. */
  response?: string
  /** The text of a corpus. */
  text?: string
}

/** How the values of a column are spread. */
export interface ColumnShape {
  /** What its values are. */
  type: ColumnType
  /** Different values. */
  distinct: number
  /** Whether `distinct` is exact; else it is estimated to about 1 in 100. */
  distinctExact: boolean
  /** The share of rows without a value, 0 to 1. */
  missingShare: number
  /** Whether the numbers below are of the lengths of texts, in characters, and not of the values. */
  ofLengths: boolean
  /** The values below which 5, 25, 50, 75 and 95 of 100 lie. */
  quantiles: ValueQuantile[]
  /** The most frequent values, at most five. */
  topValues: TopValue[]
  /** The largest. */
  max?: number
  /** The mean. */
  mean?: number
  /** The smallest. */
  min?: number
  /** The standard deviation of the population. */
  stdDev?: number
}

/** What a column holds. */
export interface ColumnStatistics {
  /** Its name. */
  name: string
  /** What its values are. */
  type: ColumnType
  /** Rows that hold a value. */
  count: number
  /** Different values. */
  distinct: number
  /** Whether `distinct` is exact; else it is an estimate by HyperLogLog. */
  distinctExact: boolean
  /** Rows that hold none. */
  nulls: number
  /** The most frequent values, at most ten. */
  topValues: TopValue[]
  /** Whether `topValues` are exact; else a value may be missing or counted too low. */
  topValuesExact: boolean
  /**
   * Of an estimate: its standard error as a share of `distinct`, 1.04 / sqrt(m) with m = 16,384 registers, which is
   * 0.0081
   * (Flajolet, Fusy, Gandouet and Meunier 2007). Two of three estimates are off by less, 95 of 100 by less than twice
   * as
   * much. Absent from what an earlier release counted.
   */
  distinctError?: number
  /** Of the lengths in characters, when the values are text. */
  lengths?: ValueDistribution
  /** Of the values, when they are numbers. */
  numbers?: ValueDistribution
}

/** The tokens of a column. */
export interface ColumnTokens {
  /** Its name. */
  name: string
  /** Whether it holds conversations: then a text is what all messages of one say and call. */
  conversation: boolean
  /** How many. */
  tokens: TokenDistribution
}

/**
 * What the values of a column are.
 *
 * - `empty`: No value at all.
 * - `boolean`: `true` and `false`.
 * - `integer`: Whole numbers.
 * - `number`: Numbers.
 * - `text`: Text.
 * - `json`: Objects or lists.
 * - `mixed`: Values of several types.
 */
export type ColumnType = 'empty' | 'boolean' | 'integer' | 'number' | 'text' | 'json' | 'mixed'

/** One metric over several evaluations. */
export interface ComparedMetric {
  /** The metric as the requests call it. */
  name: string
  /** Each evaluation but the first, compared with the first sample by sample. */
  againstFirst: EvaluationDifference[]
  /** The evaluation with the best value; the first of several. */
  best: EvaluationRunId
  /** Whether more is better. */
  higherIsBetter: boolean
  /** Its value in each evaluation. */
  values: number[]
}

/** A version that is compared. */
export interface ComparedModel {
  /** Its id. */
  id: ModelId
  /** Its version. */
  version: string
  /** Its type. */
  type: ModelType
  /** Where it stands. */
  status: ModelStatus
  /** When it was registered. */
  createdAt: string
  /** SHA-256 over its files' paths and digests, in hex. */
  digest?: string
}

/** A row that only one version has. Of a value at most 500 characters are shown, of a row about 4 KiB. */
export interface ComparedRow {
  /** Whether not all of it is shown. */
  cut: boolean
  /** Its number, from 0, as in the preview. */
  row: number
  /** Its values by column; what holds no value is absent. */
  values: Record<string, unknown>
}

/** One side of a comparison. */
export interface ComparedVersion {
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** Rows that cannot be read and are left out. */
  badRows: number
  /** Its id. */
  datasetId: DatasetId
  /** The digest of its files. */
  digest: string
  /** Rows that are compared. */
  rows: number
}

/** How two versions differ. */
export interface ComparisonReport {
  /** Rows that only `b` has. */
  added: number
  /** What the columns hold, before and after. */
  columns: ColumnComparison[]
  /** Rows of one key whose other values differ. */
  modified: number
  /** Rows that only `a` has. */
  removed: number
  /**
   * Rows, of either version, that share their key with another one of the same version. Where there are some, which
   * of
   * them is said to be modified is arbitrary.
   */
  repeatedKeys: number
  /** The first rows of each kind, at most 20. */
  samples: ComparisonSamples
  /** Rows that both have as they are. */
  unchanged: number
}

/** Rows of each kind. */
export interface ComparisonSamples {
  /** Rows that only `b` has. */
  added: ComparedRow[]
  /** Rows that changed. */
  modified: ModifiedRow[]
  /** Rows that only `a` has. */
  removed: ComparedRow[]
}

/** Where the true value lies with a probability of `level`, as far as the samples can tell. */
export interface Confidence {
  /** The upper end. */
  high: number
  /** The probability, 0.95. */
  level: number
  /** The lower end. */
  low: number
  /** How it was computed. */
  method: IntervalMethod
}

/** A contamination check, under way or done. */
export interface ContaminationCheck {
  /** Its id. */
  id: string
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** The dataset version whose rows are looked for. */
  datasetId: DatasetId
  /** The digest of its bytes. */
  digest: string
  /** By what rows are held to be the same. */
  method: ContaminationMethod
  /** How far it is, over all that is read. */
  progress: ValidationProgress
  /** What is looked in. */
  sources: ContaminationSource[]
  /** Where it stands. */
  state: DatasetWorkState
  /** Why it failed. */
  error?: string
  /** When it ended. */
  finishedAt?: string
  /** The model whose data is looked in, if one was named. */
  model?: ContaminationModel
  /** What was found, once it succeeded. */
  report?: ContaminationReport
}

/** How many rows were found, by how. */
export interface ContaminationCounts {
  /** As they are. */
  exact: number
  /** Nearly. */
  near: number
  /** In runs of words. */
  ngram: number
  /** All that were found: the sum of the three. */
  rows: number
  /** The share of the rows that were looked for, 0 to 1. */
  share: number
}

/**
 * How a row is found in another dataset. A row counts as the first of these that holds.
 *
 * - `exact`: As it is: the same words.
 * - `ngram`: In runs of words.
 * - `near`: Nearly, as MinHash estimates it.
 */
export type ContaminationKind = 'exact' | 'ngram' | 'near'

/** By what rows are held to be the same, with everything filled in. */
export interface ContaminationMethod {
  /** The columns whose text is looked for, in the order in which they are put together. */
  columns: string[]
  /** The share of a row's runs that must be found. */
  minOverlap: number
  /** Words of a run. */
  ngram: number
  /** The least similarity of rows that are nearly the same. */
  similarity: number
}

/** The model whose data is looked in. */
export interface ContaminationModel {
  /** Its name and version when the check began, as `tiny:1.0.0`. */
  name: string
  /** Datasets it learned from that cannot be looked in: they are deleted. */
  missing: DatasetId[]
  /** Its id. */
  modelId: string
  /** Whether it comes from a model that is deleted, or from more than 64. */
  truncated: boolean
}

/** What a contamination check found. */
export interface ContaminationReport {
  /** The rows that were found anywhere, each by its strongest finding. */
  affected: ContaminationCounts
  /**
   * Runs of words that stand in more than 10 rows of the dataset. They are its form, as a question that is always
   * asked the
   * same, and count for nothing.
   */
  commonNgrams: number
  /** Whether every row was looked for in all that was to be looked in. */
  complete: boolean
  /** What was left out, in plain words; nothing if it is complete. */
  leftOut: string[]
  /** Different runs of words that were looked for. */
  ngrams: number
  /** Rows of the dataset that can be read. */
  rows: number
  /** Rows that were looked for. */
  rowsChecked: number
  /** Rows without a word in the columns that were looked at. */
  rowsWithoutText: number
  /** The same by dataset. */
  sources: ContaminationSourceReport[]
  /** Up to 100 pairs of rows, of each dataset and each kind some; absent in a list. */
  samples?: ContaminationSample[]
}

/** Two rows that share text. */
export interface ContaminationSample {
  /** Text of the row about where it was found, at most 500 characters; personal data in it is masked. */
  excerpt: string
  /** How the row was found. */
  kind: ContaminationKind
  /**
   * Of runs of words the share found in the whole dataset; of rows that are nearly the same the similarity; else 1.
   */
  measure: number
  /** Of runs of words the share found in the row shown; else as `measure`. */
  pairMeasure: number
  /** Its number in the checked dataset, from 0. */
  row: number
  /** The same of the other row. */
  sourceExcerpt: string
  /** In which dataset it was found. */
  sourceId: DatasetId
  /** The number of the row there, from 0; of runs of words the row that holds most of them. */
  sourceRow: number
}

/** A dataset version that is looked in. */
export interface ContaminationSource {
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** Its id. */
  datasetId: DatasetId
  /** The digest of the bytes that are read. */
  digest: string
}

/** What was found in one dataset. */
export interface ContaminationSourceReport {
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** The rows of the checked dataset that were found in it. */
  affected: ContaminationCounts
  /** Its rows that cannot be read. */
  badRows: number
  /** Its id. */
  datasetId: DatasetId
  /** The digest of its bytes. */
  digest: string
  /** Whether its bytes are those of the checked dataset. Then nothing is read, and every row counts as found. */
  identical: boolean
  /** Its rows that were read. */
  rows: number
}

/**
 * Writes rows in another of the formats in which rows are kept. Parquet is none of them: `read_dataset_rows` sends
 * the rows of any dataset as `parquet`.
 */
export interface ConvertRows {
  /** `csv` or `jsonl`. */
  to: DataFormat
  /**
   * Whether cells of a table that a spreadsheet would take for a formula get an apostrophe before them; yes if
   * absent. These
   * are texts, names of columns too, that are no number and begin with `=`, `+`, `-`, `@`, the wide forms of these
   * signs, a tab
   * or the end of a line, blanks before a sign aside. With `false` all cells stay as they are, and no table is made
   * from a
   * table.
   */
  safeCells?: boolean
}

/** Charges added up. */
export interface CostAggregate {
  /** What they are added up by. */
  groupBy: CostGrouping
  /** The groups by key, 1,000 at most; days the newest first. */
  groups: CostGroup[]
  /** All charges together, also those of groups that are not shown. */
  total: CostSums
  /** Whether there are more groups than are shown. */
  truncated: boolean
}

/** One charge. */
export interface CostEntry {
  /** Its id. */
  id: CostEntryId
  /** When. */
  at: string
  /** The version of the prices it was reckoned with. */
  priceVersion: string
  /** Who pays. */
  project: string
  /** Its id. */
  resourceId: string
  /** For what. */
  resourceType: CostResource
  /** How much was used; kinds of which nothing was used are absent. */
  usage: Record<string, number>
  /** Who caused it. */
  user: string
  /** What it costs; absent when a price is not known. */
  amount?: Money
  /** Its name. */
  model?: string
  /** The model version at work. */
  modelId?: string
}

/** The id of a charge in the ledger. */
export type CostEntryId = string

/** The charges of one group. */
export interface CostGroup {
  /** Their sums. */
  sums: CostSums
  /** The model's name, the project, the day or the user; absent for charges without a model. */
  key?: string
}

/**
 * What charges are added up by.
 *
 * - `model`: The name of the model at work.
 * - `project`: The project that pays.
 * - `day`: The day in UTC.
 * - `user`: Who caused it.
 */
export type CostGrouping = 'model' | 'project' | 'day' | 'user'

/** The prices of this platform. */
export interface CostPriceList {
  /** Prices by the time from which they hold, the newest first. */
  versions: CostPriceVersion[]
}

/** The prices of one time. */
export interface CostPriceVersion {
  /** What charges call it. */
  version: string
  /** Whether it holds now. */
  inForce: boolean
  /** The prices of a million tokens by kind, by the name of the model; `*` stands for any other model. */
  models: Record<string, Record<string, Money>>
  /** From when it holds. */
  since: string
  /** The price of an hour of CPU time. */
  cpuHour?: Money
}

/**
 * What was used for.
 *
 * - `request`: A request to a model: its tokens.
 * - `training_job`: A training job: the CPU time of its attempts.
 * - `evaluation`: An evaluation: the CPU time of its process.
 * - `endpoint`: An endpoint: the CPU time of its replicas.
 */
export type CostResource = 'request' | 'training_job' | 'evaluation' | 'endpoint'

/** Sums over charges. */
export interface CostSums {
  /** What the priced charges cost, one amount for each currency. */
  amounts: Money[]
  /** Tokens of prompts that were in a cache. */
  cachedInputTokens: number
  /** Charges. */
  count: number
  /** CPU time in seconds. */
  cpuSeconds: number
  /** Tokens of prompts that had to be computed. */
  inputTokens: number
  /** Tokens that models wrote. */
  outputTokens: number
  /** Charges among them whose price is not known, so that they are in no amount. */
  unpriced: number
}

/** A new API key with its secret, shown this once. */
export interface CreatedApiKey {
  /** The key. */
  key: ApiKey
  /** What to send as `Authorization: Bearer ..`. Absent when the call was a repeat of an earlier one. */
  secret?: string
}

/** A credential, without its secret, which nobody gets to see again. */
export interface Credential {
  /** Its id. */
  id: CredentialId
  /** What it is called. */
  name: string
  /** When. */
  createdAt: string
  /** Who made it. */
  createdBy: string
  /** The master key that it is sealed under. */
  masterKey: string
  /** The only server that it is sent to, as `https://api.openai.com`. */
  origin: string
  /** How the secret ends, to tell credentials apart; absent for a short one. */
  ending?: string
  /** The model that came with it and that it goes with; absent for one that was made by itself. */
  modelId?: string
}

/** The id of a credential; not secret. */
export type CredentialId = string

/**
 * How a dataset's rows are written.
 *
 * - `csv`: A table of separated values, RFC 4180.
 * - `jsonl`: One JSON object a line.
 * - `text`: Plain text; a row is a line that is not blank.
 */
export type DataFormat = 'csv' | 'jsonl' | 'text'

/** One version of a dataset. */
export interface Dataset {
  /** Its id. */
  id: DatasetId
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** What it is for. */
  type: DatasetType
  /** Where it stands. */
  status: DatasetStatus
  /** Bytes of all its files. */
  bytes: number
  /** Which column plays which part, as it was asked for. */
  columns: ColumnRoles
  /** When. */
  createdAt: string
  /** Who registered it. */
  createdBy: string
  /** Send it as `If-Match` to change just what was read. */
  etag: string
  /** The fields of its card. */
  metadata: Record<string, unknown>
  /** What the search for personal data showed. */
  piiScanStatus: PiiScanStatus
  /** The project it belongs to. */
  project: string
  /** Rows of all its files that can be read. */
  rows: number
  /** Its columns in the order of the file. */
  schema: DatasetColumn[]
  /** Where its files are. */
  storageUri: string
  /** Words to find it by. */
  tags: string[]
  /** When it last changed. */
  updatedAt: string
  /** When it was approved last. */
  approvedAt?: string
  /** By whom. */
  approvedBy?: string
  /**
   * SHA-256 of its card as `download_dataset_card` sends it, in hex; absent while it has none. It is no part of the
   * `digest`.
   */
  cardDigest?: string
  /** What changed since the version before. */
  changeLog?: string
  /** What it was derived from, and how, if it was made so. */
  derivedFrom?: DatasetOrigin
  /** How it differs from the version it was made from. Told by `get_dataset` and `list_dataset_versions`. */
  diffSummary?: DatasetDiffSummary
  /** SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it. */
  digest?: string
  /** The format of its files, once there are some. */
  format?: DataFormat
  /** The team that answers for it. */
  ownerTeam?: string
  /** The version it was made from. */
  parentVersionId?: DatasetId
  /** Who lets pass what the search found, and why; the status stays `failed`. */
  piiWaiver?: PiiWaiver
  /** 0 to 100, once validated. */
  qualityScore?: number
  /**
   * Bytes of them that earlier versions of its name do not have. Absent until that is looked at, a while after its
   * files
   * changed, and where the server keeps files whole.
   */
  storedBytes?: number
  /** The validation under way or done last. */
  validation?: ValidationState
}

/** One column. */
export interface DatasetColumn {
  /** Its name: of the header, of the JSON key, or `text`. */
  name: string
  /** What its values are. */
  type: ColumnType
  /** Whether a row lacks it or holds nothing in it. */
  nullable: boolean
}

/** How two versions differ, or how far the comparison is. */
export interface DatasetComparison {
  /** Its id. */
  id: string
  /** The version that was there first. */
  a: ComparedVersion
  /** The version it is compared with. */
  b: ComparedVersion
  /** When it was asked for first. */
  createdAt: string
  /** The columns that say which rows are the same one. */
  keys: string[]
  /** How far it is. */
  progress: ValidationProgress
  /** Where it stands. */
  state: DatasetWorkState
  /** Why it failed. */
  error?: string
  /** When it ended. */
  finishedAt?: string
  /** What was found, once it succeeded. */
  report?: ComparisonReport
}

/**
 * What a reviewer decides.
 *
 * - `approve`: It may be used.
 * - `reject`: It may not.
 * - `request_changes`: Back to its author.
 */
export type DatasetDecision = 'approve' | 'reject' | 'request_changes'

/** A derivation, under way or done. */
export interface DatasetDerivation {
  /** Its id. */
  id: string
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** From which version. */
  datasetId: DatasetId
  /** The digest of the bytes it reads. */
  digest: string
  /** What is done. */
  operation: DerivedBy
  /** What is made. */
  outputs: DerivedOutput[]
  /** How far it is. */
  progress: ValidationProgress
  /** Where it stands. */
  state: DatasetWorkState
  /** Why it failed. */
  error?: string
  /** When it ended. */
  finishedAt?: string
}

/** How a version differs from the one it was made from, as far as that is known without reading rows. */
export interface DatasetDiffSummary {
  /** The version of that one, as `1.0.0`. */
  baseVersion: string
  /** The version it was made from. */
  baseVersionId: DatasetId
  /** How many bytes more there are than before; below 0 fewer. */
  bytes: number
  /** How many columns are new. */
  columnsAdded: number
  /** How many columns are of another type now. */
  columnsChanged: number
  /** How many columns are gone. */
  columnsRemoved: number
  /** How many files more there are than before; below 0 fewer. */
  files: number
  /** How many rows more there are than before; below 0 fewer. */
  rows: number
  /** Whether both have the same files. */
  sameFiles: boolean
  /** Which rows differ: known when nothing does, and once the two were compared, as `diff_dataset_version` does. */
  compared?: DiffedRows
}

/** One file of a dataset. */
export interface DatasetFile {
  /** Rows that cannot; the validation report says where and why. */
  badRows: number
  /** Its size. */
  bytes: number
  /** When it came. */
  createdAt: string
  /** How its rows are written. */
  format: DataFormat
  /** Whether the first record names the columns, of a table. */
  header: boolean
  /** Its path within the dataset. */
  path: string
  /** Rows that can be read. */
  rows: number
  /** Its columns. */
  schema: DatasetColumn[]
  /** Its SHA-256 in hex. */
  sha256: string
  /** What separates the values, of a table. */
  delimiter?: string
  /** What it was written in when it came, if that was not UTF-8; it is kept in UTF-8. */
  encoding?: DatasetFileEncoding
  /**
   * What of these was found out from the first records, and not said by the sender. If it was found wrong, send the
   * file
   * again and say it.
   */
  guessed?: GuessedForm[]
}

/** What a file was written in. */
export interface DatasetFileEncoding {
  /** The encoding, as `euc-kr`. */
  name: string
  /** Whether it was found out from the first MiB. If that was wrong, send the file again and say the `encoding`. */
  guessed: boolean
}

/** The id of one version of a dataset. */
export type DatasetId = string

/** What a dataset was made from, and how. */
export interface DatasetOrigin {
  /** The version that was read. */
  datasetId: DatasetId
  /** The derivation. */
  derivationId: string
  /** The digest of its files. */
  digest: string
  /** What was done. */
  operation: DerivedBy
  /** Which part of a split this is. */
  part?: string
}

/** Rows of a dataset and what they are made of. */
export interface DatasetPreview {
  /** Bytes of all files. */
  bytes: number
  /** Columns in all. */
  columnCount: number
  /** The columns shown. */
  columns: DatasetColumn[]
  /** The rows. */
  items: PreviewRow[]
  /** Rows in all. */
  rows: number
  /** How the rows are written; absent while there is no file. */
  format?: DataFormat
  /** Give it as `cursor` for the next rows; absent at the end. */
  nextCursor?: string
}

/** A decision on a dataset. */
export interface DatasetReview {
  /** Its id. */
  id: string
  /** When. */
  createdAt: string
  /** On which dataset. */
  datasetId: DatasetId
  /** What was decided. */
  decision: DatasetDecision
  /** By whom. */
  reviewer: string
  /** The digest of the files it was about. */
  digest?: string
  /** Why. */
  notes?: string
  /** The waiver that an approval relied on. */
  waiver?: PiiWaiver
}

/**
 * What datasets are sorted by.
 *
 * - `-createdAt`: Newest first.
 * - `createdAt`: Oldest first.
 * - `-updatedAt`: Last changed first.
 * - `name`: By name.
 * - `-name`: By name, backwards.
 */
export type DatasetSort = '-createdAt' | 'createdAt' | '-updatedAt' | 'name' | '-name'

/** What a dataset holds, column by column. */
export interface DatasetStatistics {
  /** Column by column. */
  columns: ColumnStatistics[]
  /** The digest of the bytes they are about. */
  digest: string
  /** Rows. */
  rows: number
}

/**
 * Where a dataset stands in its life.
 *
 * - `draft`: Being made.
 * - `under_review`: Waiting for a reviewer.
 * - `approved`: May be trained and evaluated on.
 * - `rejected`: Refused by a reviewer.
 * - `deprecated`: No longer to be used for something new.
 */
export type DatasetStatus = 'draft' | 'under_review' | 'approved' | 'rejected' | 'deprecated'

/** What all versions of one name take together. */
export interface DatasetStorage {
  /** The name. */
  name: string
  /** Bytes of their files: what full copies would take. */
  bytes: number
  /** How many of them are not looked at yet; they count as if they were stored in full. */
  pending: number
  /** The share of `bytes` that is saved, 0 to 1. */
  saved: number
  /** Bytes that are stored for them, each chunk once. */
  storedBytes: number
  /** How many versions it has. */
  versions: number
}

/**
 * What a dataset is for. It decides which columns its rows must have.
 *
 * - `pretrain_corpus`: Plain text to train a base model on: `text`.
 * - `sft_pair`: Prompts with the responses wanted, or conversations: `prompt` and `response`, or `messages`.
 * - `rag_qa`: Questions with the passages that answer them: `question`, `context` and `answer`.
 * - `rlhf_pair`: Prompts with a better and a worse response: `prompt`, `chosen` and `rejected`.
 * - `benchmark`: Questions with reference answers, to evaluate with: `prompt` and `response`, or `messages`.
 * - `other`: Anything else; no column is required.
 */
export type DatasetType = 'pretrain_corpus' | 'sft_pair' | 'rag_qa' | 'rlhf_pair' | 'benchmark' | 'other'

/** A file that comes in parts. */
export interface DatasetUpload {
  /** Its id. */
  id: UploadId
  /** How many bytes it has. */
  bytes: number
  /** When. */
  createdAt: string
  /** Who began it. */
  createdBy: string
  /** Whose file it is to be. */
  datasetId: DatasetId
  /** When it is forgotten unless more comes. */
  expiresAt: string
  /** How many bytes a part has; the last has what is left. */
  partBytes: number
  /** How many parts there are. */
  parts: number
  /** Its path within the dataset. */
  path: string
  /** How many bytes came. */
  receivedBytes: number
  /** Where it stands. */
  state: UploadState
  /** When something of it came last. */
  updatedAt: string
  /** What was said to separate the values of a table. */
  delimiter?: string
  /** What the text was said to be written in. */
  encoding?: string
  /** Why the whole was refused, or what keeps it from being put together, which is tried again. */
  error?: UploadError
  /** The file, once it is one of the dataset's; a `README.md` is none, but its card. Lists leave it out. */
  file?: DatasetFile
  /** The format that was said. */
  format?: DataFormat
  /** Whether a table's first record was said to name its columns. */
  header?: boolean
  /** The parts that are to come. Lists leave it out. */
  missing?: PartRange[]
  /** The SHA-256 that it must have as it is sent, in hex. */
  sha256?: string
}

/** A validation, under way or done. */
export interface DatasetValidation {
  /** Its id. */
  id: string
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** Of which dataset. */
  datasetId: DatasetId
  /** The digest of the bytes it is about. */
  digest: string
  /** How far it is. */
  progress: ValidationProgress
  /** Where it stands. */
  state: ValidationState
  /** Why it failed. */
  error?: string
  /** When it ended. */
  finishedAt?: string
  /** What it found, once it succeeded. */
  report?: ValidationReport
}

/**
 * Where work on a dataset stands.
 *
 * - `queued`: Waiting for its turn.
 * - `running`: Reading.
 * - `succeeded`: Done.
 * - `failed`: It could not be carried out; `error` says why.
 * - `cancelled`: Ended by a caller.
 */
export type DatasetWorkState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Leaves out repeated rows; the first of them stays. */
export interface DedupeRows {
  /** The columns in which rows must be equal; all if absent. */
  columns?: string[]
  /**
   * Whether rows are left out too that are nearly an earlier one in these columns: whose runs of three words are, as
   * far
   * as MinHash tells, at least to 80 % the same. Rows of fewer than 20 words are not judged; they are held against
   * the
   * first 262,144 different ones. `false` if absent.
   */
  near?: boolean
}

/** A dataset that is gone. */
export interface DeletedDataset {
  /** Which. */
  datasetId: DatasetId
  /** Files that will be removed from the store unless something else holds the same bytes. */
  files: number
  /**
   * Whether its bytes are gone from the store already. They follow in the background: `get_dataset_deletion` says
   * when they are.
   */
  storageCleaned: boolean
  /** Until when it can be brought back; absent when it is gone for good. */
  restorableUntil?: string
}

/** A model that is gone. */
export interface DeletedModel {
  /** Files that will be removed from the store unless something else holds the same bytes. */
  files: number
  /** Which. */
  modelId: ModelId
  /**
   * Whether its bytes are gone from the store already. They follow in the background: `get_model_deletion` says when
   * they are.
   */
  storageCleaned: boolean
  /** Until when it can be brought back; absent when it is gone for good. */
  restorableUntil?: string
}

/** An alias that is gone. */
export interface DeletedModelAlias {
  /** The model's name. */
  name: string
  /** Which. */
  alias: string
}

/**
 * Something that was deleted for good, and what became of its bytes: they go in the background, and a try that fails
 * is repeated until they are gone.
 */
export interface Deletion {
  /** The id that it had. */
  id: string
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** When it went for good. */
  deletedAt: string
  /** Who let it go for good: `system` when its time in the trash was over. */
  deletedBy: string
  /** How often a try failed; each is made again after a pause, of five minutes at most. */
  failures: number
  /** How many files it had. */
  files: number
  /** Bytes of files that are gone. */
  freedBytes: number
  /** Bytes of files that stay, because something else holds the same. */
  keptBytes: number
  /** Whether all is done: what nothing else needed of its bytes is gone from the store. */
  storageCleaned: boolean
  /** How many different files are still to be looked at. */
  waitingFiles: number
  /** When all was done. */
  cleanedAt?: string
  /** Why the last try that failed did. */
  error?: string
}

/** The operation by which a dataset is made; exactly one is there. */
export interface DerivedBy {
  /** In another format. */
  convert?: ConvertRows
  /** Without repeated rows. */
  dedupe?: DedupeRows
  /** Rows that a condition keeps. */
  filter?: FilterRows
  /** Columns by templates. */
  map?: MapRows
  /** Without personal data. */
  redact?: RedactRows
  /** Some of the rows. */
  sample?: SampleRows
  /** Into parts. */
  split?: SplitRows
  /** Rows of so many tokens, with the digest of the tokenizer and the columns that were read. */
  tokens?: TokenRows
}

/** A dataset that is made. */
export interface DerivedOutput {
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** Its id; there is none under it before the derivation succeeded. */
  datasetId: DatasetId
  /** Which part of a split it is. */
  part?: string
  /** Its rows, once it is there. */
  rows?: number
}

/** How many rows differ between two versions. */
export interface DiffedRows {
  /** Rows that were not there before. */
  added: number
  /** The columns that said which rows are the same one; without any, rows were compared as they are. */
  keys: string[]
  /** Rows of one key whose other values differ. */
  modified: number
  /** Rows that are gone. */
  removed: number
}

/** How the columns are spread beside those of the parent. */
export interface DriftReport {
  /** Its version. */
  version: string
  /** Those that drifted. */
  columns: ColumnDrift[]
  /** Columns that both have. */
  compared: number
  /** The parent. */
  parentVersionId: DatasetId
}

/** A model that answers under a route. */
export interface Endpoint {
  /** Its id. */
  id: EndpointId
  /** How it is. */
  status: EndpointStatus
  /** When. */
  createdAt: string
  /** Who deployed it. */
  createdBy: string
  /** Whom it answers. */
  environment: Environment
  /** Send it as `If-Match` to change just what was read; what the platform observes leaves it as it is. */
  etag: string
  /** What it takes. */
  limits: EndpointLimits
  /** How many replicas there are to be. */
  minReplicas: number
  /** The model that answers. */
  modelId: ModelId
  /** Its name. */
  modelName: string
  /** Its version. */
  modelVersion: string
  /** The project it belongs to. */
  project: string
  /** How many there are. */
  replicas: ReplicaCount
  /** The revision that answers. */
  revision: number
  /** Where, as `/tiny-chat`; unique within the environment. */
  route: string
  /** What carries it out. */
  servingFramework: ServingFramework
  /** Why, in words, with the evidence. */
  statusReason: string
  /** When it last changed. */
  updatedAt: string
  /** How it was before, oldest first, at most 100; not in lists. */
  history?: EndpointChange[]
  /** The revision on its way to answer, while there is one. */
  nextRevision?: number
  /** What would run, of a dry run. */
  plan?: EndpointPlan
  /** What to do when it goes wrong. */
  rollbackPlan?: string
}

/** How an endpoint was from an instant on. */
export interface EndpointChange {
  /** How it was. */
  status: EndpointStatus
  /** Since when. */
  at: string
  /** Why. */
  reason: string
  /** The revision that answered, if one did. */
  revision?: number
}

/** A file of the model, as a replica finds it. */
export interface EndpointFile {
  /** Its size in bytes. */
  bytes: number
  /** Its path in the replica's folder. */
  path: string
  /** Its SHA-256, in hex. */
  sha256: string
}

/** The id of an endpoint. */
export type EndpointId = string

/** What an endpoint takes. */
export interface EndpointLimits {
  /**
   * The most requests each replica works on at once, 1 to 256; 8 if absent.
   * @default 8
   */
  maxConcurrentRequests?: number
  /** The most tokens of a prompt, 1 to 1,000,000; what the model allows if absent. */
  maxInputTokens?: number
  /** The most tokens of an answer, 1 to 1,000,000; what the model allows if absent. */
  maxOutputTokens?: number
}

/**
 * Which of its two channels a replica wrote to.
 *
 * - `events`: Events, as JSON.
 * - `text`: Words to people.
 */
export type EndpointLogChannel = 'events' | 'text'

/** A line that a replica wrote. */
export interface EndpointLogLine {
  /** Where it wrote. */
  channel: EndpointLogChannel
  /** The line, without its end. */
  line: string
  /** The replica's name; a restart gets a new one. */
  replica: string
  /** The revision it runs. */
  revision: number
}

/** What runs for each replica of an endpoint. */
export interface EndpointPlan {
  /** The arguments of the runtime. */
  arguments: string[]
  /** Thousandths of a core each replica may use. */
  cpuMillis: number
  /** The files brought to each replica. */
  files: EndpointFile[]
  /** The digest over the model's files, as it was approved. */
  modelDigest: string
}

/** One revision of an endpoint. It never changes. */
export interface EndpointRevision {
  /** Whether it is the one that answers. */
  active: boolean
  /** When. */
  createdAt: string
  /** Who made it. */
  createdBy: string
  /** Whose. */
  endpointId: EndpointId
  /** What it takes. */
  limits: EndpointLimits
  /** The model. */
  modelId: ModelId
  /** Its name. */
  modelName: string
  /** Its version. */
  modelVersion: string
  /** What runs. */
  plan: EndpointPlan
  /** Counts from 1. */
  revision: number
}

/**
 * How an endpoint is.
 *
 * - `deploying`: No replica answers yet, and it goes forward.
 * - `healthy`: Every replica answers.
 * - `degraded`: Some replicas answer, or the next revision does not start.
 * - `failed`: No replica answers and none is about to.
 * - `stopped`: Nothing runs, as asked.
 */
export type EndpointStatus = 'deploying' | 'healthy' | 'degraded' | 'failed' | 'stopped'

/**
 * Whether an endpoint is to run.
 *
 * - `running`: It is.
 * - `stopped`: It is not.
 */
export type EndpointSwitch = 'running' | 'stopped'

/**
 * Whom an endpoint answers.
 *
 * - `dev`: Those who build.
 * - `stg`: Those who try.
 * - `prod`: Everybody.
 */
export type Environment = 'dev' | 'stg' | 'prod'

/** Evaluations over the same samples side by side. */
export interface EvaluationComparison {
  /** The digest of the dataset that all of them are over. */
  datasetDigest: string
  /** The metrics that all of them computed in the same way. */
  metrics: ComparedMetric[]
  /** The evaluations, in the order asked for. */
  runs: EvaluationRun[]
  /** Samples that all of them have. */
  samples: number
}

/** An evaluation compared with the first. */
export interface EvaluationDifference {
  /** Which evaluation. */
  runId: EvaluationRunId
  /** The paired test. */
  test: PairedTest
}

/**
 * How an evaluation is written to a file.
 *
 * - `json`: One document: the evaluation and its samples.
 * - `csv`: A line for each sample.
 */
export type EvaluationFormat = 'json' | 'csv'

/** A metric that can be computed. */
export interface EvaluationMetric {
  /** The name that requests use. */
  name: string
  /** What it says. */
  description: string
  /** Whether more is better. */
  higherIsBetter: boolean
  /** What it needs of a sample. */
  needs: MetricNeeds
  /** Its options with their defaults; `null` stands for one that is chosen by the others. */
  options: Record<string, unknown>
  /** The best value there is, if there is one. */
  highest?: number
}

/** The metrics that can be computed. */
export interface EvaluationMetrics {
  /** Each of them. */
  items: EvaluationMetric[]
}

/** How answers are made. */
export interface EvaluationParameters {
  /** The most tokens of an answer, 1 to 4096; 64 if absent. */
  maxTokens?: number
  /** The seed of the draws; 0 if absent. */
  seed?: number
  /** 0 takes the likeliest token, up to 2; 0 if absent. */
  temperature?: number
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** Samples that were answered. */
  done: number
  /** Samples in all; 0 until the dataset was read. */
  total: number
}

/** An evaluation of a model or an endpoint over a version of a dataset. */
export interface EvaluationRun {
  /** Its id. */
  id: EvaluationRunId
  /** Its name. */
  name: string
  /** Who judges. */
  type: EvaluationType
  /** Where it stands. */
  status: EvaluationStatus
  /** How many samples are asked at a time. */
  concurrency: number
  /** CPU time of the process that answered, in seconds; 0 over an endpoint, which is charged for it itself. */
  cpuSeconds: number
  /** When. */
  createdAt: string
  /** Its name and version, as `faq:1.0.0`. */
  dataset: string
  /** SHA-256 over its files, in hex. Only evaluations over the same one are compared. */
  datasetDigest: string
  /** The dataset version. */
  datasetId: DatasetId
  /** Samples among them that got no answer; they count as an empty one. */
  failedSamples: number
  /** The metrics over all samples, once it succeeded; in the order of the request. */
  metrics: MetricScore[]
  /** Its name and version, as `tiny:1.0.0`. */
  model: string
  /** How answers are made. */
  parameters: EvaluationParameters
  /** How far it is. */
  progress: EvaluationProgress
  /** The project it belongs to. */
  project: string
  /** What was asked for. */
  requestedMetrics: MetricSpec[]
  /** Who started it. */
  runBy: string
  /** Samples that are recorded. */
  samples: number
  /** Why, in words. */
  statusReason: string
  /**
   * What is known against its scores now: the model may have learned what it was asked. Empty where nothing is known,
   * which
   * says nothing about rows that nobody looked for.
   */
  warnings: EvaluationWarning[]
  /** When it ended. */
  completedAt?: string
  /**
   * What it cost: its CPU time, or the tokens of its requests; absent while it runs, or when a price is not known.
   */
  cost?: Money
  /** The endpoint that is asked, if one is. */
  endpointId?: EndpointId
  /** The most samples, if it was limited. */
  limit?: number
  /** The model that answers; behind an endpoint, the one it had when the evaluation began. */
  modelId?: ModelId
  /** When the model was first asked. */
  startedAt?: string
}

/** The id of an evaluation. */
export type EvaluationRunId = string

/** One sample of an evaluation. */
export interface EvaluationSample {
  /** Tokens of the answer. */
  completionTokens: number
  /** Its place among the examples of the dataset, from 0. */
  number: number
  /** What was asked; the text itself where a text was measured. */
  prompt: string
  /** Tokens of the question. */
  promptTokens: number
  /** Its scores by the names of the request, once all samples are scored. */
  scores: Record<string, number>
  /** How long the answer took, in milliseconds. */
  durationMs?: number
  /** Why there is no answer. */
  error?: string
  /** Why the answer ended, as `stop` or `length`. */
  finishReason?: string
  /** What was answered. */
  prediction?: string
  /** What should have been answered. */
  reference?: string
}

/**
 * Where an evaluation stands.
 *
 * - `queued`: Waiting for its turn.
 * - `running`: Asking the model, or scoring its answers.
 * - `succeeded`: Done.
 * - `failed`: Ended by a fault.
 * - `cancelled`: Ended on request.
 */
export type EvaluationStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/**
 * Who judges.
 *
 * - `automated`: Metrics alone.
 */
export type EvaluationType = 'automated'

/** Something known against the scores. */
export interface EvaluationWarning {
  /** What it is about. */
  code: EvaluationWarningCode
  /** The same in plain words, with the numbers. */
  text: string
  /** The call that tells more; absent when what it would tell was deleted. */
  operation?: RecommendedOperation
}

/**
 * What a warning is about.
 *
 * - `trained_on_dataset`: The model, or one it was tuned from, learned from these very bytes.
 * - `contaminated_dataset`: A contamination check found rows of the dataset in one that the model learned from.
 */
export type EvaluationWarningCode = 'trained_on_dataset' | 'contaminated_dataset'

/** The id of an export. */
export type ExportId = string

/** Why somebody outside could not be asked, or what is wrong with what he answered. */
export interface ExternalFailure {
  /** For programs, as `upstream_refused`. */
  code: string
  /** What went wrong. */
  message: string
  /** What to do. */
  hint?: string
  /** Its kind, as `upstream`; absent of one that was written down before kinds were. */
  kind?: string
}

/** What came of asking a provider for its list of models. */
export interface ExternalTest {
  /** Whether the provider answered, took the key and offers the model. */
  ok: boolean
  /** What went wrong; that the model is not offered is `model_not_offered`. */
  error?: ExternalFailure
  /** How long the answer took, in milliseconds; absent when there was none. */
  latencyMs?: number
  /** The names of the models that it offers, at most 1,000. */
  models?: string[]
  /** Whether the model is among those that the provider offers; absent where its list does not tell. */
  offered?: boolean
}

/**
 * What the models of a family are for.
 *
 * - `generate`: They write text.
 * - `embed`: They turn text into vectors.
 */
export type FamilyPurpose = 'generate' | 'embed'

/** A line of the record or the card that differs. */
export interface FieldChange {
  /** Its name; a line of the card as `metadata.license`, of an object in it as `metadata.training.seed`. */
  field: string
  /** What `a` has; absent if nothing. */
  a?: unknown
  /** What `b` has; absent if nothing. */
  b?: unknown
}

/** A file that differs. */
export interface FileChange {
  /** What became of it. */
  difference: FileDifference
  /** Its path within the model. */
  path: string
  /** Its size in `a`. */
  bytesA?: number
  /** Its size in `b`. */
  bytesB?: number
}

/** How many files are alike, and how many differ. */
export interface FileCounts {
  /** In `b` only. */
  added: number
  /** In both, with other bytes. */
  changed: number
  /** In `a` only. */
  removed: number
  /** In both, with the same bytes. */
  same: number
}

/**
 * What became of a file.
 *
 * - `added`: `b` has it and `a` does not.
 * - `removed`: `a` has it and `b` does not.
 * - `changed`: Both have it, with other bytes.
 */
export type FileDifference = 'added' | 'removed' | 'changed'

/**
 * What was found in a file that may run code, or says how the model is built or what its card holds. Nothing of it
 * was carried out.
 */
export interface FileScan {
  /** The architectures that a JSON file names, as `LlamaForCausalLM`; at most 16. */
  architectures?: string[]
  /**
   * What loading a pickle would import, as `torch._utils._rebuild_tensor_v2`; at most 200. `?.?` stands for a name
   * that
   * the file hides.
   */
  imports?: string[]
  /** What kept the search from going to the end. */
  incomplete?: string
  /**
   * Whether it is a program of the model, or sends who loads it to one: Python files, `auto_map`,
   * `trust_remote_code`.
   * Such a model is approved with `codeReviewed`.
   */
  runsCode?: boolean
  /**
   * The files that a list of shards (`*.safetensors.index.json`) names, beside which it lies. A model is approved
   * with
   * all of them.
   */
  shards?: string[]
  /** Why the front matter of a `README.md` cannot be read, so that it says nothing for the card. */
  unreadCard?: string
  /** Those of them that do more than put tensors, arrays and containers together again. */
  unsafeImports?: string[]
}

/**
 * Whether a file may be used.
 *
 * - `verified`: It is what it claims to be.
 * - `quarantined`: Stored, hashed and searched, never loaded and never deployable: its format can run code.
 * - `damaged`: Its bytes are gone or changed, as `verify_model` found. The model is not approved or deployed until
 * the same bytes are
 * sent again, which mends the file in its place.
 */
export type FileState = 'verified' | 'quarantined' | 'damaged'

/** Keeps rows. */
export interface FilterRows {
  /** An expression over the columns, as `prompt|length > 10 and lang == "en"`. */
  condition: string
}

/** What was found. */
export interface FoundModels {
  /** In the catalog, the newest version of each name, newest first: by name, by tag or by both. */
  models: Model[]
  /** In the registry. */
  remote: RemoteModel[]
  /** Why the registry said nothing, if it did not. */
  error?: ExternalFailure
}

/** A metric with options. */
export interface FullMetricSpec {
  /** The metric, as `bleu`. */
  name: string
  /** What the answer calls it; its name unless given. Needed to ask for one metric twice. */
  label?: string
  /** The metric's own options, as `{"tokenizer": "intl"}`. */
  options?: Record<string, unknown>
}

/** A route and who answers it. */
export interface GatewayRoute {
  /** How the endpoint is. */
  status: EndpointStatus
  /** The endpoint behind it. */
  endpointId: EndpointId
  /** Whom it answers. */
  environment: Environment
  /** Requests under way through this server. */
  inFlight: number
  /** What it takes. */
  limits: EndpointLimits
  /** The model that answers. */
  modelId: ModelId
  /** Its name. */
  modelName: string
  /** Its version. */
  modelVersion: string
  /** How many replicas can be asked. */
  replicas: number
  /** The revision of the endpoint that answers. */
  revision: number
  /** As `/tiny-chat`. */
  route: string
  /** Why, in words. */
  statusReason: string
}

/**
 * What of a table's form was found out.
 *
 * - `delimiter`: What separates the values.
 * - `header`: Whether the first record names the columns.
 */
export type GuessedForm = 'delimiter' | 'header'

/** One bar of a histogram. */
export interface HistogramBar {
  /** How many values. */
  count: number
  /** Where it begins. */
  from: number
  /** Where it ends; the last bar holds its end. */
  to: number
}

/** The id of an import. */
export type ImportId = string

/**
 * How an interval was computed.
 *
 * - `bootstrap`: The middle 95 % of the values of 1000 draws of the samples with replacement; seeded, so equal at
 * each call.
 * - `clopper_pearson`: The exact interval of a proportion.
 */
export type IntervalMethod = 'bootstrap' | 'clopper_pearson'

/** What a job needs, by a formula. */
export interface JobEstimate {
  /** Seconds of CPU time. */
  cpuSeconds: number
  /** How these figures come about. */
  formula: string
  /** The most memory, in bytes. */
  memoryBytes: number
  /** Weights of the model. */
  parameters: number
  /** Seconds on the cores asked for, once it runs. */
  seconds: number
  /** Steps. */
  steps: number
  /** Tokens of all steps at most. */
  tokens: number
  /** Weights that are trained. */
  trainedParameters: number
  /** What that costs, where a price is known. */
  cost?: Money
}

/** Why an attempt failed. */
export interface JobFailure {
  /** The class. */
  class: JobFailureClass
  /** What the program said, or its exit status. */
  evidence: string
  /** What happened, in one sentence. */
  message: string
  /** What to do about it. */
  nextStep: string
  /** Whether trying the same again can help. */
  retryable: boolean
}

/**
 * What class of failure it was.
 *
 * - `out_of_memory`: It needed more memory than there was.
 * - `configuration`: Its settings do not fit its model, its data or this machine.
 * - `data`: Its data cannot be trained on.
 * - `model`: Its base model cannot be read.
 * - `preempted`: Something outside ended it.
 * - `timeout`: It took longer than it may.
 * - `node_lost`: The place where it ran lost it.
 * - `code`: The training program failed.
 */
export type JobFailureClass = 'out_of_memory' | 'configuration' | 'data' | 'model' | 'preempted' | 'timeout' | 'node_lost' | 'code'

/** The id of a training job. */
export type JobId = string

/**
 * Which of a job's outputs.
 *
 * - `text`: Its words to people.
 * - `events`: Its events, one JSON object a line.
 */
export type JobLogChannel = 'text' | 'events'

/** One line that a job wrote. */
export interface JobLogLine {
  /** By which attempt. */
  attempt: number
  /** To which output. */
  channel: JobLogChannel
  /** The line, without its end. Bytes that are no UTF-8 are replaced. */
  line: string
}

/** Something that happened to a job. */
export interface JobMoment {
  /** Where the job stood from then on. */
  status: JobStatus
  /** When. */
  at: string
  /** Why. */
  reason: string
}

/** How far a job is. */
export interface JobProgress {
  /** Steps done. */
  step: number
  /** Steps in all. */
  steps: number
  /** Tokens trained on. */
  tokens: number
  /** The last loss on the data kept aside. */
  evalLoss?: number
  /** The loss of the last step, smoothed. */
  loss?: number
}

/** What happens after a failure that trying again can help. */
export interface JobRetryPolicy {
  /** Seconds before the first of them, doubled each time; 0 to 3,600; 10 if absent. */
  backoffSeconds?: number
  /** Attempts after the first, 0 to 3; 1 if absent. */
  maxRetries?: number
}

/**
 * Where a job stands.
 *
 * - `queued`: Waiting for its turn, its data or its next attempt.
 * - `running`: Training, or bringing its model into the catalog.
 * - `succeeded`: Its model is in the catalog.
 * - `failed`: It ended without a model.
 * - `cancelled`: Somebody ended it.
 */
export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** The id of an API key; not secret. */
export type KeyId = string

/** Where a model came from. */
export interface Lineage {
  /** The dataset versions it learned from. */
  datasetIds?: string[]
  /** The model it was tuned from. */
  parentModelId?: ModelId
  /** The job that made it. */
  trainingJobId?: string
}

/** One thing that came from another. */
export interface LineageEdge {
  /** What was there first. */
  from: string
  /** How. */
  relation: LineageRelation
  /** What came from it. */
  to: string
}

/**
 * What something came from and what came of it, to 10,000 things: a page of them, the nearest first, and the lines
 * between them and those of the pages before.
 */
export interface LineageGraph {
  /** How they hang together; each is given once, with the later of its two things. */
  edges: LineageEdge[]
  /** The things. */
  nodes: LineageNode[]
  /** How to go on. */
  page: PageInfo
  /** Whether there is more than `depth` or the limit of things shows, as far as that is known by this page. */
  truncated: boolean
}

/**
 * What a thing in a lineage is.
 *
 * - `dataset`: A version of a dataset.
 * - `job`: A training job.
 * - `model`: A version of a model.
 * - `evaluation`: An evaluation run.
 * - `endpoint`: An endpoint.
 */
export type LineageKind = 'dataset' | 'job' | 'model' | 'evaluation' | 'endpoint'

/** A thing in a lineage. */
export interface LineageNode {
  /** Its id. */
  id: string
  /** How many steps it is away from what was asked about: negative for what that came from. */
  generation: number
  /** What it is. */
  kind: LineageKind
  /** Its name, with its version if it has one; absent when it was deleted. */
  name?: string
}

/**
 * How the later of two things came from the earlier.
 *
 * - `became`: A dataset became its next version.
 * - `derived`: A dataset was derived from another.
 * - `used_by`: A job learned from a dataset or began with a model, or an evaluation measured with a dataset.
 * - `trained`: A model learned from a dataset.
 * - `tuned_into`: A model was tuned into another.
 * - `made`: A job made a model.
 * - `evaluated_by`: An evaluation measured a model, or an endpoint.
 * - `served_by`: An endpoint serves a model, or did in an earlier revision.
 */
export type LineageRelation = 'became' | 'derived' | 'used_by' | 'trained' | 'tuned_into' | 'made' | 'evaluated_by' | 'served_by'

/** What a batch brought. */
export interface LoggedMetrics {
  /** Points that were there already. */
  known: number
  /** Points that are new. */
  recorded: number
}

/** The matrices that LoRA trains. */
export interface LoraSettings {
  /** Their scale, above 0 and at most 1,024; twice the rank if absent. */
  alpha?: number
  /** Their rank, 1 to 256; 8 if absent. */
  rank?: number
  /**
   * The projections they stand beside, of `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`,
   * `down_proj`; `q_proj` and
   * `v_proj` if absent.
   */
  targets?: string[]
}

/** Makes columns. */
export interface MapRows {
  /** The columns that are made. */
  columns: MappedColumn[]
  /** Whether the other columns stay; they go if absent. */
  keep?: boolean
}

/** A column and the template of its values. */
export interface MappedColumn {
  /** Its name. */
  name: string
  /** A text with columns in it, as `Q: {{ question }}`. */
  template: string
  /** Whether what it makes is JSON, as a list of messages; text if absent. */
  json?: boolean
}

/**
 * What a metric needs of a sample.
 *
 * - `pairs`: A prediction and its references.
 * - `likelihoods`: Log-probabilities of the tokens of a text.
 * - `latencies`: How long the answer took.
 */
export type MetricNeeds = 'pairs' | 'likelihoods' | 'latencies'

/** One measured value. */
export interface MetricPoint {
  /** The metric's name; at most 250 characters. */
  name: string
  /** The value. */
  value: number | 'NaN' | 'Infinity' | '-Infinity'
  /**
   * The step it belongs to; 0 if absent.
   * @default 0
   */
  step?: number
  /** When it was measured; when it came in, if absent. Absent times make a batch double when it is sent again. */
  time?: string
}

/** One metric over all samples. */
export interface MetricScore {
  /** The metric as the request calls it. */
  name: string
  /** Where the true value lies. */
  confidence: Confidence
  /** The numbers behind the value, as the precisions of BLEU. */
  parts: Record<string, number>
  /** Its value. */
  value: number
  /** What another must know to compute the same, as sacrebleu writes it; BLEU and chrF have one. */
  signature?: string
}

/** A metric to compute: its name alone, or `{name, label, options}`. */
export type MetricSpec = string | FullMetricSpec

/** What is known of a metric without reading its points. */
export interface MetricSummary {
  /** The value at the highest step. */
  last: number | 'NaN' | 'Infinity' | '-Infinity'
  /** How many points there are. */
  points: number
  /** That step. */
  step: number
  /** The greatest finite value. */
  max?: number
  /** The least finite value. */
  min?: number
}

/** One version of a model. */
export interface Model {
  /** Its id. */
  id: ModelId
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** `base`, `fine-tuned` or `external`. */
  type: ModelType
  /** Where it stands. */
  status: ModelStatus
  /** When. */
  createdAt: string
  /** Who registered it. */
  createdBy: string
  /** Send it as `If-Match` to change just what was read. */
  etag: string
  /** Where it came from. */
  lineage: Lineage
  /** The model card. */
  metadata: Record<string, unknown>
  /** The family of its architecture. */
  modelFamily: string
  /** The project it belongs to. */
  project: string
  /** Where its files are. */
  storageUri: string
  /** Words to find it by. */
  tags: string[]
  /** When it last changed. */
  updatedAt: string
  /** SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it. */
  digest?: string
  /** The scores it is known by. */
  evaluationSummary?: Record<string, unknown>
  /** The team that answers for it. */
  ownerTeam?: string
}

/** What an alias means. */
export interface ModelAlias {
  /** The model's name. */
  name: string
  /** The version. */
  version: string
  /** The version's type. */
  type: ModelType
  /** Where the version stands. */
  status: ModelStatus
  /** The alias. */
  alias: string
  /** Send it as `If-Match` to move just what was read. */
  etag: string
  /** The version's record. */
  modelId: ModelId
  /** When it was last moved. */
  updatedAt: string
}

/** One move of an alias. */
export interface ModelAliasMove {
  /** Its id. */
  id: string
  /** Its version. */
  version: string
  /** When. */
  createdAt: string
  /** What it meant from then on. The model may have been deleted since. */
  modelId: ModelId
  /** Who moved it. */
  movedBy: string
  /** Why. */
  notes?: string
  /** The move that a rollback goes back to; absent if there is none. */
  replaced?: string
}

/** One version of a project's approval policy. What was not said when it was written is filled in. */
export interface ModelApprovalPolicy {
  /** Which version, from 1. */
  version: number
  /** Whether evaluations count that carry warnings. */
  allowWarnings: boolean
  /** How many reviewers must approve. */
  approvals: number
  /** When. */
  createdAt: string
  /** Who wrote this version. */
  createdBy: string
  /** Send it as `If-Match` to change just what was read. */
  etag: string
  /** The evaluations that a model must have. */
  evaluations: RequiredEvaluation[]
  /** The project it belongs to. */
  project: string
  /** What it is for. */
  description?: string
  /** The licenses that a card may name; any if absent. */
  licenses?: string[]
}

/** What differs between two versions. What is alike is not listed, but counted. */
export interface ModelComparison {
  /** The model's name. */
  name: string
  /** The version compared from. */
  a: ComparedModel
  /** The version compared to. */
  b: ComparedModel
  /** The lines of the record and the card that differ, in order of their names. */
  fields: FieldChange[]
  /** How many files are alike, and how many differ in which way. */
  fileCounts: FileCounts
  /** The files that differ, in order of their paths; at most 1,000. */
  files: FileChange[]
  /** Whether both have the same files with the same bytes. */
  sameBytes: boolean
  /** The scores that at least one of them is known by, by dataset and metric. */
  scores: ScoreChange[]
}

/** A model on its way to a registry. */
export interface ModelExport {
  /** Its id. */
  id: ExportId
  /** What it is called here. */
  name: string
  /** Its version here. */
  version: string
  /** Where it answers. */
  baseUrl: string
  /** Their bytes together. */
  bytes: number
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** The digest of the files that were approved. */
  digest: string
  /** How many files there are, the card among them. */
  files: number
  /** The model. */
  modelId: ModelId
  /** Which registry. */
  registry: string
  /** The repository there. */
  repo: string
  /** The branch there. */
  revision: string
  /** How many bytes are sent, or go with the commit. */
  sentBytes: number
  /** How many of them are sent, or go with the commit. */
  sentFiles: number
  /** Where it stands. */
  state: TransferState
  /** When it last went on. */
  updatedAt: string
  /** The commit there that holds all files. */
  commit?: string
  /** The stored key that is shown there. */
  credentialId?: CredentialId
  /** What is in the way. */
  error?: ExternalFailure
}

/** The families that models may be of. */
export interface ModelFamilies {
  /** Each of them, by name. */
  items: ModelFamily[]
}

/** A family of models, and the architectures that are of it. */
export interface ModelFamily {
  /** Its name, as `llama`. */
  name: string
  /** What a `config.json` may name as its `architectures`. */
  architectures: string[]
  /** Whether the runtime that comes with the platform runs models of it. */
  servable: boolean
  /** Whether jobs train models of it. */
  trainable: boolean
  /** What its models are for; not known of one that the setting `model_families` added. */
  purpose?: FamilyPurpose
}

/** One file of a model. */
export interface ModelFile {
  /** Its size in bytes. */
  bytes: number
  /** When it came. */
  createdAt: string
  /** As `safetensors`, `gguf`, `json`, `tokenizer_json`, `safetensors_index`, `text`. */
  format: string
  /** Its path within the model. */
  path: string
  /** Its SHA-256, in hex. */
  sha256: string
  /** Whether it may be used. */
  state: FileState
  /** When it was found damaged, if it is. */
  damagedAt?: string
  /**
   * What was found in it: that it may run code, names architectures or shards, or has a front matter that cannot be
   * read.
   */
  scan?: FileScan
}

/** One gate and what it says. */
export interface ModelGate {
  /** What it looks at. */
  gate: ModelGateKind
  /** What it says. */
  state: ModelGateState
  /** Why, in plain words, with the numbers. */
  text: string
  /** How many approvals are needed, of the same gate. */
  approvalsNeeded?: number
  /** Who approved these files so far, of the gate that counts approvals. */
  approvedBy?: string[]
  /** Why it did not pass, for programs, as `evaluation_below`. */
  code?: string
  /** The dataset version that is required, as `faq:1.0.0`, if one is. */
  dataset?: string
  /** The call that mends it or tells more; absent where only a person can. */
  operation?: RecommendedOperation
  /** The evaluation that the policy requires, of a gate that looks at one. */
  required?: RequiredEvaluation
  /** The evaluation that was looked at. */
  runId?: string
  /** What that one measured. */
  value?: number
}

/**
 * What a gate looks at.
 *
 * - `card`: Whether the card holds what a review needs.
 * - `files`: Whether the files are all there, verified, and could be served.
 * - `code`: Whether the model brings programs.
 * - `license`: Whether the policy allows the card's license.
 * - `evaluation`: Whether the model has an evaluation that the policy requires.
 * - `reviewer`: Whether the caller may decide on it.
 * - `approvals`: How many reviewers have approved.
 */
export type ModelGateKind = 'card' | 'files' | 'code' | 'license' | 'evaluation' | 'reviewer' | 'approvals'

/**
 * What a gate says.
 *
 * - `passed`: It stands open.
 * - `failed`: It holds the approval back.
 * - `reviewer`: It is up to who approves.
 */
export type ModelGateState = 'passed' | 'failed' | 'reviewer'

/** What stands between a model and its approval now. */
export interface ModelGates {
  /** Whether no gate failed: the rest is up to who approves. */
  approvable: boolean
  /** Each gate: those that always stand, then those of the policy, then what is up to reviewers. */
  gates: ModelGate[]
  /** Of which model. */
  modelId: ModelId
  /** The digest of the files that were looked at; absent while it has none. */
  digest?: string
  /** The version of the project's approval policy that was asked; absent where the project has none. */
  policyVersion?: number
}

/** The id of one version of a model. */
export type ModelId = string

/** A model on its way from a registry. */
export interface ModelImport {
  /** Its id. */
  id: ImportId
  /** What the model is called here. */
  name: string
  /** Its version here. */
  version: string
  /** Where it answers. */
  baseUrl: string
  /** Their bytes together. */
  bytes: number
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** How many files there are to come. */
  files: number
  /** How many bytes came. */
  receivedBytes: number
  /** How many of them came. */
  receivedFiles: number
  /** Which registry. */
  registry: string
  /** The repository there. */
  repo: string
  /** The revision that was asked for. */
  revision: string
  /** Where it stands. */
  state: TransferState
  /** When it last went on. */
  updatedAt: string
  /** The commit that it meant when the registry was asked. */
  commit?: string
  /** The stored key that is shown there. */
  credentialId?: CredentialId
  /** What is in the way. */
  error?: ExternalFailure
  /** The model, once the registry said what there is. */
  modelId?: ModelId
  /** Files that are left out, the first 100. */
  skipped?: SkippedFile[]
}

/** A decision on a model. */
export interface ModelReview {
  /** Its id. */
  id: string
  /** When. */
  createdAt: string
  /** What was decided. */
  decision: ReviewDecision
  /** On which model. */
  modelId: ModelId
  /** By whom. */
  reviewer: string
  /** The digest of the files it was about. */
  digest?: string
  /** Why. */
  notes?: string
  /** The version of the project's approval policy that an approval was made by; absent where there was none. */
  policyVersion?: number
}

/**
 * What models are sorted by.
 *
 * - `-createdAt`: Newest first.
 * - `createdAt`: Oldest first.
 * - `-updatedAt`: Last changed first.
 * - `updatedAt`: First changed first.
 * - `name`: By name.
 * - `-name`: By name, backwards.
 */
export type ModelSort = '-createdAt' | 'createdAt' | '-updatedAt' | 'updatedAt' | 'name' | '-name'

/**
 * Where a model stands in its life.
 *
 * - `draft`: Being made.
 * - `under_review`: Waiting for a reviewer.
 * - `approved`: May be trained on and deployed.
 * - `rejected`: Refused by a reviewer.
 * - `deprecated`: No longer to be used for something new.
 */
export type ModelStatus = 'draft' | 'under_review' | 'approved' | 'rejected' | 'deprecated'

/**
 * What kind of model it is.
 *
 * - `base`: Trained from nothing, or taken over as it is.
 * - `fine-tuned`: Trained further from another model of the catalog.
 * - `external`: Somebody else runs it; there are no files.
 */
export type ModelType = 'base' | 'fine-tuned' | 'external'

/** What came of looking. */
export interface ModelUpdates {
  /** Whether there is a newer one. */
  changed: boolean
  /** The commit that it came from. */
  commit: string
  /** The repository that the model came from. */
  repo: string
  /** The revision that was asked for. */
  revision: string
  /** What went wrong. */
  error?: ExternalFailure
  /** The commit that the revision means now; absent when that could not be found out. */
  latest?: string
}

/** A file that comes in parts. */
export interface ModelUpload {
  /** Its id. */
  id: UploadId
  /** How many bytes it has. */
  bytes: number
  /** When. */
  createdAt: string
  /** Who began it. */
  createdBy: string
  /** When it is forgotten unless more comes. */
  expiresAt: string
  /** Whose file it is to be. */
  modelId: ModelId
  /** How many bytes a part has; the last has what is left. */
  partBytes: number
  /** How many parts there are. */
  parts: number
  /** Its path within the model. */
  path: string
  /** How many bytes came. */
  receivedBytes: number
  /** Where it stands. */
  state: UploadState
  /** When something of it came last. */
  updatedAt: string
  /** Why the whole was refused, or what keeps it from being put together, which is tried again. */
  error?: UploadError
  /** The file, once it is one of the model's. Lists leave it out. */
  file?: ModelFile
  /** The parts that are to come. Lists leave it out. */
  missing?: PartRange[]
  /** The SHA-256 that it must have, in hex. */
  sha256?: string
}

/** What reading all files again showed. */
export interface ModelVerification {
  /** Bytes read. */
  bytes: number
  /** Paths whose bytes are gone or changed. */
  damaged: string[]
  /** Files read. */
  files: number
  /** Whether every file has its digest. What was found is written down: see `state` of each file. */
  verified: boolean
}

/** A row that changed. */
export interface ModifiedRow {
  /** What changed, column by column. */
  changes: ValueChange[]
  /** Whether not all of it is shown. */
  cut: boolean
  /** The values of its key. */
  key: Record<string, unknown>
  /** Its number in `b`, from 0. */
  rowAfter: number
  /** Its number in `a`, from 0. */
  rowBefore: number
}

/** An amount in billionths of a currency unit, with its decimal rendering. */
export interface Money {
  /** The same as a decimal number in text, as `0.000012`. */
  amount: string
  /** ISO 4217, as `USD`. */
  currency: string
  /** Billionths of the unit: 1,500,000,000 is 1.5. */
  nanos: number
}

/** Where a page ends. */
export interface PageInfo {
  /** The most items this page could hold. */
  limit: number
  /** Give it as `cursor` for the next page; absent on the last one. */
  nextCursor?: string
  /** How many there are in all, when `includeTotal` asked for it. */
  total?: number
}

/** What comparing two runs sample by sample gives. Differences are the second run minus the first. */
export interface PairedTest {
  /** By how much the value of the second run is higher. */
  difference: number
  /** The upper end of the 95 % interval of the difference. */
  high: number
  /** Samples on which the second run is worse. */
  losses: number
  /** The lower end of the 95 % interval of the difference. */
  low: number
  /**
   * How often chance alone would give a difference as large, between 0 and 1. Below 0.05 is usually called
   * significant.
   */
  pValue: number
  /** Samples on which both are equal. */
  ties: number
  /** Samples on which the second run is better. */
  wins: number
}

/** Parts that follow one another. */
export interface PartRange {
  /** The first, counted from 0. */
  first: number
  /** The last. */
  last: number
}

/** How often a kind was found. */
export interface PiiCount {
  /** The kind. */
  type: PiiType
  /** How often. */
  count: number
  /**
   * How often it may be.
   * @default 0
   */
  allowed?: number
  /** What found it, of the kind `custom`. */
  rule?: string
}

/** One finding. */
export interface PiiFinding {
  /** The kind. */
  type: PiiType
  /** The column's name. */
  column: string
  /** 0 to 1. */
  confidence: number
  /** The character after its last. */
  end: number
  /** What it looks like, all but its ends masked. */
  excerpt: string
  /** The line the row begins on, from 1. */
  line: number
  /** The file. */
  path: string
  /** The row, from 0, as in the preview. */
  row: number
  /** The first character of the finding within the value, from 0. */
  start: number
  /** What found it, of the kind `custom`. */
  rule?: string
}

/** A kind of personal data that is searched for. */
export interface PiiKind {
  /** The kind; `custom` is what detectors of the host program find under names of their own. */
  type: PiiType
  /** How many findings a clean dataset may have; none if absent. */
  allowed?: number
  /** Findings of less confidence count for nothing; 0.5 if absent. */
  minConfidence?: number
}

/** One version of a policy for personal data. What was not said when it was written is filled in. */
export interface PiiPolicy {
  /** Its name. */
  name: string
  /** Which version, from 1. */
  version: number
  /** When. */
  createdAt: string
  /** Who wrote this version. */
  createdBy: string
  /** Send it as `If-Match` to change just what was read. */
  etag: string
  /** The kinds that are searched for. */
  kinds: PiiKind[]
  /** The least quality that may be approved. */
  minQuality: number
  /** The project it belongs to. */
  project: string
  /** Rules of the project's own. */
  rules: PiiRule[]
  /** Whether a reviewer may waive what was found. */
  waivers: boolean
  /** What it is for. */
  description?: string
}

/** A version of a policy. */
export interface PiiPolicyRef {
  /** Its name. */
  name: string
  /** Its version. */
  version: number
}

/** The personal and secret data found. */
export interface PiiReport {
  /** Whether nothing was found, or no more than the policy allows, in a search for everything it asks for. */
  clean: boolean
  /** Findings by kind. */
  counts: PiiCount[]
  /** The first 1,000 of them. */
  findings: PiiFinding[]
  /** The least confidence that counted for some kind. */
  minConfidence: number
  /** Findings in all. */
  total: number
  /** The kinds searched for. */
  types: PiiType[]
  /**
   * Whether everything that is to be searched for was; false in reports of earlier versions, which searched for less.
   * @default false
   */
  complete?: boolean
  /** The policy it was held to; absent for the rules that hold where there is none. */
  policy?: PiiPolicyRef
  /** What was searched for, with what counted of it and how much of that is allowed. */
  searched?: PiiSearched[]
}

/** A rule of the project's own. What it finds has the type `custom` and the rule's name. */
export interface PiiRule {
  /** Its name, unique in the policy: small letters, digits, `-` and `_`, a letter first. */
  name: string
  /**
   * What it finds, in the syntax of the `regex` crate: no look-around, no back-references, time linear in the text.
   * It
   * must not match an empty text.
   */
  pattern: string
  /**
   * How many findings a clean dataset may have, at most 999, for no more than 1,000 are counted in a value; none if
   * absent.
   */
  allowed?: number
  /** How sure a finding is; 0.9 if absent. */
  confidence?: number
  /** How sure a finding is without any of these words; 0.3 if absent. */
  confidenceAlone?: number
  /**
   * Words, letter case aside, of which one must stand within 50 characters, or in the name of the column, for a
   * finding to
   * be that sure.
   */
  context?: string[]
  /** Findings of less confidence count for nothing; 0.5 if absent. */
  minConfidence?: number
}

/**
 * What the search for personal data showed.
 *
 * - `pending`: These bytes were not scanned yet.
 * - `clean`: Nothing was found.
 * - `failed`: Something was found; the validation report says what and where.
 */
export type PiiScanStatus = 'pending' | 'clean' | 'failed'

/** One thing that was searched for. */
export interface PiiSearched {
  /** The kind. */
  type: PiiType
  /** Findings that a clean dataset may have. */
  allowed: number
  /** The least confidence that counted. */
  minConfidence: number
  /** The rule, of the policy's own. */
  rule?: string
}

/**
 * A kind of personal or secret data.
 *
 * - `email`: An e-mail address.
 * - `phone`: A telephone number.
 * - `credit_card`: The number of a payment card.
 * - `kr_resident_number`: A Korean resident registration number.
 * - `us_ssn`: A social security number of the United States.
 * - `iban`: An international bank account number.
 * - `ip_address`: An IPv4 or IPv6 address.
 * - `url_credentials`: An address with a password in it.
 * - `secret`: An API key, a token or a private key, or what is given to a name such as `password`.
 * - `passport`: The number of a passport, beside a word that says so.
 * - `us_drivers_license`: A driver's licence of the United States, the United Kingdom or Germany; the first and the
 * last beside a word that says so.
 * - `kr_drivers_license`: A Korean driver's licence.
 * - `person_name`: The name of a person; a guess where nothing beside it says so.
 * - `custom`: What a rule of the project's policy found, or a detector of the host program under a name of its own;
 * `rule` says
 * which.
 */
export type PiiType = 'email' | 'phone' | 'credit_card' | 'kr_resident_number' | 'us_ssn' | 'iban' | 'ip_address' | 'url_credentials' | 'secret' | 'passport' | 'us_drivers_license' | 'kr_drivers_license' | 'person_name' | 'custom'

/** That personal data which was found may stay. */
export interface PiiWaiver {
  /** The bytes it was found in. */
  digest: string
  /** How much was found. */
  findings: number
  /** The policy that allows it. */
  policy: PiiPolicyRef
  /** Why it may stay. */
  reason: string
  /** The validation that found it. */
  validationId: string
  /** When. */
  waivedAt: string
  /** Who says so. */
  waivedBy: string
}

/** One row as it stands in its file. */
export interface PreviewRow {
  /** Its line in that file, from 1. */
  line: number
  /** The file it stands in. */
  path: string
  /** Its number among the rows that can be read, from 0. */
  row: number
  /** Its values by column. Values of a table are text; a column that a row lacks is absent. */
  values: Record<string, unknown>
}

/** A project. */
export interface Project {
  /** Its id. */
  id: ProjectId
  /** What it is called by. */
  name: string
  /** When. */
  createdAt: string
  /** Who made it. */
  createdBy: string
  /** Whether the call was made in it. */
  current: boolean
  /** What it is for. */
  description?: string
}

/** The id of a project. */
export type ProjectId = string

/** One part of the quality. */
export interface QualityPart {
  /**
   * `completeness`, `uniqueness`, `near_duplicates`, `schema`, `format`, `consistency`, `outliers`, `scripts` or
   * `drift`.
   */
  name: string
  /** What it counted. */
  detail: string
  /** 0 to 100. */
  score: number
  /** Its share of the whole; the weights add up to 1. */
  weight: number
}

/** How good the rows are. */
export interface QualityReport {
  /** The parts. */
  parts: QualityPart[]
  /** 0 to 100: the parts by their weight. */
  score: number
  /** What approval needs. */
  threshold: number
  /** What changed since the parent; absent if that has no report. */
  drift?: DriftReport
  /** Rows by the script that most of their letters are of, the most frequent first. */
  scripts?: ScriptShare[]
}

/** Something to mend. */
export interface Recommendation {
  /** What and how, in plain words. */
  text: string
  /** The operation that mends it; absent where only a person can. */
  operation?: RecommendedOperation
}

/** A call that is recommended. */
export interface RecommendedOperation {
  /** As `datasets.derive_dataset`. */
  name: string
  /** What it is told; of what a person has to add, nothing. */
  parameters: Record<string, unknown>
}

/** Replaces what the search for personal data finds by its kind, as `[EMAIL]`. */
export interface RedactRows {
  /** The columns to look at; all if absent. */
  columns?: string[]
  /** Findings of less confidence stay, 0 to 1. If absent 0.5, or what the policy says. */
  minConfidence?: number
  /** The kinds to replace; all if absent. */
  piiTypes?: PiiType[]
  /**
   * The policy whose search finds what is replaced. If absent the one called `default`; if there is none, everything
   * that is known to be personal is replaced, as for a validation.
   */
  policy?: string
  /** Which version of it; the newest if absent. */
  policyVersion?: number
}

/** A model that a registry offers. */
export interface RemoteModel {
  /** As `owner/name`. */
  repo: string
  /** The commit that it is at. */
  commit?: string
  /** How often it was downloaded lately. */
  downloads?: number
  /**
   * Whether its terms must be accepted there.
   * @default false
   */
  gated?: boolean
  /** Words it is found by, at most 50. */
  tags?: string[]
  /** What it is for, as `text-generation`. */
  task?: string
  /** When it last changed. */
  updatedAt?: string
}

/** How many replicas an endpoint has. */
export interface ReplicaCount {
  /** Those that requests are sent to. */
  available: number
  /** Those whose health check passes. */
  ready: number
  /** All there are, of every revision, those that end included. */
  total: number
}

/** An evaluation that a model must have, of its files as they are. The newest that has enough samples counts. */
export interface RequiredEvaluation {
  /** The metric, as `exact_match`. What an evaluation calls it does not matter. */
  metric: string
  /** The least value that passes. */
  atLeast?: number
  /** The most that passes. Without either, having been measured is enough. */
  atMost?: number
  /** The dataset version that it must be over; any if absent. */
  datasetId?: string
  /** The least number of samples that got an answer; 1 if absent. */
  minSamples?: number
  /**
   * The types of models that must have it; `base` and `fine-tuned` if absent. No evaluation says whose bytes answered
   * for an
   * external model, so that type is none of them.
   */
  modelTypes?: ModelType[]
  /** The metric's own options, which an evaluation must have used; of those that are not named, the defaults. */
  options?: Record<string, unknown>
}

/**
 * What a reviewer decides.
 *
 * - `approve`: It may be used.
 * - `reject`: It may not.
 * - `request_changes`: Back to its author.
 */
export type ReviewDecision = 'approve' | 'reject' | 'request_changes'

/**
 * What the holder of a key may do.
 *
 * - `viewer`: Looks at everything but keys.
 * - `researcher`: Makes models, data, trainings and evaluations.
 * - `reviewer`: Approves and rejects.
 * - `operator`: Deploys, scales, stops.
 * - `service`: Talks to deployed models, nothing else.
 * - `admin`: Everything.
 */
export type Role = 'viewer' | 'researcher' | 'reviewer' | 'operator' | 'service' | 'admin'

/** What a new master key meant. */
export interface RotatedCredentials {
  /** The id of the master key that everything is sealed under now. */
  masterKey: string
  /** How many credentials were sealed anew. */
  resealed: number
}

/** Whether a route would be answered now. */
export interface RouteHealth {
  /** Whether a replica can be asked. */
  available: boolean
  /** The state of the gateway's knowledge; grows each time it changes. */
  generation: number
  /** The route and who answers it. */
  route: GatewayRoute
}

/**
 * How rows are sent.
 *
 * - `jsonl`: One JSON object a line. Values are as they stand in JSON lines, numbers digit for digit.
 * - `arrow`: A stream of Arrow's format for interprocess communication, typed by the columns of the dataset.
 * - `parquet`: A Parquet file, typed by the columns of the dataset, in groups of about 16 MiB. What is nested is text
 * that holds JSON.
 */
export type RowFormat = 'jsonl' | 'arrow' | 'parquet'

/** A run. */
export interface Run {
  /** Its id. */
  id: RunId
  /** What it is called. */
  name: string
  /** Where it stands. */
  status: RunStatus
  /** Who began it. */
  createdBy: string
  /** The last value of each metric and where it was. */
  metrics: Record<string, MetricSummary>
  /** Its parameters. */
  params: Record<string, string>
  /** The project it belongs to. */
  project: string
  /** When it began. */
  startedAt: string
  /** Its tags. */
  tags: Record<string, string>
  /** When it ended. */
  endedAt?: string
  /** The job it records. */
  jobId?: string
}

/** Runs side by side. */
export interface RunComparison {
  /** Every metric: for each, the last value in each run. */
  metrics: Record<string, Array<number | 'NaN' | 'Infinity' | '-Infinity' | null>>
  /** Parameters whose values differ: for each, the value in each run. */
  params: Record<string, Array<string | null>>
  /** The runs, in the order asked for. */
  runs: Run[]
}

/** Something that happened in a run. */
export interface RunEvent {
  /** Where the run stands now. The stream ends when it is not running any more. */
  status: RunStatus
  /** Points recorded since the event before. */
  points: MetricPoint[]
  /** Counts up within the run. */
  seq: number
}

/** The id of a run. */
export type RunId = string

/** Metrics over steps. */
export interface RunSeries {
  /** Of which run. */
  runId: RunId
  /** One for each metric, by name. */
  series: Series[]
}

/**
 * Where a run stands.
 *
 * - `running`: Under way.
 * - `finished`: Ended well.
 * - `failed`: Ended badly.
 * - `killed`: Ended by somebody.
 */
export type RunStatus = 'running' | 'finished' | 'failed' | 'killed'

/** Draws rows by chance, which stay in their order. Either `rows` or `share` is given. */
export interface SampleRows {
  /** How many. */
  rows?: number
  /** Decides the chance; 0 if absent. */
  seed?: number
  /** Which share of all. */
  share?: number
}

/** The scores of one sample. */
export interface SampleScores {
  /** By the names of the request. */
  scores: Record<string, number>
}

/** A score of two versions. */
export interface ScoreChange {
  /** The dataset it was measured on, with its version. */
  dataset: string
  /** The metric. */
  metric: string
  /** What `a` reached. */
  a?: number
  /** What `b` reached. */
  b?: number
  /** `b` less `a`, where both are there. */
  difference?: number
}

/** What the metrics say, over all pairs and one by one. */
export interface ScoreReport {
  /** Over all pairs, in the order of the request. */
  metrics: MetricScore[]
  /** For each pair, in the order of the request. */
  samples: SampleScores[]
}

/** What a model said and what it should have said. */
export interface ScoredPair {
  /** The answer to be judged, at most 1 MiB. */
  prediction: string
  /** Answers that are right, 1 to 64, each at most 1 MiB. */
  references: string[]
}

/** Rows of one script. */
export interface ScriptShare {
  /** How many rows. */
  rows: number
  /** As `latin`, `hangul`, `han` or `kana`. */
  script: string
}

/** One metric over steps. */
export interface Series {
  /** The metric's name. */
  name: string
  /**
   * Its points by step; evenly thinned when there are more than asked for, the first and the last always among them.
   */
  points: SeriesPoint[]
  /** How many points there are in all. */
  total: number
}

/** A point of a series. */
export interface SeriesPoint {
  /** The step. */
  step: number
  /** When it was measured. */
  time: string
  /** The value. */
  value: number | 'NaN' | 'Infinity' | '-Infinity'
}

/**
 * What carries an endpoint out.
 *
 * - `local`: Processes beside the platform, which runs and watches them itself.
 */
export type ServingFramework = 'local'

/** Who calls, and what he may do. */
export interface Session {
  /** The name of the key; entries in the audit carry it as the actor. */
  actor: string
  /** Whether it may go to every other one. */
  allProjects: boolean
  /** What its holder may do, as `catalog:create`; `*` stands for everything, any domain or any action. */
  permissions: string[]
  /** The project it works in. */
  project: string
  /** When it stops to work. Absent for a key without an end. */
  expiresAt?: string
  /**
   * What to send as `Authorization: Bearer ..`, in the answer that opened it and nowhere else. Browsers get it as a
   * cookie in its place.
   */
  secret?: string
}

/** A link's secret. */
export interface SignInLink {
  /** When it stops to work. */
  expiresAt: string
  /**
   * Opens one session, once: sent as `Authorization: Bearer ..` to `open_session`, or as `/sign-in?token=..` in a
   * browser. Absent when the call was a repeat of an earlier one.
   */
  secret?: string
}

/** A file that an import left out. */
export interface SkippedFile {
  /** Its path there. */
  path: string
  /** Why. */
  reason: string
}

/** Splits rows by chance into as many as the shares say; the shares add up to 1. */
export interface SplitRows {
  /** The share to train on. */
  train: number
  /** A column of which all rows with one value go into one part. The shares then hold for groups, about. */
  groupBy?: string
  /** Decides the chance; 0 if absent. */
  seed?: number
  /** A column of at most 10,000 different values, which each part has in the shares of the whole. */
  stratifyBy?: string
  /** The share to test with; none if absent. */
  test?: number
  /** The share to look at while training; none if absent. */
  validation?: number
}

/** Bytes that wait for a commit. */
export interface StagedDatasetFile {
  /** How many are kept. */
  bytes: number
  /** When they are forgotten unless a commit took them. */
  expiresAt: string
  /** Their SHA-256 in hex as they were sent, by which a commit names them. */
  sha256: string
  /** Rows that cannot. */
  badRows?: number
  /** The path that the file will be kept under, if one was said: `rows.jsonl` of `rows.parquet`. */
  keptAs?: string
  /** Rows that can be read, of a file of rows whose path was said. */
  rows?: number
}

/** Bytes that wait for a commit. */
export interface StagedModelFile {
  /** How many. */
  bytes: number
  /** When they are forgotten unless a commit took them. */
  expiresAt: string
  /** Their SHA-256 in hex, by which a commit names them. */
  sha256: string
}

/** One row that cannot be read. */
export interface StructureError {
  /** The line, from 1. */
  line: number
  /** The file. */
  path: string
  /** What is wrong. */
  reason: string
  /** The byte within the line where it shows, from 1, if it shows somewhere. */
  column?: number
}

/** Whether the rows can be read. */
export interface StructureReport {
  /** Rows that cannot. */
  badRows: number
  /** The first 100 of them. */
  errors: StructureError[]
  /** Columns that the dataset's type requires and that are not there, or are not of the type needed. */
  missingColumns: string[]
  /** Rows that can be read. */
  rows: number
  /** Whether everything can be read and no required column is missing. */
  valid: boolean
  /**
   * Rows that can be read and in which a column that the type requires is empty: nobody can learn from them or be
   * asked.
   * @default 0
   */
  incompleteRows?: number
  /**
   * Columns in which some values are of another type than most: the first 100 of them, of the first 1,000. The rows
   * can
   * be read all the same.
   */
  typeChanges?: TypeChange[]
}

/** A count of tokens, under way or done. */
export interface TokenCount {
  /** Its id. */
  id: string
  /** The columns that are counted. */
  columns: string[]
  /** When. */
  createdAt: string
  /** Who asked for it. */
  createdBy: string
  /** Of which dataset version. */
  datasetId: DatasetId
  /** The digest of the bytes that are read. */
  digest: string
  /** How far it is. */
  progress: ValidationProgress
  /** Where it stands. */
  state: DatasetWorkState
  /** With what. */
  tokenizer: TokenizerUsed
  /** Why it failed. */
  error?: string
  /** When it ended. */
  finishedAt?: string
  /** What was counted, once it succeeded. */
  report?: TokenReport
}

/** How many tokens texts have. Markers that a model puts around a text or between messages are not among them. */
export interface TokenDistribution {
  /** Texts that were counted. */
  counted: number
  /** Rows whose text could not be counted. */
  leftOut: number
  /** Rows without text. */
  missing: number
  /** Tokens of all that were counted, exact. */
  total: number
  /**
   * How their tokens are spread; absent if no text was counted. Quantiles are those of 50, 90, 95 and 99 of 100.
   * Beyond
   * 100,000 texts quantiles and bars are of a sample of so many, or fewer where more than 9 columns are counted.
   */
  distribution?: ValueDistribution
  /** Texts of more tokens than the model's context length, if that is known. */
  overContext?: number
}

/** What was counted. */
export interface TokenReport {
  /** Rows that cannot. */
  badRows: number
  /** Column by column. */
  columns: ColumnTokens[]
  /** Whether everything was counted. */
  complete: boolean
  /** What was left out, in plain words; nothing if it is complete. */
  leftOut: string[]
  /** Rows of the dataset that can be read. */
  rows: number
  /** The counted columns of each row together. */
  together: TokenDistribution
  /** The longest text the model takes, in tokens, if its `config.json` or `tokenizer_config.json` states it. */
  contextLength?: number
}

/**
 * Keeps the rows of which the texts have so many tokens together, without the markers that a model puts around them.
 * At least one of `min` and `max` is given. A row whose text cannot be counted, as one of more than 1 MiB, ends the
 * derivation.
 */
export interface TokenRows {
  /** With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its files. */
  modelId: string
  /** The columns whose tokens count. If absent those that hold text, and the one with conversations. */
  columns?: string[]
  /** The most. */
  max?: number
  /** The fewest tokens of a row that stays. */
  min?: number
  /** The SHA-256 that its `tokenizer.json` must have; whatever it has now if absent. */
  tokenizer?: string
}

/** The tokenizer that counts. */
export interface TokenizerUsed {
  /** The model's name and version when the count was asked for, as `tiny:1.0.0`. */
  name: string
  /** Bytes of that file. */
  bytes: number
  /** SHA-256 of its `tokenizer.json`. Equal digests mean equal tokens. */
  digest: string
  /** The model whose tokenizer it is. */
  modelId: string
}

/** A frequent value. */
export interface TopValue {
  /** How often. */
  count: number
  /** The value, cut after 200 characters. */
  value: string
}

/** The shape of a Llama decoder to be made. */
export interface TrainingArchitecture {
  /** The longest text in tokens, 16 to 32,768. */
  context: number
  /** Query heads, 1 to 256. */
  heads: number
  /** The width of the model, 16 to 16,384; a multiple of `heads`. */
  hiddenSize: number
  /** Blocks, 1 to 128. */
  layers: number
  /** Tokens of the tokenizer that is trained on the data, 384 to 131,072. */
  vocabulary: number
  /** The width inside a block, 16 to 65,536; 8/3 of `hiddenSize`, rounded up to a multiple of 16, if absent. */
  intermediateSize?: number
  /** Key and value heads, a divisor of `heads`; as many if absent. */
  kvHeads?: number
}

/** Measuring on data that is kept aside, while training. */
export interface TrainingEvaluation {
  /** Steps between two measurements, 1 to 1,000,000. */
  every: number
  /** The share of the data kept aside, above 0 and at most 0.5. */
  split: number
}

/** How training goes about it. What is absent gets the value named. */
export interface TrainingHyperparams {
  /** Examples, or windows of text, of one step: 1 to 1,024; 16. */
  batchSize?: number
  /** The longest a gradient may be, above 0 and at most 1,000; 1. */
  clip?: number
  /**
   * The highest learning rate, above 0 and at most 1; 0.003, or 0.006 for LoRA, falling with the root of
   * the model's weights above a million.
   */
  lr?: number
  /** Tokens of an example at most, 8 to the model's context; 128, or the context if that is less. */
  maxSeqLen?: number
  /** Steps, 1 to 1,000,000; 200 when `numEpochs` is absent too. */
  maxSteps?: number
  /** How often the data is gone through, above 0 and at most 1,000, instead of `maxSteps`. */
  numEpochs?: number
  /** What chance begins with, 0 to 2^53; 42. */
  seed?: number
  /** Steps over which the learning rate rises, 0 to `maxSteps`; a tenth of the steps. */
  warmup?: number
  /** 0 to 1; 0.01. */
  weightDecay?: number
}

/** A training job. */
export interface TrainingJob {
  /** Its id. */
  id: JobId
  /** What it is called. */
  name: string
  /** Where it stands. */
  status: JobStatus
  /** The attempt under way or made last, from 1; 0 before the first. */
  attempt: number
  /** CPU seconds used so far, over all attempts. */
  cpuSeconds: number
  /** What it is trained on. */
  datasetId: DatasetId
  /** What it was expected to need. */
  estimate: JobEstimate
  /** How it trains. */
  jobType: TrainingJobType
  /** The project it belongs to. */
  project: string
  /** What was settled when it was accepted. */
  spec: TrainingSpec
  /** Why it stands there, in words. */
  statusReason: string
  /** When. */
  submittedAt: string
  /** Who submitted it. */
  submittedBy: string
  /** What happened, oldest first; at most the last 200 moments. */
  timeline: JobMoment[]
  /** When it ended. */
  completedAt?: string
  /** What it cost so far, where a price is known. */
  cost?: Money
  /** Why its last attempt failed. */
  failure?: JobFailure
  /** The model that is trained further. */
  modelId?: ModelId
  /** The model that came out. */
  outputModelId?: ModelId
  /** How far it is, once it runs. */
  progress?: JobProgress
  /** Its place in the queue, from 1, while it waits for its turn. */
  queuePosition?: number
  /** Its run among the experiments, from its start on. */
  runId?: RunId
  /** When its first attempt began. */
  startedAt?: string
}

/**
 * How a job trains.
 *
 * - `finetune`: Trains a model of the catalog further, on prompts with responses.
 * - `from_scratch`: Makes a model from nothing, of an architecture, on plain text.
 * - `pretrain`: The same, meant as the base of others.
 */
export type TrainingJobType = 'finetune' | 'from_scratch' | 'pretrain'

/**
 * Which weights are trained.
 *
 * - `full`: All of them.
 * - `lora`: Small matrices beside the base model's, merged into it at the end.
 * - `qlora`: The same over a quantised base; needs a GPU.
 */
export type TrainingMethod = 'full' | 'lora' | 'qlora'

/** What the model is called that comes out. */
export interface TrainingOutput {
  /** A model's name; the job's if absent. */
  name?: string
  /** A semantic version that is free under this name; the next major one if absent. */
  version?: string
}

/** What a job may use. */
export interface TrainingResources {
  /** Cores, above 0; 1 if absent. */
  cpu?: number
}

/** What was settled when the job was accepted: every choice, and the exact inputs. */
export interface TrainingSpec {
  /** Steps between two checkpoints. */
  checkpointEvery: number
  /** Thousandths of a core. */
  cpuMillis: number
  /** The dataset's digest when the job was accepted. */
  datasetDigest: string
  /** Every hyperparameter with its value; `maxSteps` is always there. */
  hyperparams: TrainingHyperparams
  /** Seconds an attempt may run. */
  maxDurationSeconds: number
  /** Which weights are trained. */
  method: TrainingMethod
  /** The family of the architecture. */
  modelFamily: string
  /** What comes out, with name and version. */
  output: TrainingOutput
  /** Its priority. */
  priority: number
  /** What happens after a failure. */
  retryPolicy: JobRetryPolicy
  /** Whether it runs on a GPU. */
  useGpu: boolean
  /** The shape of the model to be made. */
  architecture?: TrainingArchitecture
  /** Measuring while training. */
  evaluation?: TrainingEvaluation
  /** The matrices of LoRA. */
  lora?: LoraSettings
  /** The base model's digest when the job was accepted. */
  modelDigest?: string
}

/**
 * Where it stands that a model comes from a registry or goes to one.
 *
 * - `queued`: The registry will be asked what there is.
 * - `running`: Files are on their way; `error` says what is in the way, while it is tried again.
 * - `succeeded`: All are there.
 * - `failed`: It stopped; `error` says why, and to resume it goes on.
 * - `cancelled`: Somebody gave it up. Files that came or went stay where they are.
 */
export type TransferState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Something in the trash. */
export interface TrashedItem {
  /** The id that it had, and has again when it is restored. */
  id: string
  /** Its name. */
  name: string
  /** Its version. */
  version: string
  /** When. */
  deletedAt: string
  /** Who deleted it. */
  deletedBy: string
  /** How many files it has. */
  files: number
  /** When it goes for good. */
  purgedAt: string
}

/** A column in which some values are of another type than most. */
export interface TypeChange {
  /** What most of its values are: boolean, number, text or json. */
  type: ColumnType
  /** Its name. */
  column: string
  /** The first 5 of each other type. */
  first: TypeChangeAt[]
  /** How many are of another type. */
  values: number
}

/** Where a value is of another type than most of its column. */
export interface TypeChangeAt {
  /** What the value is. */
  type: ColumnType
  /** The line, from 1. */
  line: number
  /** The file. */
  path: string
}

/** Why a file was refused, as an error of a call says it. */
export interface UploadError {
  /** Its code, as `checksum_mismatch`. */
  code: string
  /** Its kind, as `invalid`. */
  kind: string
  /** In words. */
  message: string
  /** What to do about it. */
  hint?: string
}

/** The id of a file that comes in parts. */
export type UploadId = string

/** A part that is kept. */
export interface UploadPart {
  /** How many bytes it has. */
  bytes: number
  /** Which, counted from 0. */
  number: number
  /** Their SHA-256 in hex. */
  sha256: string
}

/**
 * Where an upload stands.
 *
 * - `receiving`: Parts may come.
 * - `completing`: All came; the whole is read and checked.
 * - `complete`: The file is there.
 * - `failed`: It is not what it claims to be, or is not taken; `error` says why. When only its digest is not what was
 * said, the upload is
 * receiving again and takes another.
 */
export type UploadState = 'receiving' | 'completing' | 'complete' | 'failed'

/** What an upload brought. */
export interface UploadedDatasetFiles {
  /** Whether a `README.md` came, which is the card of the dataset. */
  card: boolean
  /** Each file as it is kept, in the order they came. */
  files: DatasetFile[]
}

/** The files an upload brought. */
export interface UploadedFiles {
  /** Each file as it is kept, in the order they came. */
  files: ModelFile[]
}

/** How far a validation is. */
export interface ValidationProgress {
  /** Bytes read. */
  bytes: number
  /** Rows read. */
  rows: number
  /** Bytes to read. */
  totalBytes: number
}

/** What a validation found. */
export interface ValidationReport {
  /** Personal and secret data. */
  pii: PiiReport
  /** How good the rows are. */
  quality: QualityReport
  /** What to do. */
  recommendations: Recommendation[]
  /** What the columns hold. */
  statistics: DatasetStatistics
  /** Rows that cannot be read, and columns that are missing. */
  structure: StructureReport
}

/**
 * Where a validation stands.
 *
 * - `queued`: Waiting for its turn.
 * - `running`: Reading.
 * - `succeeded`: The report is there.
 * - `failed`: It could not be carried out; `error` says why.
 */
export type ValidationState = 'queued' | 'running' | 'succeeded' | 'failed'

/** One value that changed. */
export interface ValueChange {
  /** The column. */
  column: string
  /** What it holds; absent if nothing. */
  after?: unknown
  /** What it held; absent if nothing. */
  before?: unknown
}

/** How numbers are spread. */
export interface ValueDistribution {
  /**
   * Bars of equal width from the smallest to the largest, at most 20. Their counts add up to all values; from what an
   * earlier
   * release sampled, to those that it drew.
   */
  histogram: HistogramBar[]
  /** The largest. */
  max: number
  /** The mean. */
  mean: number
  /** The smallest. */
  min: number
  /** The values below which 5, 25, 50, 75 and 95 of 100 lie; of counts of tokens 50, 90, 95 and 99. */
  quantiles: ValueQuantile[]
  /**
   * Whether quantiles, bars and `outliers` are estimates: of a sketch (Karnin, Lang and Liberty 2016) that stands for
   * all values.
   * They are exact up to 10,000 values, fewer beyond 100 columns; of counts of tokens up to 100,000, fewer from 10
   * columns on.
   */
  sampled: boolean
  /** The standard deviation of the population. */
  stdDev: number
  /**
   * Of the values in the bars, those that lie far out: more than three quartile ranges beyond the quartiles. Of
   * lengths
   * by their logarithms.
   * @default 0
   */
  outliers?: number
  /**
   * Of an estimate: how far a quantile may be from its place, as a share of all values, with a certainty of 99 in 100
   * (by
   * Hoeffding 1963, of what the sketch did). Of a million values 0.0008, where 10,000 are exact.
   */
  rankError?: number
}

/** One quantile. */
export interface ValueQuantile {
  /** 0 to 1. */
  q: number
  /** The value, interpolated between its neighbours. */
  value: number
}

/** Gives an upload up. */
export interface AbortDatasetUpload {
  /** Whose file. */
  datasetId: DatasetId
  /** Which upload. */
  uploadId: UploadId
}

/** Gives an upload up. */
export interface AbortModelUpload {
  /** Whose file. */
  modelId: ModelId
  /** Which upload. */
  uploadId: UploadId
}

/** Ends a contamination check. One that ended stays as it is. */
export interface CancelContaminationCheck {
  /** Which. */
  checkId: string
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Ends a derivation; nothing is made. One that ended stays as it is. */
export interface CancelDatasetDerivation {
  /** From which dataset. */
  datasetId: DatasetId
  /** Which. */
  derivationId: string
}

/** Asks to end an evaluation. */
export interface CancelEvaluation {
  /** Which. */
  runId: EvaluationRunId
}

/** Cancels a job. */
export interface CancelJob {
  /** Which. */
  jobId: JobId
  /** Why, at most 1,000 characters. */
  reason?: string
}

/** Ends a count of tokens. One that ended stays as it is. */
export interface CancelTokenCount {
  /** Which. */
  countId: string
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Asks the model behind a route. */
export interface ChatRequest {
  /** The conversation; at least one message. */
  messages: ChatMessage[]
  /** The route, or the name of a model that is deployed, as `tiny` or `tiny:1.0.0`. */
  route: string
  /** The environment; if absent `prod`, then `stg`, then `dev`. */
  environment?: Environment
  /** Makes what was said less likely, each time; -2 to 2. */
  frequencyPenalty?: number
  /** Makes tokens likelier or less likely, by id, by -100 to 100; at most 300. */
  logitBias?: Record<string, number>
  /** Whether each token comes with its log-probability. */
  logprobs?: boolean
  /** The most tokens of the answer, at least 1 and within the endpoint's limit; what the model allows if absent. */
  maxTokens?: number
  /** How many answers, 1 to 16; 1 if absent. Each is asked for by itself; the prompt is counted once. */
  n?: number
  /** Makes what was said less likely, once; -2 to 2. */
  presencePenalty?: number
  /** The same seed gives the same answer. */
  seed?: number
  /** Texts that end the answer; at most 4 of at most 256 bytes. */
  stop?: string[]
  /** Over HTTP, whether the answer comes in pieces; elsewhere that is `chat_stream`. */
  stream?: boolean
  /** 0 takes the likeliest token, 2 is nearly at random; 1 if absent. */
  temperature?: number
  /** Whether it may call them: `auto` or `none`. */
  toolChoice?: unknown
  /** The tools that the model may call, in OpenAI's shape; at most 128. */
  tools?: unknown[]
  /** The number of likely tokens that may be chosen; all if absent. */
  topK?: number
  /** How many alternatives come with each token, 0 to 20. */
  topLogprobs?: number
  /** The share of likely tokens that may be chosen, above 0 and up to 1; all if absent. */
  topP?: number
}

/**
 * Looks for the rows of a dataset, mostly a benchmark, in other datasets, mostly what a model learned from. At least
 * one of `against` and `modelId` is given.
 */
export interface CheckDatasetContamination {
  /** Whose rows are looked for. */
  datasetId: DatasetId
  /** The dataset versions to look in. */
  against?: DatasetId[]
  /**
   * The columns whose text is looked for. If absent those that play a part of the dataset's type, or all that hold
   * text.
   */
  columns?: string[]
  /** The share of a row's runs that must be found, 0 to 1; 0.7 if absent. With 0 one of them is enough. */
  minOverlap?: number
  /** A model: looks in all that it, and the models it was tuned from, learned from. What that is, is settled now. */
  modelId?: string
  /** How many words a run of words has, 3 to 50; 13 if absent. */
  ngram?: number
  /** The least similarity of rows that are nearly the same, 0.5 to 1; 0.8 if absent. */
  similarity?: number
}

/** Looks whether a model that was imported changed where it came from. */
export interface CheckModelUpdates {
  /** Which model. */
  modelId: ModelId
}

/** Asks to end the session that the call is made with. */
export interface CloseSession {
}

/** Changes the files of a dataset, all of them or none. */
export interface CommitDatasetFiles {
  /** Whose files. */
  datasetId: DatasetId
  /** The files to make. */
  add?: AddedDatasetFile[]
  /** The digest of its card as you know it: another card means a conflict. Empty while it has none. */
  cardDigest?: string
  /** The dataset's digest as you know it: other files mean a conflict. Empty while it has no files. */
  digest?: string
  /** What the change is: for the audit, and the change log of a version that begins with it. */
  message?: string
  /** Whether this must still be the newest version of its name; that another is newer means a conflict then. */
  newest?: boolean
  /**
   * The paths to remove first; one that ends in `/` is a folder with all that is in it, and `README.md` is the card.
   */
  remove?: string[]
}

/** Changes the files of a model, all of them or none. */
export interface CommitModelFiles {
  /** Whose files. */
  modelId: ModelId
  /** The files to make. */
  add?: AddedModelFile[]
  /** The model's digest as you know it: other files mean a conflict. */
  digest?: string
  /** What the change is, for the audit. */
  message?: string
  /** What the card gets where it has nothing under the same key. */
  metadata?: Record<string, unknown>
  /** Whether this must still be the newest version of its name; that another is newer means a conflict then. */
  newest?: boolean
  /** The paths to remove first; one that ends in `/` is a folder with all that is in it. */
  remove?: string[]
  /** The tags of a model that has none. */
  tags?: string[]
  /**
   * Whether a model that has no other files takes the family that its `config.json` names. Refused without this when
   * the
   * model is of another family.
   */
  takeFamily?: boolean
}

/**
 * Compares two versions. The answer is kept for the bytes and keys it is about: asked again, it costs nothing. While
 * it is being worked on the same call joins it.
 */
export interface CompareDatasetVersions {
  /** What is compared: a version of this dataset's name, as `1.0.0`, or the id of any dataset version. */
  a: string
  /** What it is compared with; rows that only this one has are `added`. */
  b: string
  /** A version of the dataset whose versions are compared. */
  datasetId: DatasetId
  /**
   * The columns that say which rows are the same one. If absent rows are compared as they are: none is `modified`.
   */
  keys?: string[]
  /** How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far it is. */
  wait?: number
}

/** Asks for a comparison of evaluations over the same samples. */
export interface CompareEvaluations {
  /** Which, 2 to 8; the others are compared with the first. */
  runIds: EvaluationRunId[]
}

/** Compares two versions of a model's name. */
export interface CompareModelVersions {
  /** The version to compare from. Where the name has it in several types, that of this model's type is meant. */
  a: string
  /** The version to compare to. */
  b: string
  /** Any version of the name. */
  modelId: ModelId
}

/** Puts runs side by side. */
export interface CompareRuns {
  /** Which: 2 to 20. */
  runIds: RunId[]
}

/** Says that all parts came. */
export interface CompleteDatasetUpload {
  /** Whose file. */
  datasetId: DatasetId
  /** Which upload. */
  uploadId: UploadId
  /**
   * The SHA-256 of the whole file, in hex; not needed if it was said when the upload began, or every part was sent
   * with its
   * own.
   */
  sha256?: string
}

/** Says that all parts came. */
export interface CompleteModelUpload {
  /** Whose file. */
  modelId: ModelId
  /** Which upload. */
  uploadId: UploadId
  /**
   * The SHA-256 of the whole file, in hex; not needed if it was said when the upload began, or every part was sent
   * with its
   * own.
   */
  sha256?: string
}

/** Counts the tokens of a dataset with the tokenizer of a model. */
export interface CountTokens {
  /** Of which dataset. */
  datasetId: DatasetId
  /** With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its files. */
  modelId: string
  /** The columns to count. If absent those that hold text, and the one with conversations. */
  columns?: string[]
}

/** Asks for an API key. */
export interface CreateApiKey {
  /** Who or what uses the key; entries in the audit carry it as the actor. 1 to 128 characters. */
  name: string
  /** What its holder may do. At least one; together no more than the caller himself may do. */
  roles: Role[]
  /**
   * Whether it is good for every project, not only for the one that the call is made in; so is its maker's then.
   * @default false
   */
  allProjects?: boolean
  /** When it stops to work. Never, if absent. */
  expiresAt?: string
}

/** A secret to keep. */
export interface CreateCredential {
  /** What to call it, 1 to 128 characters. */
  name: string
  /** The address it is for, as `https://api.openai.com/v1`. Its server is the only one that gets the secret. */
  baseUrl: string
  /** The secret: letters, digits and signs, without blanks. */
  secret: string
}

/** Registers a dataset version, without files yet. */
export interface CreateDataset {
  /** Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters. */
  name: string
  /** A semantic version, as `1.0.0`. With the name it is unique within the project. */
  version: string
  /** What it is for. */
  type: DatasetType
  /** What changed since the version before, at most 10,000 characters. */
  changeLog?: string
  /** Which column plays which part; what is absent is looked for under the part's own name. */
  columns?: ColumnRoles
  /**
   * The fields of its card, as `license`, `language`, `task_categories` or `configs`, and whatever else; at most 64
   * KiB. The
   * text of the card comes as a `README.md`.
   */
  metadata?: Record<string, unknown>
  /** The team that answers for it. */
  ownerTeam?: string
  /** Words to find it by. */
  tags?: string[]
}

/** Begins a file that comes in parts. What it is kept as, once it is whole, is said at `upload_dataset_files`. */
export interface CreateDatasetUpload {
  /** How many bytes it has, 1 to 1 TiB. */
  bytes: number
  /** Whose file. */
  datasetId: DatasetId
  /** Its path within the dataset. */
  path: string
  /** What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent. */
  delimiter?: string
  /** What the text is written in, when it is not UTF-8, as `upload_dataset_files` takes it. Found out if absent. */
  encoding?: string
  /** The format, when the path's ending does not tell: `csv`, `jsonl` or `text`. */
  format?: DataFormat
  /** Whether a table's first record names its columns. Found out if absent. */
  header?: boolean
  /** Whether it takes the place of other bytes under the same path; refused otherwise. */
  replace?: boolean
  /**
   * Its SHA-256 in hex, as it is sent, if that is known already; to complete the upload it is needed, or else that of
   * each part.
   */
  sha256?: string
}

/** Begins a new version from this one: a draft with the same name, type and team, whose parent this is. */
export interface CreateDatasetVersion {
  /** The new version, as `1.1.0`. */
  version: string
  /** The version to begin from. */
  datasetId: DatasetId
  /** What changes. */
  changeLog?: string
  /** Which column plays which part; as in the parent if absent. */
  columns?: ColumnRoles
  /**
   * Whether the new version begins with the parent's files, none of them stored again; it begins empty if absent.
   */
  withFiles?: boolean
}

/** Registers a model version. */
export interface CreateModel {
  /** Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters. */
  name: string
  /** A semantic version, as `1.0.0`. With the name and the type it is unique within the project. */
  version: string
  /**
   * `base`, `fine-tuned` or `external`.
   * @default "base"
   */
  type?: ModelType
  /** Where it came from. */
  lineage?: Lineage
  /**
   * The model card: purpose, scope, contact, license and whatever else, at most 64 KiB. That of an external model
   * says
   * `provider`, `modelName`, `baseUrl`, and `apiKey` or `credentialId`; the key is sealed at once and never shown.
   */
  metadata?: Record<string, unknown>
  /**
   * The family of its architecture, as `llama`.
   * @default "llama"
   */
  modelFamily?: string
  /** The team that answers for it. */
  ownerTeam?: string
  /** Words to find it by. */
  tags?: string[]
}

/** Begins a file that comes in parts. */
export interface CreateModelUpload {
  /** How many bytes it has, 1 to 1 TiB. */
  bytes: number
  /** Whose file. */
  modelId: ModelId
  /** Its path within the model. */
  path: string
  /** Whether it takes the place of other bytes under the same path; refused otherwise. */
  replace?: boolean
  /** Its SHA-256 in hex, if it is known already; to complete the upload it is needed, or else that of each part. */
  sha256?: string
}

/** Asks for a project. */
export interface CreateProject {
  /**
   * What it is called by: letters, digits, `-`, `_`, `.` and `/` between parts, at most 128 characters. It stays.
   */
  name: string
  /** What it is for, in at most 1,000 characters. */
  description?: string
}

/** Begins a run. */
export interface CreateRun {
  /** What it is called; at most 128 characters. */
  name: string
  /** The job it records. A job has one run. */
  jobId?: string
  /** Its parameters: at most 1,000, names to 250 characters, values to 6,000. */
  params?: Record<string, string>
  /** Its tags: at most 1,000, names to 250 characters, values to 5,000. */
  tags?: Record<string, string>
}

/** Asks for a link that signs in once. */
export interface CreateSignInLink {
}

/** Asks to delete a credential. */
export interface DeleteCredential {
  /** Which. */
  credentialId: CredentialId
}

/** Asks to delete a dataset. */
export interface DeleteDataset {
  /** Which. */
  datasetId: DatasetId
}

/** Asks to delete an endpoint. What runs ends first; until then the endpoint stays and says what is left. */
export interface DeleteEndpoint {
  /** Which. */
  endpointId: EndpointId
}

/** Asks to delete a model. */
export interface DeleteModel {
  /** Which. */
  modelId: ModelId
}

/** Deploys an approved model under a route. */
export interface DeployEndpoint {
  /** The model; approved, with files. */
  modelId: ModelId
  /** A name of letters, digits, `-`, `_` and `.`; with or without `/` or `/llm-ops/v1/serve/` before it. */
  route: string
  /** Whether only to check, and to show what would run. */
  dryRun?: boolean
  /**
   * Whom it answers; `dev` if absent.
   * @default "dev"
   */
  environment?: Environment
  /** What it takes. */
  limits?: EndpointLimits
  /** How many replicas run, 1 to 16; 1 if absent. */
  minReplicas?: number
  /** What to do when it goes wrong, at most 10,000 characters; required for `prod`. */
  rollbackPlan?: string
}

/**
 * Makes a dataset from another by one operation. What is made is a draft of its own: a new version of the name, or
 * the first of another name; of a split a dataset for each part. It is there once it is whole. The same bytes,
 * operation and seed make the same bytes.
 */
export interface DeriveDataset {
  /** From which. */
  datasetId: DatasetId
  /**
   * The name of what is made; that of the source if absent. A part of a split adds `-train`, `-validation` or
   * `-test`.
   */
  name?: string
  /** Its version; the next after the highest of its name if absent, or 1.0.0. */
  version?: string
  /** What changed; said by the operation if absent. */
  changeLog?: string
  /** Writes the rows in another format. */
  convert?: ConvertRows
  /** Leaves out rows that repeat an earlier one. */
  dedupe?: DedupeRows
  /** Keeps the rows for which a condition holds. */
  filter?: FilterRows
  /** Makes columns by templates. */
  map?: MapRows
  /** Replaces personal and secret data by marks. */
  redact?: RedactRows
  /** Draws some of the rows. */
  sample?: SampleRows
  /** Splits the rows into parts. One operation must be given. */
  split?: SplitRows
  /** Keeps the rows that are so many tokens for a model. */
  tokens?: TokenRows
}

/** Asks how a version differs from the one it came from, or from another. */
export interface DiffDatasetVersion {
  /** What differs: a version of this dataset's name, as `1.1.0`, or the id of any dataset version. */
  version: string
  /** A version of the dataset whose versions are compared. */
  datasetId: DatasetId
  /** What it differs from: the id of any dataset version. If absent the version that it came from. */
  baseVersionId?: DatasetId
  /**
   * The columns that say which rows are the same one. If absent rows are compared as they are: none is `modified`.
   */
  keys?: string[]
  /** How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far it is. */
  wait?: number
}

/** Asks for the card of a dataset. */
export interface DownloadDatasetCard {
  /** Whose. */
  datasetId: DatasetId
  /** As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole. */
  range?: string
}

/** Asks for the bytes of a file. */
export interface DownloadDatasetFile {
  /** Whose. */
  datasetId: DatasetId
  /** Its path within the dataset. */
  path: string
  /** As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole. */
  range?: string
}

/** Asks for the bytes of a file. */
export interface DownloadModelFile {
  /** Whose. */
  modelId: ModelId
  /** Its path within the model. */
  path: string
  /** As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole. */
  range?: string
}

/** Asks for the whole log. */
export interface ExportAuditLogs {
  /** How; JSON lines if absent. */
  format?: AuditFormat
}

/** Asks for an evaluation as a file. */
export interface ExportEvaluation {
  /** Which. */
  runId: EvaluationRunId
  /** How; JSON if absent. */
  format?: EvaluationFormat
}

/**
 * Sends an approved model to a registry, as the Hugging Face Hub is one: its verified files, and its card as
 * `README.md`.
 */
export interface ExportModel {
  /** Which model. It must be approved, and stay so until it is sent. */
  modelId: ModelId
  /** The repository there, as `owner/name`. It is made if it is not there. */
  repo: string
  /** Where it answers, as a mirror does or another platform like this one; its own address if absent. */
  baseUrl?: string
  /** The stored key to show there. It must be allowed to write. */
  credentialId?: CredentialId
  /** What the commit says, in one line; the model's name and version if absent. */
  message?: string
  /** Whether a repository that is made is for its owners only; so it is if absent. */
  private?: boolean
  /** Whether files there that the model has not are removed; they stay if absent. `.gitattributes` always stays. */
  prune?: boolean
  /** Which registry; `huggingface` if absent. */
  registry?: string
  /** The branch that the files are committed to; `main` if absent. */
  revision?: string
}

/** Asks for a contamination check. */
export interface GetContaminationCheck {
  /** Which. */
  checkId: string
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Asks for sums of charges. */
export interface GetCostAggregate {
  /** What to add up by. */
  groupBy: CostGrouping
  /** The instant before which charges count, or the last day that counts. */
  endDate?: string
  /** Only charges for this. */
  resourceType?: CostResource
  /** The first instant or day (`2026-11-24`, in UTC) that counts. */
  startDate?: string
}

/** Asks for one dataset. */
export interface GetDataset {
  /** Which. */
  datasetId: DatasetId
}

/** Asks for a derivation. */
export interface GetDatasetDerivation {
  /** From which dataset. */
  datasetId: DatasetId
  /** Which. */
  derivationId: string
}

/** Asks for a dataset's lineage. */
export interface GetDatasetLineage {
  /** Of which dataset. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** How many generations before and after, 1 to 10,000; all if absent. */
  depth?: number
  /** The most things of a page, 1 to 1000; 1000 if absent. */
  limit?: number
}

/** Asks for the statistics of a dataset. */
export interface GetDatasetStatistics {
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Asks what all versions of a dataset's name take together. */
export interface GetDatasetStorage {
  /** Any version of the name. */
  datasetId: DatasetId
}

/** Asks how far an upload is. */
export interface GetDatasetUpload {
  /** Whose file. */
  datasetId: DatasetId
  /** Which upload. */
  uploadId: UploadId
}

/** Asks for the report of the last validation. */
export interface GetDatasetValidation {
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Asks for one endpoint. */
export interface GetEndpoint {
  /** Which. */
  endpointId: EndpointId
}

/** Asks for an evaluation. */
export interface GetEvaluation {
  /** Which. */
  runId: EvaluationRunId
}

/** Asks for one job. */
export interface GetJob {
  /** Which. */
  jobId: JobId
}

/** Asks for the run of a job. */
export interface GetJobRun {
  /** Of which job. */
  jobId: string
}

/** Asks for one model. */
export interface GetModel {
  /** Which. */
  modelId: ModelId
}

/** Asks for one alias. */
export interface GetModelAlias {
  /** The model's name. */
  name: string
  /** Which. */
  alias: string
}

/** Asks for the project's approval policy. */
export interface GetModelApprovalPolicy {
  /** Which version; the newest if absent. */
  version?: number
}

/** Names one export. */
export interface GetModelExport {
  /** Which. */
  exportId: ExportId
}

/** Asks what stands between a model and its approval. */
export interface GetModelGates {
  /** Which. */
  modelId: ModelId
}

/** Names one import. */
export interface GetModelImport {
  /** Which. */
  importId: ImportId
}

/** Asks for a model's lineage. */
export interface GetModelLineage {
  /** Of which model. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** How many generations before and after, 1 to 10,000; all if absent. */
  depth?: number
  /** The most things of a page, 1 to 1000; 1000 if absent. */
  limit?: number
}

/** Asks how far an upload is. */
export interface GetModelUpload {
  /** Whose file. */
  modelId: ModelId
  /** Which upload. */
  uploadId: UploadId
}

/** Asks for a policy for personal data. */
export interface GetPiiPolicy {
  /** Its name. */
  name: string
  /** Which version; the newest if absent. */
  version?: number
}

/** Asks whether a route would be answered now. */
export interface GetRouteHealth {
  /** The route, or the name of a model that is deployed. */
  route: string
  /** The environment; if absent `prod`, then `stg`, then `dev`. */
  environment?: Environment
}

/** Asks for a run. */
export interface GetRun {
  /** Which. */
  runId: RunId
}

/** Asks for metrics over steps. */
export interface GetSeries {
  /** Of which run. */
  runId: RunId
  /** The most points of each, 2 to 10,000; 1,000 if absent. */
  maxPoints?: number
  /** Which metrics; all if absent. At most 50. */
  metrics?: string[]
}

/** Asks who calls. */
export interface GetSession {
}

/** Asks for a count of tokens. */
export interface GetTokenCount {
  /** Which. */
  countId: string
  /** Of which dataset. */
  datasetId: DatasetId
}

/**
 * Takes a model over from a registry, as the Hugging Face Hub is one: its files, and the card that its `README.md`
 * holds.
 */
export interface ImportModel {
  /** The repository there, as `owner/name`. */
  repo: string
  /** What the model is to be called; the repository's name without its owner if absent. */
  name?: string
  /** Its version; if absent `1.0.0`, or the one after the newest of the name. */
  version?: string
  /** Where it answers, as a mirror does or another platform like this one; its own address if absent. */
  baseUrl?: string
  /** The stored key to show there, for what is private or gated. */
  credentialId?: CredentialId
  /** And none whose path is like one of these. */
  exclude?: string[]
  /** Only files whose path is like one of these, as `*.gguf`; `*` is any text and `?` any character. */
  include?: string[]
  /** The family of its architecture; the one that its `config.json` names if absent. */
  modelFamily?: string
  /** The team that answers for it here. */
  ownerTeam?: string
  /** Whether to take pickle files too, into quarantine; they are left out otherwise. */
  quarantined?: boolean
  /** Which registry; `huggingface` if absent. */
  registry?: string
  /** A branch, a tag or a commit; `main` if absent. */
  revision?: string
}

/** Asks for the API keys. */
export interface ListApiKeys {
  /** Where the page before ended. */
  cursor?: string
  /** The most keys of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks what was done. */
export interface ListAuditLogs {
  /** This operation, as `catalog.create_model`. */
  action?: string
  /** By this actor. */
  actor?: string
  /** Where the page before ended. */
  cursor?: string
  /** Not before. */
  from?: string
  /** The most entries of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** On this thing. */
  resourceId?: string
  /** On this kind of thing, as `model`. */
  resourceType?: string
  /** With this outcome. */
  result?: AuditOutcome
  /** Before. */
  to?: string
}

/** Asks for the contamination checks of a dataset, newest first. */
export interface ListContaminationChecks {
  /** Of which dataset. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for charges. */
export interface ListCostEntries {
  /** Where the page before ended. */
  cursor?: string
  /** The instant before which charges count, or the last day that counts. */
  endDate?: string
  /** The most charges of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Only charges of models of this name. */
  model?: string
  /** Only charges of this model version. */
  modelId?: string
  /** Only charges for the job, request, evaluation or endpoint of this id. */
  resourceId?: string
  /** Only charges for this. */
  resourceType?: CostResource
  /** The first instant or day (`2026-11-24`, in UTC) that counts. */
  startDate?: string
  /** Only what this user caused. */
  user?: string
}

/** Asks for the prices. */
export interface ListCostPrices {
}

/** Asks for the credentials. */
export interface ListCredentials {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the derivations from a dataset, newest first. */
export interface ListDatasetDerivations {
  /** From which dataset. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the files of a dataset. */
export interface ListDatasetFiles {
  /** Whose. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the decisions on a dataset. */
export interface ListDatasetReviews {
  /** Which. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the uploads of a dataset. */
export interface ListDatasetUploads {
  /** Whose. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most uploads of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the versions of a dataset's name. */
export interface ListDatasetVersions {
  /** Any version of it. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for datasets. Every filter given must hold. */
export interface ListDatasets {
  /** Of this name. */
  name?: string
  /** Of this version. */
  version?: string
  /** Of this type. */
  type?: DatasetType
  /** In this status. */
  status?: DatasetStatus
  /** Where the page before ended. */
  cursor?: string
  /** With files whose digest begins so, in hex. */
  digest?: string
  /** Whether to count all that match. */
  includeTotal?: boolean
  /** The most datasets of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Of at most this quality, 0 to 100. */
  maxQuality?: number
  /** Of at least this quality, 0 to 100. */
  minQuality?: number
  /** Only the newest version of each name. */
  newest?: boolean
  /** Of this team. */
  ownerTeam?: string
  /** With this outcome of the search for personal data. */
  piiScanStatus?: PiiScanStatus
  /** The order. */
  sort?: DatasetSort
  /** With this text in the name, letter case aside; taken literally. */
  text?: string
}

/** Asks for the revisions of an endpoint, newest first. */
export interface ListEndpointRevisions {
  /** Which endpoint. */
  endpointId: EndpointId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for endpoints, newest first. Every filter given must hold. */
export interface ListEndpoints {
  /** In this status. */
  status?: EndpointStatus
  /** Where the page before ended. */
  cursor?: string
  /** Of this environment. */
  environment?: Environment
  /** Whether to count all that match. */
  includeTotal?: boolean
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Of this model. */
  modelId?: ModelId
  /** With this text in the route, letter case aside; taken literally. */
  text?: string
}

/** Asks what can be computed. */
export interface ListEvaluationMetrics {
}

/** Asks for the samples of an evaluation, in the order of the dataset. */
export interface ListEvaluationSamples {
  /** Of which. */
  runId: EvaluationRunId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for evaluations. Every filter given must hold. */
export interface ListEvaluations {
  /** Only those that stand so. */
  status?: EvaluationStatus
  /** Where the page before ended. */
  cursor?: string
  /** Only those over this dataset version. */
  datasetId?: DatasetId
  /** Only those of this endpoint. */
  endpointId?: EndpointId
  /** Whether to count all of them. */
  includeTotal?: boolean
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Only those of this model. */
  modelId?: ModelId
  /** Only those that this user started. */
  runBy?: string
  /** Only those with this text in the name, letter case aside; taken literally. */
  text?: string
}

/** Asks for jobs. Every filter given must hold. */
export interface ListJobs {
  /** In this status. */
  status?: JobStatus
  /** Where the page before ended. */
  cursor?: string
  /** On this dataset. */
  datasetId?: DatasetId
  /** Whether to count all that match. */
  includeTotal?: boolean
  /** Of this type. */
  jobType?: TrainingJobType
  /** The most jobs of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** With this base model. */
  modelId?: ModelId
  /** Submitted before this instant. */
  submittedBefore?: string
  /** Submitted by this user. */
  submittedBy?: string
  /** Submitted at this instant or later. */
  submittedFrom?: string
  /** With this text in the name, letter case aside; taken literally. */
  text?: string
}

/** Asks where an alias pointed, newest first. */
export interface ListModelAliasMoves {
  /** The model's name. */
  name: string
  /** Which. */
  alias: string
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for aliases, by the models' names. */
export interface ListModelAliases {
  /** Of this name. */
  name?: string
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the versions of the project's approval policy, the newest first. */
export interface ListModelApprovalPolicies {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for exports, newest first. Every filter given must hold. */
export interface ListModelExports {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Of this model. */
  modelId?: ModelId
  /** In this state. */
  state?: TransferState
}

/** Asks which families models may be of. */
export interface ListModelFamilies {
}

/** Asks for the files of a model. */
export interface ListModelFiles {
  /** Whose. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for imports, newest first. Every filter given must hold. */
export interface ListModelImports {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** In this state. */
  state?: TransferState
}

/** Asks where else a model is. */
export interface ListModelRegistryLinks {
  /** Which model. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the decisions on a model. */
export interface ListModelReviews {
  /** Which. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the uploads of a model. */
export interface ListModelUploads {
  /** Whose. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** The most uploads of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the versions of a model's name. */
export interface ListModelVersions {
  /** Any version of it. */
  modelId: ModelId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for models. Every filter given must hold. */
export interface ListModels {
  /** Of this name. */
  name?: string
  /** Of this version. */
  version?: string
  /** Of this type. */
  type?: ModelType
  /** In this status. */
  status?: ModelStatus
  /** Where the page before ended. */
  cursor?: string
  /** With files whose digest begins so, in hex. */
  digest?: string
  /** Of this family. */
  family?: string
  /** Whether to count all that match. */
  includeTotal?: boolean
  /** The most models of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /** Only the newest version of each name. */
  newest?: boolean
  /** Of this team. */
  ownerTeam?: string
  /** The order. */
  sort?: ModelSort
  /** With this tag. */
  tag?: string
  /** With this text in the name, letter case aside; taken literally. */
  text?: string
}

/** Asks for the policies of the project, the newest version of each, by name. */
export interface ListPiiPolicies {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the projects that the caller may work in. */
export interface ListProjects {
  /** Where the page before ended. */
  cursor?: string
  /** The most projects of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the routes of the project, by name. */
export interface ListRoutes {
  /** Where the page before ended. */
  cursor?: string
  /** Of this environment. */
  environment?: Environment
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for the counts of tokens of a dataset, newest first. */
export interface ListTokenCounts {
  /** Of which dataset. */
  datasetId: DatasetId
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for deleted datasets, the last deleted first. */
export interface ListTrashedDatasets {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Asks for deleted models, the last deleted first. */
export interface ListTrashedModels {
  /** Where the page before ended. */
  cursor?: string
  /** The most of a page, 1 to 1000; 50 if absent. */
  limit?: number
}

/** Records metric points of a running job: 1 to 10,000 in one batch. */
export interface LogJobMetrics {
  /** The attempt that measured them. An attempt that is over is refused. */
  attempt: number
  /** Of which job. */
  jobId: JobId
  /** The points. */
  metrics: MetricPoint[]
}

/** Records metric points: 1 to 10,000 in one batch. */
export interface LogMetrics {
  /** The points. */
  metrics: MetricPoint[]
  /** Of which run. */
  runId: RunId
}

/** Asks for a session in place of the key, the link's secret or the session that the call is made with. */
export interface OpenSession {
  /** The project to work in; the one that the call is made in if absent. */
  project?: string
}

/** Asks for rows of a dataset. */
export interface PreviewDataset {
  /** Of which dataset. */
  datasetId: DatasetId
  /** The columns to show; all if absent. */
  columns?: string[]
  /** Where the page before ended. */
  cursor?: string
  /** The most rows, 1 to 1000; 50 if absent. A page also ends after 4 MiB. */
  limit?: number
  /** The row to begin with, from 0, when there is no cursor. */
  row?: number
}

/**
 * Writes what models of the project must have before they are approved. Other content than the newest version's makes
 * the next version; the old ones stay. An approval is held to the newest; what was approved before stays approved.
 * Honours `If-Match`.
 */
export interface PutModelApprovalPolicy {
  /** Whether evaluations count that carry warnings: that the model learned from what it was asked. No if absent. */
  allowWarnings?: boolean
  /** How many reviewers must approve; 1 if absent. */
  approvals?: number
  /** What it is for. */
  description?: string
  /** The evaluations that a model must have; none if absent. */
  evaluations?: RequiredEvaluation[]
  /** The licenses that a card may name, letter case aside, each as a whole; any if absent. */
  licenses?: string[]
}

/**
 * Writes a policy for personal data. Other content than the newest version's makes the next version; the old ones
 * stay. A dataset validated without the name of a policy is held to the one called `default`, once there is one.
 * Honours `If-Match`.
 */
export interface PutPiiPolicy {
  /** Its name: small letters, digits, `-`, `_` and `.`, at most 64 characters, a letter first. */
  name: string
  /** What it is for. */
  description?: string
  /** The kinds that are searched for; all that there are when it is written, if absent. */
  kinds?: PiiKind[]
  /** The least quality that may be approved, 0 to 100; 70 if absent. */
  minQuality?: number
  /** Rules of the project's own. */
  rules?: PiiRule[]
  /** Whether a reviewer may waive what was found; no if absent. */
  waivers?: boolean
}

/**
 * Asks for the rows of a dataset. Every row has every column that was asked for, in the order of the dataset; one
 * that it lacks is null, and so is a blank value of a table, or a blank text in a column of numbers or booleans.
 * Values of a table have the type of their column.
 */
export interface ReadDatasetRows {
  /** Of which dataset. */
  datasetId: DatasetId
  /** The columns to read; all if absent. */
  columns?: string[]
  /** How they are sent: `jsonl`, which holds if absent, `arrow` or `parquet`. */
  format?: RowFormat
  /** The most rows; all that follow if absent. */
  limit?: number
  /** The only file whose rows are read; all, by path, if absent. */
  path?: string
  /** The row to begin with, from 0: among those of all files, or of the one file. */
  row?: number
  /**
   * Whether rows that cannot be read are left out, as a preview does; a file with such rows is refused otherwise.
   */
  skipBadRows?: boolean
}

/** Makes a new revision of an endpoint and runs it; the one before answers until the new one is ready. */
export interface RedeployEndpoint {
  /** Which. */
  endpointId: EndpointId
  /** What it takes, all of it; the same if absent. */
  limits?: EndpointLimits
  /** The model; the same if absent. */
  modelId?: ModelId
}

/** Makes an old version the newest again: a draft with its files and the next number of its name. */
export interface RestoreDatasetVersion {
  /** The version whose files come back, as `1.0.0`. */
  version: string
  /** A version of the dataset. */
  datasetId: DatasetId
  /** What changed; that it was restored if absent. */
  changeLog?: string
}

/** Decides on a dataset under review. */
export interface ReviewDataset {
  /** Its version, which must be the one the reviewer looked at. */
  version: string
  /** Which. */
  datasetId: DatasetId
  /** The decision. */
  decision: DatasetDecision
  /** The digest of the files the reviewer looked at. When given, other bytes are a conflict. */
  digest?: string
  /** Why; at most 10,000 characters. Needed to reject or to request changes. */
  notes?: string
}

/** Decides on a model under review. */
export interface ReviewModel {
  /** Its version, which must be the one the reviewer looked at. */
  version: string
  /** The decision. */
  decision: ReviewDecision
  /** Which. */
  modelId: ModelId
  /**
   * That the reviewer has read the programs of the model. Needed to approve one that has any: Python files, or JSON
   * with
   * `auto_map` or `trust_remote_code`.
   */
  codeReviewed?: boolean
  /** The digest of the files the reviewer looked at. When given, other bytes are a conflict. */
  digest?: string
  /** Why; at most 10,000 characters. Needed to reject or to request changes. */
  notes?: string
}

/** Asks to revoke an API key. */
export interface RevokeApiKey {
  /** Which. */
  keyId: KeyId
}

/** Takes an alias back to the version it meant before. Once more goes back one further. */
export interface RollBackModelAlias {
  /** The model's name. */
  name: string
  /** Which. */
  alias: string
  /** Why; kept with the move. */
  notes?: string
}

/** Returns an endpoint to an earlier revision; while that one still runs it answers at once. */
export interface RollbackEndpoint {
  /** Which. */
  endpointId: EndpointId
  /** The revision; the one that answered before if absent. */
  revision?: number
}

/** Asks for a new master key. */
export interface RotateCredentials {
}

/** Asks for scores of answers that exist already. */
export interface ScoreRequest {
  /** What to compute, 1 to 32: names, or names with options. */
  metrics: MetricSpec[]
  /** The answers with their references, 1 to 100,000. */
  pairs: ScoredPair[]
}

/** Looks for models here and in a registry. */
export interface SearchCatalog {
  /** A part of the name; here also a tag, as a whole and in its own letter case. */
  text: string
  /** Where it answers; its own address if absent. */
  baseUrl?: string
  /** The stored key to show there. */
  credentialId?: CredentialId
  /** The most of each, 1 to 100; 20 if absent. */
  limit?: number
  /** Which registry to ask as well; `huggingface` if absent. */
  registry?: string
}

/** Finds runs. */
export interface SearchRuns {
  /** Where the page before ended. */
  cursor?: string
  /**
   * As `metrics.loss < 0.5 AND (params.lr = '0.001' OR tags.team = 'core') AND status = 'finished'`. Comparisons are
   * `=`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `ILIKE`; AND binds closer than OR. Times are milliseconds
   * since 1970; ILIKE ignores the case of ASCII letters. At most 4,096 characters and 32 comparisons.
   */
  filter?: string
  /** The most runs of a page, 1 to 1000; 50 if absent. */
  limit?: number
  /**
   * `startedAt`, `name` or `metrics.NAME`, with `-` in front for the reverse; `-startedAt` if absent. Ordered by a
   * metric,
   * runs without a finite value of it are left out.
   */
  orderBy?: string
}

/** Moves a dataset on in its life. */
export interface SetDatasetStatus {
  /** Where to. */
  status: DatasetStatus
  /** Which. */
  datasetId: DatasetId
  /** Why; kept with the review when the move is one. */
  notes?: string
}

/** Lets an alias of a model's name mean a version, whether it was there before or not. */
export interface SetModelAlias {
  /** The model's name. */
  name: string
  /** The version it shall mean. */
  version: string
  /**
   * `production`, `staging` or a word of your own: small letters, digits, `-`, `_` and `.`, at most 64, the first a
   * letter. `production` takes approved versions only; `latest` and `main` always mean the newest and are not set.
   */
  alias: string
  /** The version's type; needed where the name has this version in several types. */
  type?: ModelType
  /** Why; kept with the move. */
  notes?: string
}

/** Moves a model on in its life. */
export interface SetModelStatus {
  /** Where to. */
  status: ModelStatus
  /** Which. */
  modelId: ModelId
  /** Why; kept with the review when the move is one. */
  notes?: string
}

/**
 * Sends the bytes of one file: a form with one file, or the bytes as they are. A form without a file, of bytes that
 * wait already or that a file of this name has, reads those: `sha256` says which.
 */
export interface StageDatasetFile {
  /** A dataset of the name that they are for. */
  datasetId: DatasetId
  /** What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent. */
  delimiter?: string
  /** What the text is written in, when it is not UTF-8, as `upload_dataset_files` takes it. Found out if absent. */
  encoding?: string
  /** The format, when the path's ending does not tell: `csv`, `jsonl` or `text`. */
  format?: DataFormat
  /**
   * Whether the bytes are a list in the file's place, of the runs of pieces that the file is: a line `PACK FROM TO`
   * each, with the
   * name of a pack that you have sent, the first piece counted from 0, and the piece before which the run ends.
   */
  fromPacks?: boolean
  /** Whether a table's first record names its columns. Found out if absent. */
  header?: boolean
  /**
   * The name of a pack, 64 hexadecimal digits. The bytes are one then, and no file: pieces that are packed by
   * themselves, as Xet's
   * xorbs, of which files are put together for a day.
   */
  pack?: string
  /**
   * The path that a commit will give them: they are unpacked and read as what it claims. Without one they only wait,
   * and are staged
   * once more, without bytes, when it is known.
   */
  path?: string
  /** The SHA-256 that they must have as they are sent, in hex. */
  sha256?: string
}

/**
 * Sends the bytes of one file: a form with one file, or the bytes as they are. Its name says nothing of where it will
 * go.
 */
export interface StageModelFile {
  /** A model of the name that they are for. */
  modelId: ModelId
  /**
   * Whether the bytes are a list in the file's place, of the runs of pieces that the file is: a line `PACK FROM TO`
   * each, with the
   * name of a pack that you have sent, the first piece counted from 0, and the piece before which the run ends.
   */
  fromPacks?: boolean
  /**
   * The name of a pack, 64 hexadecimal digits. The bytes are one then, and no file: pieces that are packed by
   * themselves, as Xet's
   * xorbs, of which files are put together for a day.
   */
  pack?: string
  /** The SHA-256 that they must have, in hex. */
  sha256?: string
}

/** Starts an evaluation of a model, which need not be deployed, or of an endpoint: exactly one of them. */
export interface StartEvaluation {
  /** The dataset version to evaluate over; it must be approved. */
  datasetId: DatasetId
  /** What to compute, 1 to 32. Over plain text only `perplexity` and `bits_per_byte` mean something. */
  metrics: MetricSpec[]
  /** Its name, at most 128 characters; made from the model and the dataset if absent. */
  name?: string
  /** How many samples are asked at a time, 1 to 64; 8 if absent, over an endpoint 4. */
  concurrency?: number
  /** The endpoint to evaluate. It is asked through the gateway. */
  endpointId?: EndpointId
  /** Only so many samples, from the first on; 1 to 100,000. */
  limit?: number
  /** The model to evaluate. It answers in a process of its own, whatever its status. */
  modelId?: ModelId
  /** How answers are made. */
  parameters?: EvaluationParameters
}

/** Asks for what the replicas of an endpoint write. */
export interface StreamEndpointLogs {
  /** Which endpoint. */
  endpointId: EndpointId
  /** Whether to go on with what they write from now on; otherwise the stream ends with what there is. */
  follow?: boolean
}

/** Asks for what a job wrote, all attempts in order. */
export interface StreamJobLogs {
  /** Which. */
  jobId: JobId
  /** Which output; both, each attempt's words before its events, if absent. */
  channel?: JobLogChannel
  /** Whether to go on until the job has ended; otherwise the stream ends with what there is. */
  follow?: boolean
}

/** Submits a job, or asks what it would need. */
export interface SubmitJob {
  /** The approved dataset: of type `sft_pair` for `finetune`, `pretrain_corpus` otherwise. */
  datasetId: DatasetId
  /** How it trains. */
  jobType: TrainingJobType
  /** What it is called: as a model's name, at most 128 characters. Made from its type and its data if absent. */
  name?: string
  /** The shape of the model to be made; required unless `finetune`, where the base model has one. */
  architecture?: TrainingArchitecture
  /** Steps between two checkpoints, 1 to 1,000,000; 50 if absent. */
  checkpointEvery?: number
  /** Whether to check and estimate only: the job that would be is answered, and there is none. */
  dryRun?: boolean
  /** Measuring while training; nothing is kept aside if absent. */
  evaluation?: TrainingEvaluation
  /** Whether it may run on the CPU when there is no GPU; no if absent. */
  gpuFallback?: boolean
  /** How training goes about it. */
  hyperparams?: TrainingHyperparams
  /** The matrices of LoRA. */
  lora?: LoraSettings
  /** Seconds an attempt may run, 1 to 2,592,000 (30 days); 86,400 if absent. */
  maxDurationSeconds?: number
  /** Which weights are trained; `full` if absent, and always from scratch. */
  method?: TrainingMethod
  /** The family of the architecture: `llama` or `mistral`; the base model's, or `llama`, if absent. */
  modelFamily?: string
  /** The approved model that is trained further; only for `finetune`, where it is required. */
  modelId?: ModelId
  /** What the model is called that comes out. */
  output?: TrainingOutput
  /** -100 to 100, higher goes first; 0 if absent. */
  priority?: number
  /** What it may use. */
  resources?: TrainingResources
  /** What happens after a failure that trying again can help. */
  retryPolicy?: JobRetryPolicy
  /** Whether it needs a GPU; no if absent. */
  useGpu?: boolean
}

/** Tests an external model. */
export interface TestModel {
  /** Which. */
  modelId: ModelId
}

/** Names a deleted dataset. */
export interface TrashedDataset {
  /** Which. */
  datasetId: DatasetId
}

/** Names a deleted model. */
export interface TrashedModel {
  /** Which. */
  modelId: ModelId
}

/** Changes a dataset, as a JSON merge patch (RFC 7396) does: what is absent stays. */
export interface UpdateDataset {
  /** Which. */
  datasetId: DatasetId
  /** What it is for. Only in draft; the dataset is to be validated again. */
  type?: DatasetType
  /** What changed since the version before; `null` for nothing that is told. */
  changeLog?: string | null
  /**
   * Which column plays which part, all of it; `null` for none. Only in draft; the dataset is to be validated again.
   */
  columns?: ColumnRoles | null
  /** Merged into the card as a JSON merge patch: a key with `null` is removed; `null` itself empties the card. */
  metadata?: Record<string, unknown> | null
  /** The team that answers for it; `null` for none. */
  ownerTeam?: string | null
  /** The new tags, all of them; `null` for none. */
  tags?: string[] | null
}

/** Changes an endpoint. What is absent stays. */
export interface UpdateEndpoint {
  /** Which. */
  endpointId: EndpointId
  /** Whether it is to run. */
  status?: EndpointSwitch
  /** What it takes, all of it; other limits are a new revision. */
  limits?: EndpointLimits
  /** How many replicas run, 1 to 16. */
  minReplicas?: number
}

/** Changes a model, as a JSON merge patch (RFC 7396) does: what is absent stays. */
export interface UpdateModel {
  /** Which. */
  modelId: ModelId
  /** Merged into the card as a JSON merge patch: a key with `null` is removed; `null` itself empties the card. */
  metadata?: Record<string, unknown> | null
  /** The family of its architecture, while it is a draft; that which its `config.json` names must be of it. */
  modelFamily?: string
  /** The team that answers for it; `null` for none. */
  ownerTeam?: string | null
  /** The new tags, all of them; `null` for none. */
  tags?: string[] | null
}

/** Changes a run. What is absent stays. */
export interface UpdateRun {
  /** Which. */
  runId: RunId
  /** Its new name. */
  name?: string
  /** Its new status; any but `running` ends it. */
  status?: RunStatus
  /** Parameters to add. One that is there keeps its value; another value is a conflict. */
  params?: Record<string, string>
  /** Tags to set. */
  tags?: Record<string, string>
}

/**
 * Sends files of a dataset. Each part's file name is its path within the dataset. A file compressed with gzip or
 * Zstandard is kept unpacked, under its path without `.gz` or `.zst`; Parquet is kept as JSON lines, under its path
 * with `.jsonl`; text is kept in UTF-8. Files that came before one that is refused stay. A `README.md` is none of the
 * files but the card: its front matter fills what the card lacks, and its text, of at most 1 MiB, is the card's.
 */
export interface UploadDatasetFiles {
  /** Whose files. */
  datasetId: DatasetId
  /** What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent. */
  delimiter?: string
  /**
   * What the text is written in, when it is not UTF-8: a label of the WHATWG standard, as `euc-kr`, `windows-1252`,
   * `shift_jis` or `utf-16le`. Found out if absent; a byte order mark in the file has the last word.
   */
  encoding?: string
  /** The format, when the path's ending does not tell: `csv`, `jsonl` or `text`. */
  format?: DataFormat
  /** Whether a table's first record names its columns. Found out if absent. */
  header?: boolean
  /** The path of a body that is sent as it is, without a form. */
  path?: string
  /**
   * Whether other bytes under the same path take the place of the old ones, and another text that of the card;
   * refused
   * otherwise.
   */
  replace?: boolean
  /** The SHA-256 that the file must have as it is sent, in hex; for an upload of one file. */
  sha256?: string
}

/** Sends one part: a form with one file, or the bytes as they are. */
export interface UploadDatasetPart {
  /** Whose file. */
  datasetId: DatasetId
  /** Which part, counted from 0. */
  number: number
  /** Which upload. */
  uploadId: UploadId
  /** The SHA-256 that its bytes must have, in hex. */
  sha256?: string
}

/**
 * Sends files of a model. Each part's file name is its path within the model. Files that came before one that is
 * refused stay.
 */
export interface UploadModelFiles {
  /** Whose files. */
  modelId: ModelId
  /** The path of a body that is sent as it is, without a form. */
  path?: string
  /** Whether other bytes under the same path take the place of the old ones; refused otherwise. */
  replace?: boolean
  /** The SHA-256 the file must have, in hex; for an upload of one file. */
  sha256?: string
}

/** Sends one part: a form with one file, or the bytes as they are. */
export interface UploadModelPart {
  /** Whose file. */
  modelId: ModelId
  /** Which part, counted from 0. */
  number: number
  /** Which upload. */
  uploadId: UploadId
  /** The SHA-256 that its bytes must have, in hex. */
  sha256?: string
}

/**
 * Validates a dataset: structure, personal data, quality. A validation of the same bytes that is under way is joined.
 */
export interface ValidateDataset {
  /** Which. */
  datasetId: DatasetId
  /**
   * Findings of less confidence count for nothing, 0 to 1; 0.5 if absent. With more than 0.8 nothing becomes `clean`.
   * By a
   * policy it only raises what the policy asks for, and then nothing becomes `clean`.
   */
  minConfidence?: number
  /** The kinds of personal data to look for; all if absent. With fewer than all nothing becomes `clean`. */
  piiTypes?: PiiType[]
  /**
   * The policy to search by, in its newest version. If absent the one called `default`; if there is none, everything
   * is
   * searched for and nothing may be found.
   */
  policy?: string
}

/** Asks to verify the log. */
export interface VerifyAuditLogs {
}

/** Asks to verify a model. */
export interface VerifyModel {
  /** Which. */
  modelId: ModelId
}

/** Lets the personal data that a validation found pass. */
export interface WaiveDatasetPii {
  /** Of which dataset. */
  datasetId: DatasetId
  /** Why it may stay, at most 2,000 characters. */
  reason: string
  /** The validation whose report the reviewer looked at; it must be the last one. */
  validationId: string
}

/** Asks to be told what changes. */
export interface WatchChanges {
}

/** Follows a run. */
export interface WatchRun {
  /** Which. */
  runId: RunId
  /** Only points after the event with this number; everything so far too when 0; from now on if absent. */
  after?: number
}

/** Takes a waiver back. */
export interface WithdrawPiiWaiver {
  /** Of which dataset. */
  datasetId: DatasetId
}

/** Models, their versions, files, reviews and lineage. */
export interface Catalog {
  /**
   * Registers a model version as a draft.
   *
   * `POST /llm-ops/v1/catalog/models`; needs `catalog:create`
   */
  createModel(request: CreateModel, options?: CreateOptions): Promise<Model>
  /**
   * Lists models, newest first unless asked otherwise.
   *
   * `GET /llm-ops/v1/catalog/models`; needs `catalog:read`
   */
  listModels(request?: ListModels, options?: CallOptions): Promise<Page<Model>>
  /**
   * Lists the families that models may be of, with the architectures that each has.
   *
   * `GET /llm-ops/v1/catalog/families`; needs `catalog:read`
   */
  listModelFamilies(request?: ListModelFamilies, options?: CallOptions): Promise<ModelFamilies>
  /**
   * Reads one model.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:read`
   */
  getModel(request: GetModel, options?: CallOptions): Promise<Model>
  /**
   * Changes a model's card, tags or team; what is not sent stays. Honours `If-Match`.
   *
   * `PATCH /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:update`
   */
  updateModel(request: UpdateModel, options?: ChangeOptions): Promise<Model>
  /**
   * Asks the provider of an external model for the models it offers, which costs nothing: whether it answers and
   * takes the
   * key, how fast, and whether the model is among them.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/test`; needs `catalog:update`
   */
  testModel(request: TestModel, options?: CallOptions): Promise<ExternalTest>
  /**
   * Moves a model on in its life. Approving and rejecting need the reviewer's permission as well.
   *
   * `PATCH /llm-ops/v1/catalog/models/{modelId}/status`; needs `catalog:update`
   */
  setModelStatus(request: SetModelStatus, options?: ChangeOptions): Promise<Model>
  /**
   * Decides on a model under review. The decision is bound to the digest of its files. Where the project's policy
   * wants
   * several approvals, the model stays under review until the last.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/versions/{version}/approve`; needs `catalog:approve`
   */
  reviewModel(request: ReviewModel, options?: CreateOptions): Promise<Model>
  /**
   * Says what stands between a model and its approval now: each gate, whether it passed, why, and what to call.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/gates`; needs `catalog:read`
   */
  getModelGates(request: GetModelGates, options?: CallOptions): Promise<ModelGates>
  /**
   * Writes what models must have before they are approved: evaluations, licenses, approvals. Other content is the
   * next
   * version.
   *
   * `PUT /llm-ops/v1/catalog/approval-policy`; needs `catalog:policy`
   */
  putModelApprovalPolicy(request?: PutModelApprovalPolicy, options?: ChangeOptions): Promise<ModelApprovalPolicy>
  /**
   * Reads the project's approval policy, in its newest version or an older one.
   *
   * `GET /llm-ops/v1/catalog/approval-policy`; needs `catalog:read`
   */
  getModelApprovalPolicy(request?: GetModelApprovalPolicy, options?: CallOptions): Promise<ModelApprovalPolicy>
  /**
   * Lists the versions of the project's approval policy, newest first.
   *
   * `GET /llm-ops/v1/catalog/approval-policy/versions`; needs `catalog:read`
   */
  listModelApprovalPolicies(request?: ListModelApprovalPolicies, options?: CallOptions): Promise<Page<ModelApprovalPolicy>>
  /**
   * Sends the model's card as a `README.md` of the Hub: its fields and tags as front matter, and below what the
   * model's own
   * `README.md` says, of which 1 MiB is read.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/card`; needs `catalog:read`
   */
  downloadModelCard(request: GetModel, options?: CallOptions): Promise<Download>
  /**
   * Lists the decisions on a model, newest first.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/reviews`; needs `catalog:read`
   */
  listModelReviews(request: ListModelReviews, options?: CallOptions): Promise<Page<ModelReview>>
  /**
   * Lists the versions of a model's name, newest first.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/versions`; needs `catalog:read`
   */
  listModelVersions(request: ListModelVersions, options?: CallOptions): Promise<Page<Model>>
  /**
   * Compares two versions of a model's name: card, files and scores.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/versions/{a}/compare/{b}`; needs `catalog:read`
   */
  compareModelVersions(request: CompareModelVersions, options?: CallOptions): Promise<ModelComparison>
  /**
   * Lets an alias of a model's name, as `production`, mean a version.
   *
   * `PUT /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:update`
   */
  setModelAlias(request: SetModelAlias, options?: ChangeOptions): Promise<ModelAlias>
  /**
   * Lists aliases by the models' names.
   *
   * `GET /llm-ops/v1/catalog/aliases`; needs `catalog:read`
   */
  listModelAliases(request?: ListModelAliases, options?: CallOptions): Promise<Page<ModelAlias>>
  /**
   * Tells which version an alias means.
   *
   * `GET /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:read`
   */
  getModelAlias(request: GetModelAlias, options?: CallOptions): Promise<ModelAlias>
  /**
   * Takes an alias back to the version it meant before.
   *
   * `POST /llm-ops/v1/catalog/aliases/{name}/{alias}/rollback`; needs `catalog:update`
   */
  rollBackModelAlias(request: RollBackModelAlias, options?: CreateOptions): Promise<ModelAlias>
  /**
   * Lists where an alias pointed, newest first.
   *
   * `GET /llm-ops/v1/catalog/aliases/{name}/{alias}/moves`; needs `catalog:read`
   */
  listModelAliasMoves(request: ListModelAliasMoves, options?: CallOptions): Promise<Page<ModelAliasMove>>
  /**
   * Deletes an alias. The version it meant stays.
   *
   * `DELETE /llm-ops/v1/catalog/aliases/{name}/{alias}`; needs `catalog:update`
   */
  deleteModelAlias(request: GetModelAlias, options?: ChangeOptions): Promise<DeletedModelAlias>
  /**
   * Receives files of a model. Each is checked as what it claims to be; changed bytes return the model to draft.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/upload`; needs `catalog:upload`
   */
  uploadModelFiles(request: UploadModelFiles, files: Files, options?: CallOptions): Promise<UploadedFiles>
  /**
   * Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after the
   * last
   * part it may be gone on with, by whoever may upload.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/uploads`; needs `catalog:upload`
   */
  createModelUpload(request: CreateModelUpload, options?: CreateOptions): Promise<ModelUpload>
  /**
   * Lists the uploads of a model, newest first; those that are complete for a day.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/uploads`; needs `catalog:read`
   */
  listModelUploads(request: ListModelUploads, options?: CallOptions): Promise<Page<ModelUpload>>
  /**
   * Says how far an upload is, and which parts are missing.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}`; needs `catalog:read`
   */
  getModelUpload(request: GetModelUpload, options?: CallOptions): Promise<ModelUpload>
  /**
   * Receives one part. The same bytes may be sent again.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}/parts/{number}`; needs `catalog:upload`
   */
  uploadModelPart(request: UploadModelPart, files: Files, options?: CallOptions): Promise<UploadPart>
  /**
   * Says that all parts came. The whole is read and checked in the background; the upload's state says when it is one
   * of
   * the model's files.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}/complete`; needs `catalog:upload`
   */
  completeModelUpload(request: CompleteModelUpload, options?: CreateOptions): Promise<ModelUpload>
  /**
   * Gives an upload up. Its parts are deleted in the background.
   *
   * `DELETE /llm-ops/v1/catalog/models/{modelId}/uploads/{uploadId}`; needs `catalog:upload`
   */
  abortModelUpload(request: AbortModelUpload, options?: ChangeOptions): Promise<ModelUpload>
  /**
   * Receives bytes of a file that a commit will name. For a day they count for their sender, and for models of this
   * name.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/staged`; needs `catalog:upload`
   */
  stageModelFile(request: StageModelFile, files: Files, options?: CallOptions): Promise<StagedModelFile>
  /**
   * Adds, replaces and removes files of a model, all of them or none. A model that is no draft stays as it is: a
   * draft of
   * the next version begins with its files, which needs `catalog:create` as well.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/commit`; needs `catalog:upload`
   */
  commitModelFiles(request: CommitModelFiles, options?: CreateOptions): Promise<Model>
  /**
   * Begins to take a model over from a registry. What there is, is asked in the background, and comes into a draft
   * file by
   * file; whatever is cut short goes on where it was.
   *
   * `POST /llm-ops/v1/catalog/models/import`; needs `catalog:create`
   */
  importModel(request: ImportModel, options?: CreateOptions): Promise<ModelImport>
  /**
   * Lists imports, newest first.
   *
   * `GET /llm-ops/v1/catalog/imports`; needs `catalog:read`
   */
  listModelImports(request?: ListModelImports, options?: CallOptions): Promise<Page<ModelImport>>
  /**
   * Says how far an import is.
   *
   * `GET /llm-ops/v1/catalog/imports/{importId}`; needs `catalog:read`
   */
  getModelImport(request: GetModelImport, options?: CallOptions): Promise<ModelImport>
  /**
   * Follows an import until it is over.
   *
   * `GET /llm-ops/v1/catalog/imports/{importId}/events`; needs `catalog:read`
   */
  watchModelImport(request: GetModelImport, options?: CallOptions): Stream<ModelImport>
  /**
   * Goes on with an import that failed, of the commit that it began with.
   *
   * `POST /llm-ops/v1/catalog/imports/{importId}/resume`; needs `catalog:create`
   */
  resumeModelImport(request: GetModelImport, options?: CreateOptions): Promise<ModelImport>
  /**
   * Gives an import up. The files that came stay with the draft.
   *
   * `POST /llm-ops/v1/catalog/imports/{importId}/cancel`; needs `catalog:create`
   */
  cancelModelImport(request: GetModelImport, options?: CreateOptions): Promise<ModelImport>
  /**
   * Lists where a model was taken over from, the latest first.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/registry-links`; needs `catalog:read`
   */
  listModelRegistryLinks(request: ListModelRegistryLinks, options?: CallOptions): Promise<Page<ModelImport>>
  /**
   * Begins to send an approved model to a registry: its verified files, and its card as `README.md`. What is there
   * already is
   * not sent again, and whatever is cut short goes on where it was.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/export`; needs `catalog:export`
   */
  exportModel(request: ExportModel, options?: CreateOptions): Promise<ModelExport>
  /**
   * Lists exports, newest first.
   *
   * `GET /llm-ops/v1/catalog/exports`; needs `catalog:read`
   */
  listModelExports(request?: ListModelExports, options?: CallOptions): Promise<Page<ModelExport>>
  /**
   * Says how far an export is.
   *
   * `GET /llm-ops/v1/catalog/exports/{exportId}`; needs `catalog:read`
   */
  getModelExport(request: GetModelExport, options?: CallOptions): Promise<ModelExport>
  /**
   * Follows an export until it is over.
   *
   * `GET /llm-ops/v1/catalog/exports/{exportId}/events`; needs `catalog:read`
   */
  watchModelExport(request: GetModelExport, options?: CallOptions): Stream<ModelExport>
  /**
   * Goes on with an export that failed, of the files that it began with.
   *
   * `POST /llm-ops/v1/catalog/exports/{exportId}/resume`; needs `catalog:export`
   */
  resumeModelExport(request: GetModelExport, options?: CreateOptions): Promise<ModelExport>
  /**
   * Gives an export up. What was sent stays where it is.
   *
   * `POST /llm-ops/v1/catalog/exports/{exportId}/cancel`; needs `catalog:export`
   */
  cancelModelExport(request: GetModelExport, options?: CreateOptions): Promise<ModelExport>
  /**
   * Asks the registry that a model came from whether its revision means another commit by now.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/check-updates`; needs `catalog:update`
   */
  checkModelUpdates(request: CheckModelUpdates, options?: CallOptions): Promise<ModelUpdates>
  /**
   * Looks for models in the catalog and in a registry together. That the registry does not answer is part of what was
   * found.
   *
   * `GET /llm-ops/v1/catalog/search`; needs `catalog:update`
   */
  searchCatalog(request: SearchCatalog, options?: CallOptions): Promise<FoundModels>
  /**
   * Lists the files of a model, by path.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/files`; needs `catalog:read`
   */
  listModelFiles(request: ListModelFiles, options?: CallOptions): Promise<Page<ModelFile>>
  /**
   * Sends one file of a model, or a range of it.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/files/{path}`; needs `catalog:read`
   */
  downloadModelFile(request: DownloadModelFile, options?: CallOptions): Promise<Download>
  /**
   * Reads every file again and compares its digest. What is damaged is written down, and so is what is whole again.
   *
   * `POST /llm-ops/v1/catalog/models/{modelId}/verify`; needs `catalog:read`
   */
  verifyModel(request: VerifyModel, options?: CallOptions): Promise<ModelVerification>
  /**
   * Deletes a model nothing depends on. It waits in the trash if the platform has one; else its files follow at once.
   * The
   * audit keeps who and what.
   *
   * `DELETE /llm-ops/v1/catalog/models/{modelId}`; needs `catalog:delete`
   */
  deleteModel(request: DeleteModel, options?: ChangeOptions): Promise<DeletedModel>
  /**
   * Lists the deleted models that can be brought back, the last deleted first.
   *
   * `GET /llm-ops/v1/catalog/trash/models`; needs `catalog:read`
   */
  listTrashedModels(request?: ListTrashedModels, options?: CallOptions): Promise<Page<TrashedItem>>
  /**
   * Brings a deleted model back as it was: files, card, tags and status. The key of an external model does not come
   * back.
   *
   * `POST /llm-ops/v1/catalog/trash/models/{modelId}/restore`; needs `catalog:delete`
   */
  restoreModel(request: TrashedModel, options?: CreateOptions): Promise<Model>
  /**
   * Lets a deleted model go for good. Its files follow.
   *
   * `DELETE /llm-ops/v1/catalog/trash/models/{modelId}`; needs `catalog:delete`
   */
  purgeModel(request: TrashedModel, options?: ChangeOptions): Promise<DeletedModel>
  /**
   * Lists the models that were deleted for good, the last deleted first, and whether their bytes are gone.
   *
   * `GET /llm-ops/v1/catalog/deletions/models`; needs `catalog:read`
   */
  listModelDeletions(request?: ListTrashedModels, options?: CallOptions): Promise<Page<Deletion>>
  /**
   * Tells what became of the bytes of a model that was deleted for good: gone or not, how often that failed and why.
   *
   * `GET /llm-ops/v1/catalog/deletions/models/{modelId}`; needs `catalog:read`
   */
  getModelDeletion(request: TrashedModel, options?: CallOptions): Promise<Deletion>
  /**
   * Shows all that a model came from and all that came of it: datasets, jobs, models, evaluations and endpoints.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/lineage`; needs `catalog:read`
   */
  getModelLineage(request: GetModelLineage, options?: CallOptions): Promise<LineageGraph>
  /**
   * Follows a model: its present state, then each change.
   *
   * `GET /llm-ops/v1/catalog/models/{modelId}/events`; needs `catalog:read`
   */
  watchModel(request: GetModel, options?: CallOptions): Stream<Model>
}

/** Datasets, their versions, what they hold and whether they may be used. */
export interface Datasets {
  /**
   * Registers a dataset version as a draft without files.
   *
   * `POST /llm-ops/v1/catalog/datasets`; needs `datasets:create`
   */
  createDataset(request: CreateDataset, options?: CreateOptions): Promise<Dataset>
  /**
   * Lists datasets, newest first unless asked otherwise.
   *
   * `GET /llm-ops/v1/catalog/datasets`; needs `datasets:read`
   */
  listDatasets(request?: ListDatasets, options?: CallOptions): Promise<Page<Dataset>>
  /**
   * Reads one dataset.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:read`
   */
  getDataset(request: GetDataset, options?: CallOptions): Promise<Dataset>
  /**
   * Changes a dataset's card, tags, team, change log, type or column parts; what is not sent stays. Honours
   * `If-Match`.
   *
   * `PATCH /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:update`
   */
  updateDataset(request: UpdateDataset, options?: ChangeOptions): Promise<Dataset>
  /**
   * Sends the dataset's card as a `README.md` of the Hub: its fields and tags as front matter, and the text below.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/card`; needs `datasets:read`
   */
  downloadDatasetCard(request: DownloadDatasetCard, options?: CallOptions): Promise<Download>
  /**
   * Receives files of a dataset: CSV, JSON lines, Parquet or plain text. Their structure is recorded at once. A
   * `README.md` is its card.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/upload`; needs `datasets:upload`
   */
  uploadDatasetFiles(request: UploadDatasetFiles, files: Files, options?: CallOptions): Promise<UploadedDatasetFiles>
  /**
   * Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after the
   * last
   * part it may be gone on with, by whoever may upload.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads`; needs `datasets:upload`
   */
  createDatasetUpload(request: CreateDatasetUpload, options?: CreateOptions): Promise<DatasetUpload>
  /**
   * Lists the uploads of a dataset, newest first; those that are complete for a day.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/uploads`; needs `datasets:read`
   */
  listDatasetUploads(request: ListDatasetUploads, options?: CallOptions): Promise<Page<DatasetUpload>>
  /**
   * Says how far an upload is, and which parts are missing.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}`; needs `datasets:read`
   */
  getDatasetUpload(request: GetDatasetUpload, options?: CallOptions): Promise<DatasetUpload>
  /**
   * Receives one part. The same bytes may be sent again.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}/parts/{number}`; needs `datasets:upload`
   */
  uploadDatasetPart(request: UploadDatasetPart, files: Files, options?: CallOptions): Promise<UploadPart>
  /**
   * Says that all parts came. The whole is unpacked and understood in the background; the upload's state says when it
   * is
   * one of the dataset's files.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}/complete`; needs `datasets:upload`
   */
  completeDatasetUpload(request: CompleteDatasetUpload, options?: CreateOptions): Promise<DatasetUpload>
  /**
   * Gives an upload up. Its parts are deleted in the background.
   *
   * `DELETE /llm-ops/v1/catalog/datasets/{datasetId}/uploads/{uploadId}`; needs `datasets:upload`
   */
  abortDatasetUpload(request: AbortDatasetUpload, options?: ChangeOptions): Promise<DatasetUpload>
  /**
   * Receives bytes of a file that a commit will name, and reads them as what their path claims. For a day they count
   * for
   * their sender, and for datasets of this name.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/staged`; needs `datasets:upload`
   */
  stageDatasetFile(request: StageDatasetFile, files: Files, options?: CallOptions): Promise<StagedDatasetFile>
  /**
   * Adds, replaces and removes files of a dataset, all of them or none, and puts a `README.md` in the place of its
   * card. A
   * version that does not change any more stays as it is: a draft of the next version begins with its files, which
   * needs
   * `datasets:create` as well.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/commit`; needs `datasets:upload`
   */
  commitDatasetFiles(request: CommitDatasetFiles, options?: CreateOptions): Promise<Dataset>
  /**
   * Lists the files of a dataset, by path.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/files`; needs `datasets:read`
   */
  listDatasetFiles(request: ListDatasetFiles, options?: CallOptions): Promise<Page<DatasetFile>>
  /**
   * Sends one file of a dataset, or a range of it.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/files/{path}`; needs `datasets:read`
   */
  downloadDatasetFile(request: DownloadDatasetFile, options?: CallOptions): Promise<Download>
  /**
   * Shows rows of a dataset. Only what is shown is read.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/preview`; needs `datasets:read`
   */
  previewDataset(request: PreviewDataset, options?: CallOptions): Promise<DatasetPreview>
  /**
   * Sends the rows of a dataset, those of all its files or of one: as JSON lines, as an Arrow stream, or as a Parquet
   * file.
   * They are read as they are taken, and what cannot be read ends the download with an error.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/rows`; needs `datasets:read`
   */
  readDatasetRows(request: ReadDatasetRows, options?: CallOptions): Promise<Download>
  /**
   * Shows what each column holds: types, missing and different values, numbers, lengths, frequent values.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/statistics`; needs `datasets:read`
   */
  getDatasetStatistics(request: GetDatasetStatistics, options?: CallOptions): Promise<DatasetStatistics>
  /**
   * Begins a validation: structure, personal data, quality. Follow it with `watch_dataset`.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/validation`; needs `datasets:update`
   */
  validateDataset(request: ValidateDataset, options?: CreateOptions): Promise<DatasetValidation>
  /**
   * Reads the last validation: how far it is, or its report.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/validation`; needs `datasets:read`
   */
  getDatasetValidation(request: GetDatasetValidation, options?: CallOptions): Promise<DatasetValidation>
  /**
   * Follows the last validation: how far it is, then its report, with which the stream ends.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/validation/events`; needs `datasets:read`
   */
  watchDatasetValidation(request: GetDatasetValidation, options?: CallOptions): Stream<DatasetValidation>
  /**
   * Lets the personal data that one validation found pass, if its policy allows that. Nothing else is waived, and the
   * dataset stays `failed`. Other bytes or another validation end it.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/validation/waiver`; needs `datasets:approve`
   */
  waiveDatasetPii(request: WaiveDatasetPii, options?: CreateOptions): Promise<Dataset>
  /**
   * Takes a waiver back before the dataset is approved.
   *
   * `DELETE /llm-ops/v1/catalog/datasets/{datasetId}/validation/waiver`; needs `datasets:approve`
   */
  withdrawPiiWaiver(request: WithdrawPiiWaiver, options?: ChangeOptions): Promise<Dataset>
  /**
   * Writes a policy: what is searched for, what may be found, and the least quality. Other content is the next
   * version.
   *
   * `PUT /llm-ops/v1/catalog/pii-policies/{name}`; needs `datasets:policy`
   */
  putPiiPolicy(request: PutPiiPolicy, options?: ChangeOptions): Promise<PiiPolicy>
  /**
   * Reads a policy for personal data, in its newest version or an older one.
   *
   * `GET /llm-ops/v1/catalog/pii-policies/{name}`; needs `datasets:read`
   */
  getPiiPolicy(request: GetPiiPolicy, options?: CallOptions): Promise<PiiPolicy>
  /**
   * Lists the project's policies for personal data, by name.
   *
   * `GET /llm-ops/v1/catalog/pii-policies`; needs `datasets:read`
   */
  listPiiPolicies(request?: ListPiiPolicies, options?: CallOptions): Promise<Page<PiiPolicy>>
  /**
   * Moves a dataset on in its life. Approving and rejecting need the reviewer's permission as well.
   *
   * `PATCH /llm-ops/v1/catalog/datasets/{datasetId}/status`; needs `datasets:update`
   */
  setDatasetStatus(request: SetDatasetStatus, options?: ChangeOptions): Promise<Dataset>
  /**
   * Decides on a dataset under review. The decision is bound to the digest of its files.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/approve`; needs `datasets:approve`
   */
  reviewDataset(request: ReviewDataset, options?: CreateOptions): Promise<Dataset>
  /**
   * Lists the decisions on a dataset, newest first.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/reviews`; needs `datasets:read`
   */
  listDatasetReviews(request: ListDatasetReviews, options?: CallOptions): Promise<Page<DatasetReview>>
  /**
   * Lists the versions of a dataset's name, newest first.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions`; needs `datasets:read`
   */
  listDatasetVersions(request: ListDatasetVersions, options?: CallOptions): Promise<Page<Dataset>>
  /**
   * Says what all versions of a dataset's name take in the object store, and what is saved because versions share
   * what they have in common.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/storage`; needs `datasets:read`
   */
  getDatasetStorage(request: GetDatasetStorage, options?: CallOptions): Promise<DatasetStorage>
  /**
   * Begins a new version from this one, empty or with its files.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions`; needs `datasets:create`
   */
  createDatasetVersion(request: CreateDatasetVersion, options?: CreateOptions): Promise<Dataset>
  /**
   * Says how two versions differ: rows added, removed and modified, columns, and how their values are spread.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions/{a}/compare/{b}`; needs `datasets:read`
   */
  compareDatasetVersions(request: CompareDatasetVersions, options?: CallOptions): Promise<DatasetComparison>
  /**
   * Says how a version differs from the one it came from, or from another: the same answer as
   * `compare_dataset_versions`.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/diff`; needs `datasets:read`
   */
  diffDatasetVersion(request: DiffDatasetVersion, options?: CallOptions): Promise<DatasetComparison>
  /**
   * Begins a new version with the files of an old one, none of them stored again.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/versions/{version}/restore`; needs `datasets:create`
   */
  restoreDatasetVersion(request: RestoreDatasetVersion, options?: CreateOptions): Promise<Dataset>
  /**
   * Begins to make a dataset from this one: split, filter, map, dedupe, redact, sample, convert, or by numbers of
   * tokens.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/derive`; needs `datasets:create`
   */
  deriveDataset(request: DeriveDataset, options?: CreateOptions): Promise<DatasetDerivation>
  /**
   * Lists the derivations from a dataset, newest first.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations`; needs `datasets:read`
   */
  listDatasetDerivations(request: ListDatasetDerivations, options?: CallOptions): Promise<Page<DatasetDerivation>>
  /**
   * Reads a derivation: how far it is, and what it makes.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}`; needs `datasets:read`
   */
  getDatasetDerivation(request: GetDatasetDerivation, options?: CallOptions): Promise<DatasetDerivation>
  /**
   * Follows a derivation until it ends.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}/events`; needs `datasets:read`
   */
  watchDatasetDerivation(request: GetDatasetDerivation, options?: CallOptions): Stream<DatasetDerivation>
  /**
   * Ends a derivation before it made anything.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/derivations/{derivationId}/cancel`; needs `datasets:create`
   */
  cancelDatasetDerivation(request: CancelDatasetDerivation, options?: CreateOptions): Promise<DatasetDerivation>
  /**
   * Begins to look for the rows of this dataset in others, or in all that a model learned from.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/contamination`; needs `datasets:update`
   */
  checkDatasetContamination(request: CheckDatasetContamination, options?: CreateOptions): Promise<ContaminationCheck>
  /**
   * Lists the contamination checks of a dataset, newest first, without the rows they show.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination`; needs `datasets:read`
   */
  listContaminationChecks(request: ListContaminationChecks, options?: CallOptions): Promise<Page<ContaminationCheck>>
  /**
   * Reads a contamination check: how far it is, or its report with rows of both sides.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}`; needs `datasets:read`
   */
  getContaminationCheck(request: GetContaminationCheck, options?: CallOptions): Promise<ContaminationCheck>
  /**
   * Follows a contamination check until it ends.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}/events`; needs `datasets:read`
   */
  watchContaminationCheck(request: GetContaminationCheck, options?: CallOptions): Stream<ContaminationCheck>
  /**
   * Ends a contamination check before it found anything.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/contamination/{checkId}/cancel`; needs `datasets:update`
   */
  cancelContaminationCheck(request: CancelContaminationCheck, options?: CreateOptions): Promise<ContaminationCheck>
  /**
   * Begins to count the tokens of a dataset with the tokenizer of a model.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/tokens`; needs `datasets:update`
   */
  countTokens(request: CountTokens, options?: CreateOptions): Promise<TokenCount>
  /**
   * Lists the counts of tokens of a dataset, newest first.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens`; needs `datasets:read`
   */
  listTokenCounts(request: ListTokenCounts, options?: CallOptions): Promise<Page<TokenCount>>
  /**
   * Reads a count of tokens: how far it is, or what was counted.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}`; needs `datasets:read`
   */
  getTokenCount(request: GetTokenCount, options?: CallOptions): Promise<TokenCount>
  /**
   * Follows a count of tokens until it ends.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}/events`; needs `datasets:read`
   */
  watchTokenCount(request: GetTokenCount, options?: CallOptions): Stream<TokenCount>
  /**
   * Ends a count of tokens before it is done.
   *
   * `POST /llm-ops/v1/catalog/datasets/{datasetId}/tokens/{countId}/cancel`; needs `datasets:update`
   */
  cancelTokenCount(request: CancelTokenCount, options?: CreateOptions): Promise<TokenCount>
  /**
   * Deletes a dataset nothing depends on. It waits in the trash if the platform has one; else its files follow at
   * once. The
   * audit keeps who and what.
   *
   * `DELETE /llm-ops/v1/catalog/datasets/{datasetId}`; needs `datasets:delete`
   */
  deleteDataset(request: DeleteDataset, options?: ChangeOptions): Promise<DeletedDataset>
  /**
   * Lists the deleted datasets that can be brought back, the last deleted first.
   *
   * `GET /llm-ops/v1/catalog/trash/datasets`; needs `datasets:read`
   */
  listTrashedDatasets(request?: ListTrashedDatasets, options?: CallOptions): Promise<Page<TrashedItem>>
  /**
   * Brings a deleted dataset back as it was: files, reviews, the last validation and status.
   *
   * `POST /llm-ops/v1/catalog/trash/datasets/{datasetId}/restore`; needs `datasets:delete`
   */
  restoreDataset(request: TrashedDataset, options?: CreateOptions): Promise<Dataset>
  /**
   * Lets a deleted dataset go for good. Its files follow.
   *
   * `DELETE /llm-ops/v1/catalog/trash/datasets/{datasetId}`; needs `datasets:delete`
   */
  purgeDataset(request: TrashedDataset, options?: ChangeOptions): Promise<DeletedDataset>
  /**
   * Lists the datasets that were deleted for good, the last deleted first, and whether their bytes are gone.
   *
   * `GET /llm-ops/v1/catalog/deletions/datasets`; needs `datasets:read`
   */
  listDatasetDeletions(request?: ListTrashedDatasets, options?: CallOptions): Promise<Page<Deletion>>
  /**
   * Tells what became of the bytes of a dataset that was deleted for good: gone or not, how often that failed and
   * why.
   *
   * `GET /llm-ops/v1/catalog/deletions/datasets/{datasetId}`; needs `datasets:read`
   */
  getDatasetDeletion(request: TrashedDataset, options?: CallOptions): Promise<Deletion>
  /**
   * Shows all that a dataset came from and all that came of it: versions, jobs, models, evaluations and endpoints.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/lineage`; needs `datasets:read`
   */
  getDatasetLineage(request: GetDatasetLineage, options?: CallOptions): Promise<LineageGraph>
  /**
   * Follows a dataset: its present state, then each change.
   *
   * `GET /llm-ops/v1/catalog/datasets/{datasetId}/events`; needs `datasets:read`
   */
  watchDataset(request: GetDataset, options?: CallOptions): Stream<Dataset>
}

/** What work used and what that costs. */
export interface Cost {
  /**
   * Adds up the project's charges by model, project, day or user.
   *
   * `GET /llm-ops/v1/governance/observability/cost-aggregate`; needs `cost:read`
   */
  getCostAggregate(request: GetCostAggregate, options?: CallOptions): Promise<CostAggregate>
  /**
   * Lists the project's charges, newest first. Every filter given must hold.
   *
   * `GET /llm-ops/v1/cost/entries`; needs `cost:read`
   */
  listCostEntries(request?: ListCostEntries, options?: CallOptions): Promise<Page<CostEntry>>
  /**
   * Shows the prices, those in force and those of other times.
   *
   * `GET /llm-ops/v1/cost/prices`; needs `cost:read`
   */
  listCostPrices(request?: ListCostPrices, options?: CallOptions): Promise<CostPriceList>
}

/** How good models are: answers to samples, scored, recorded and compared. */
export interface Evaluation {
  /**
   * Starts an evaluation of a model or an endpoint over an approved dataset version. Follow it with `watch_run`.
   *
   * `POST /llm-ops/v1/evaluation/runs`; needs `evaluation:run`
   */
  startRun(request: StartEvaluation, options?: CreateOptions): Promise<EvaluationRun>
  /**
   * Lists evaluations, newest first.
   *
   * `GET /llm-ops/v1/evaluation/runs`; needs `evaluation:read`
   */
  listRuns(request?: ListEvaluations, options?: CallOptions): Promise<Page<EvaluationRun>>
  /**
   * Compares evaluations over the same samples: values side by side, and whether their differences are chance.
   *
   * `GET /llm-ops/v1/evaluation/runs/compare`; needs `evaluation:read`
   */
  compareRuns(request: CompareEvaluations, options?: CallOptions): Promise<EvaluationComparison>
  /**
   * Reads one evaluation.
   *
   * `GET /llm-ops/v1/evaluation/runs/{runId}`; needs `evaluation:read`
   */
  getRun(request: GetEvaluation, options?: CallOptions): Promise<EvaluationRun>
  /**
   * Ends an evaluation. One that has ended stays as it is.
   *
   * `DELETE /llm-ops/v1/evaluation/runs/{runId}`; needs `evaluation:run`
   */
  cancelRun(request: CancelEvaluation, options?: ChangeOptions): Promise<EvaluationRun>
  /**
   * Follows an evaluation: its present state, then each change until it has ended.
   *
   * `GET /llm-ops/v1/evaluation/runs/{runId}/events`; needs `evaluation:read`
   */
  watchRun(request: GetEvaluation, options?: CallOptions): Stream<EvaluationRun>
  /**
   * Lists the samples of an evaluation with their answers and scores.
   *
   * `GET /llm-ops/v1/evaluation/runs/{runId}/samples`; needs `evaluation:read`
   */
  listSamples(request: ListEvaluationSamples, options?: CallOptions): Promise<Page<EvaluationSample>>
  /**
   * Sends an evaluation with all its samples as JSON, or its samples as CSV.
   *
   * `GET /llm-ops/v1/evaluation/runs/{runId}/export`; needs `evaluation:read`
   */
  exportRun(request: ExportEvaluation, options?: CallOptions): Promise<Download>
  /**
   * Lists the metrics that can be computed, with their options.
   *
   * `GET /llm-ops/v1/evaluation/metrics`; needs `evaluation:read`
   */
  listMetrics(request?: ListEvaluationMetrics, options?: CallOptions): Promise<EvaluationMetrics>
  /**
   * Scores answers that exist already. No model is asked.
   *
   * `POST /llm-ops/v1/evaluation/score`; needs `evaluation:read`
   */
  score(request: ScoreRequest, options?: CallOptions): Promise<ScoreReport>
}

/** Runs, their parameters and metrics. */
export interface Experiments {
  /**
   * Begins a run.
   *
   * `POST /llm-ops/v1/experiments/runs`; needs `experiments:write`
   */
  createRun(request: CreateRun, options?: CreateOptions): Promise<Run>
  /**
   * Reads a run with its parameters, tags and the last value of each metric.
   *
   * `GET /llm-ops/v1/experiments/runs/{runId}`; needs `experiments:read`
   */
  getRun(request: GetRun, options?: CallOptions): Promise<Run>
  /**
   * Reads the run of a training job.
   *
   * `GET /llm-ops/v1/training/jobs/{jobId}/experiment-run`; needs `experiments:read`
   */
  getJobRun(request: GetJobRun, options?: CallOptions): Promise<Run>
  /**
   * Changes a run's status, name or tags, or adds parameters.
   *
   * `PATCH /llm-ops/v1/experiments/runs/{runId}`; needs `experiments:write`
   */
  updateRun(request: UpdateRun, options?: ChangeOptions): Promise<Run>
  /**
   * Records metric points, all or none. Points that are there already are not doubled, so a batch may be sent again.
   *
   * `POST /llm-ops/v1/experiments/runs/{runId}/metrics`; needs `experiments:write`
   */
  logMetrics(request: LogMetrics, options?: CreateOptions): Promise<LoggedMetrics>
  /**
   * Reads metrics over steps, thinned evenly when there are more points than asked for.
   *
   * `GET /llm-ops/v1/experiments/runs/{runId}/series`; needs `experiments:read`
   */
  getSeries(request: GetSeries, options?: CallOptions): Promise<RunSeries>
  /**
   * Follows a run: the points recorded from now on, and its status.
   *
   * `GET /llm-ops/v1/experiments/runs/{runId}/events`; needs `experiments:read`
   */
  watchRun(request: WatchRun, options?: CallOptions): Stream<RunEvent>
  /**
   * Finds runs by a filter over parameters, metrics, tags and attributes.
   *
   * `POST /llm-ops/v1/experiments/search`; needs `experiments:read`
   */
  searchRuns(request?: SearchRuns, options?: CallOptions): Promise<Page<Run>>
  /**
   * Puts runs side by side: the parameters that differ and every metric's last value.
   *
   * `GET /llm-ops/v1/experiments/compare`; needs `experiments:read`
   */
  compareRuns(request: CompareRuns, options?: CallOptions): Promise<RunComparison>
}

/** One way to every model that answers. */
export interface Gateway {
  /**
   * Asks the model behind a route and waits for its whole answer. Over HTTP `stream: true` gives the pieces instead.
   *
   * `POST /llm-ops/v1/serve/{route}/chat`; needs `gateway:use`
   */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatCompletion>
  /**
   * Asks the model behind a route and gives its answer in pieces. The last piece carries the usage. A stream that
   * ends without an error is the whole answer.
   *
   * `POST /llm-ops/v1/serve/{route}/chat/stream`; needs `gateway:use`
   */
  chatStream(request: ChatRequest, options?: CallOptions): Stream<ChatChunk>
  /**
   * Says whether a route would be answered now.
   *
   * `GET /llm-ops/v1/serve/{route}/health`; needs `gateway:read`
   */
  getRouteHealth(request: GetRouteHealth, options?: CallOptions): Promise<RouteHealth>
  /**
   * Lists the routes of the project and who answers them, by name.
   *
   * `GET /llm-ops/v1/gateway/routes`; needs `gateway:read`
   */
  listRoutes(request?: ListRoutes, options?: CallOptions): Promise<Page<GatewayRoute>>
}

/** API keys and the audit log. */
export interface Governance {
  /**
   * Makes a project, which keeps what is made in it apart from all else.
   *
   * `POST /llm-ops/v1/governance/projects`; needs `governance:projects`
   */
  createProject(request: CreateProject, options?: CreateOptions): Promise<Project>
  /**
   * Lists the projects that the caller may work in, by name.
   *
   * `GET /llm-ops/v1/governance/projects`; needs `session:own`
   */
  listProjects(request?: ListProjects, options?: CallOptions): Promise<Page<Project>>
  /**
   * Makes an API key. Its secret is in this answer and nowhere else.
   *
   * `POST /llm-ops/v1/governance/keys`; needs `governance:keys`
   */
  createApiKey(request: CreateApiKey, options?: CreateOptions): Promise<CreatedApiKey>
  /**
   * Lists the project's API keys, newest first.
   *
   * `GET /llm-ops/v1/governance/keys`; needs `governance:keys`
   */
  listApiKeys(request?: ListApiKeys, options?: CallOptions): Promise<Page<ApiKey>>
  /**
   * Revokes an API key: at once on this server, within two seconds on the others.
   *
   * `DELETE /llm-ops/v1/governance/keys/{keyId}`; needs `governance:keys`
   */
  revokeApiKey(request: RevokeApiKey, options?: ChangeOptions): Promise<ApiKey>
  /**
   * Stores the key to somebody else's service, sealed. It is sent to the server it is for, and shown to nobody.
   *
   * `POST /llm-ops/v1/governance/credentials`; needs `governance:credentials`
   */
  createCredential(request: CreateCredential, options?: CreateOptions): Promise<Credential>
  /**
   * Lists the project's credentials, newest first, those that came with external models among them.
   *
   * `GET /llm-ops/v1/governance/credentials`; needs `governance:credentials`
   */
  listCredentials(request?: ListCredentials, options?: CallOptions): Promise<Page<Credential>>
  /**
   * Deletes a credential at once. Models that name it are not asked any more until they are given another.
   *
   * `DELETE /llm-ops/v1/governance/credentials/{credentialId}`; needs `governance:credentials`
   */
  deleteCredential(request: DeleteCredential, options?: ChangeOptions): Promise<Credential>
  /**
   * Seals the credentials of all projects under a new master key: a fresh one where master keys are in the data
   * folder,
   * the first of those given where they are in the environment.
   *
   * `POST /llm-ops/v1/governance/credentials/rotate`; needs `governance:credentials`
   */
  rotateCredentials(request?: RotateCredentials, options?: CreateOptions): Promise<RotatedCredentials>
  /**
   * Opens a session with the rights of the key that the call is made with, or of the key behind a link or a session,
   * which it replaces, in the same project or in another. It ends half an hour later unless it is replaced in time,
   * and
   * with the key.
   *
   * `POST /llm-ops/v1/session`; needs `session:own`
   */
  openSession(request?: OpenSession, options?: CreateOptions): Promise<Session>
  /**
   * Says who calls, and what he may do.
   *
   * `GET /llm-ops/v1/session`; needs `session:own`
   */
  getSession(request?: GetSession, options?: CallOptions): Promise<Session>
  /**
   * Ends the session that the call is made with: at once on this server, within two seconds on the others.
   *
   * `DELETE /llm-ops/v1/session`; needs `session:own`
   */
  closeSession(request?: CloseSession, options?: ChangeOptions): Promise<Session>
  /**
   * Tells which domains' things change in the caller's project: `training` when a job was submitted or went on. What
   * changed is for the operations that read it. The first item names every domain that he may read, as nothing is
   * told of what came before; so does one after more changes at once than could be told apart.
   *
   * `GET /llm-ops/v1/changes`; needs `session:own`
   */
  watchChanges(request?: WatchChanges, options?: CallOptions): Stream<Changes>
  /**
   * Makes a link's secret, which opens one session with the rights of the caller's key, once, within 15 minutes.
   *
   * `POST /llm-ops/v1/session/links`; needs `session:own`
   */
  createSignInLink(request?: CreateSignInLink, options?: CreateOptions): Promise<SignInLink>
  /**
   * Lists what was done in the project, newest first. Every filter given must hold.
   *
   * `GET /llm-ops/v1/governance/audit/logs`; needs `governance:read`
   */
  listAuditLogs(request?: ListAuditLogs, options?: CallOptions): Promise<Page<AuditEntry>>
  /**
   * Sends the whole audit log, of all projects: one entry a line, oldest first, and where the chain ends.
   *
   * `GET /llm-ops/v1/governance/audit/export`; needs `governance:audit`
   */
  exportAuditLogs(request?: ExportAuditLogs, options?: CallOptions): Promise<Download>
  /**
   * Reads the whole audit log and recomputes its chain of hashes.
   *
   * `GET /llm-ops/v1/governance/audit/verify`; needs `governance:audit`
   */
  verifyAuditLogs(request?: VerifyAuditLogs, options?: CallOptions): Promise<AuditVerification>
}

/** Models that answer: endpoints, their replicas and revisions. */
export interface Serving {
  /**
   * Deploys an approved model under a route. What would run is shown by a dry run.
   *
   * `POST /llm-ops/v1/serving/endpoints`; needs `serving:deploy`
   */
  deployEndpoint(request: DeployEndpoint, options?: CreateOptions): Promise<Endpoint>
  /**
   * Lists endpoints, newest first.
   *
   * `GET /llm-ops/v1/serving/endpoints`; needs `serving:read`
   */
  listEndpoints(request?: ListEndpoints, options?: CallOptions): Promise<Page<Endpoint>>
  /**
   * Reads one endpoint with its history.
   *
   * `GET /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:read`
   */
  getEndpoint(request: GetEndpoint, options?: CallOptions): Promise<Endpoint>
  /**
   * Scales an endpoint, changes its limits, stops it or starts it again. Honours `If-Match`.
   *
   * `PATCH /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:operate`
   */
  updateEndpoint(request: UpdateEndpoint, options?: ChangeOptions): Promise<Endpoint>
  /**
   * Makes a new revision, with the same or another model. The one before answers until the new one is ready.
   *
   * `POST /llm-ops/v1/serving/endpoints/{endpointId}/redeploy`; needs `serving:deploy`
   */
  redeployEndpoint(request: RedeployEndpoint, options?: CreateOptions): Promise<Endpoint>
  /**
   * Returns to an earlier revision. No request under way is lost; a revision that still runs answers at once.
   *
   * `POST /llm-ops/v1/serving/endpoints/{endpointId}/rollback`; needs `serving:operate`
   */
  rollbackEndpoint(request: RollbackEndpoint, options?: CreateOptions): Promise<Endpoint>
  /**
   * Lists the revisions of an endpoint, newest first.
   *
   * `GET /llm-ops/v1/serving/endpoints/{endpointId}/revisions`; needs `serving:read`
   */
  listEndpointRevisions(request: ListEndpointRevisions, options?: CallOptions): Promise<Page<EndpointRevision>>
  /**
   * Reads what the replicas write, and follows it when asked to.
   *
   * `GET /llm-ops/v1/serving/endpoints/{endpointId}/logs`; needs `serving:read`
   */
  streamEndpointLogs(request: StreamEndpointLogs, options?: CallOptions): Stream<EndpointLogLine>
  /**
   * Follows an endpoint: its present state, then each change. The stream ends when the endpoint is deleted and
   * nothing
   * of it runs any more.
   *
   * `GET /llm-ops/v1/serving/endpoints/{endpointId}/events`; needs `serving:read`
   */
  watchEndpoint(request: GetEndpoint, options?: CallOptions): Stream<Endpoint>
  /**
   * Deletes an endpoint: what runs ends first, then the record goes, which ends the streams of those who follow it.
   *
   * `DELETE /llm-ops/v1/serving/endpoints/{endpointId}`; needs `serving:operate`
   */
  deleteEndpoint(request: DeleteEndpoint, options?: ChangeOptions): Promise<Endpoint>
}

/** Jobs that make a model from data. */
export interface Training {
  /**
   * Submits a job: fine-tuning a model, or training one from nothing. Everything that can be checked is checked now.
   *
   * `POST /llm-ops/v1/training/jobs`; needs `training:submit`
   */
  submitJob(request: SubmitJob, options?: CreateOptions): Promise<TrainingJob>
  /**
   * Says what a job would need, without submitting it. Refuses what `submit_job` would.
   *
   * `POST /llm-ops/v1/training/estimate`; needs `training:read`
   */
  estimateJob(request: SubmitJob, options?: CallOptions): Promise<JobEstimate>
  /**
   * Lists jobs, newest first.
   *
   * `GET /llm-ops/v1/training/jobs`; needs `training:read`
   */
  listJobs(request?: ListJobs, options?: CallOptions): Promise<Page<TrainingJob>>
  /**
   * Reads one job: its timeline, how far it is, and what it waits for.
   *
   * `GET /llm-ops/v1/training/jobs/{jobId}`; needs `training:read`
   */
  getJob(request: GetJob, options?: CallOptions): Promise<TrainingJob>
  /**
   * Cancels a job that has not ended. Cancelling it again changes nothing.
   *
   * `DELETE /llm-ops/v1/training/jobs/{jobId}`; needs `training:cancel`
   */
  cancelJob(request: CancelJob, options?: ChangeOptions): Promise<TrainingJob>
  /**
   * Sends what a job wrote, line by line, live or after its end.
   *
   * `GET /llm-ops/v1/training/jobs/{jobId}/logs`; needs `training:read`
   */
  streamJobLogs(request: StreamJobLogs, options?: CallOptions): Stream<JobLogLine>
  /**
   * Follows a job: its present state, then each change, until it has ended.
   *
   * `GET /llm-ops/v1/training/jobs/{jobId}/events`; needs `training:read`
   */
  watchJob(request: GetJob, options?: CallOptions): Stream<TrainingJob>
  /**
   * Records metric points measured by a running job, all or none. A batch may be sent again when its points carry
   * their times.
   *
   * `POST /llm-ops/v1/training/jobs/{jobId}/metrics`; needs `training:submit`
   */
  logJobMetrics(request: LogJobMetrics, options?: CreateOptions): Promise<LoggedMetrics>
}

/** Every room. */
export interface Rooms {
  /** Models, their versions, files, reviews and lineage. */
  readonly catalog: Catalog
  /** Datasets, their versions, what they hold and whether they may be used. */
  readonly datasets: Datasets
  /** What work used and what that costs. */
  readonly cost: Cost
  /** How good models are: answers to samples, scored, recorded and compared. */
  readonly evaluation: Evaluation
  /** Runs, their parameters and metrics. */
  readonly experiments: Experiments
  /** One way to every model that answers. */
  readonly gateway: Gateway
  /** API keys and the audit log. */
  readonly governance: Governance
  /** Models that answer: endpoints, their replicas and revisions. */
  readonly serving: Serving
  /** Jobs that make a model from data. */
  readonly training: Training
}
