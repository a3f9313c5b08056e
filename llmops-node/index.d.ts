/** The LLM Ops engine for Node.js: embedded in this process, or on a server. */

import type { Readable } from 'node:stream'
import type { DatasetFile, ErrorKind, ModelFile, ReadDatasetRows, Rooms, UploadDatasetFiles } from './generated'

export * from './generated'

/** One platform. Close it when you are done with it. */
export interface LlmOps extends Rooms, AsyncDisposable {
  /** The same platform for the holder of another key, as a reviewer who approves what somebody else made. */
  withApiKey(apiKey: string): LlmOps
  /**
   * Sends a folder, a file or several to a model: small files as they are, large ones in parts. Broken off, and called again
   * with the same files, it goes on where it ended; a server that is away for half a minute is waited for.
   */
  uploadFolder(modelId: string, paths: string | URL | (string | URL)[], options?: UploadFolderOptions): Promise<ModelFile[]>
  /** The same for a dataset; how its files are written is found out unless it is said. A `README.md` at the root is its card. */
  uploadDataset(datasetId: string, paths: string | URL | (string | URL)[], options?: UploadDatasetOptions): Promise<DatasetFile[]>
  /**
   * The rows of a dataset, one after the other: `for await (const row of ops.rows({ datasetId }))`. They are read as they are
   * taken, by each loop anew; leaving the loop or the signal hangs up. Every row has every column; what it lacks is `null`. A
   * failure is thrown where it happens: no loop ends early. Whole numbers beyond 2^53 lose digits, as `JSON.parse` has it.
   */
  rows<Row = Record<string, unknown>>(request: Omit<ReadDatasetRows, 'format'>, options?: CallOptions): Rows<Row>
  /** The same platform, at work in another project. */
  withProject(project: string): LlmOps
  /**
   * The same server, called with other patience. What is not given stays. A platform in this process answers without a wire,
   * which is neither waited for nor asked again.
   */
  withOptions(options: Patience): LlmOps
  /** Ends the loops in order and closes the database. On a server there is nothing to end. */
  close(): Promise<void>
}

export interface OpenOptions {
  /** `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME`; a file in the data folder if absent. */
  database?: string
  /** `file:///DIR` or `s3://BUCKET/PREFIX`, with the usual `AWS_*` variables; a folder in the data folder if absent. */
  store?: string
  /** Whether this process carries out jobs, deployments and validations, or only answers calls; it does if absent. */
  loops?: boolean
}

/** How long to wait for a server, and how often to ask again. */
export interface Patience {
  /**
   * The most milliseconds that an answer may take, its retries among them; 600,000 if absent. A stream or a download is waited
   * for until it begins, an upload takes as long as its bytes do.
   */
  timeout?: number
  /**
   * How often a call is made again when the server cannot be reached or is busy, after the pause it names; 2 if absent. What is
   * created carries an idempotency key for that, so it happens once. Uploads are sent once.
   */
  maxRetries?: number
}

export interface UploadFolderOptions extends CallOptions {
  /** How many parts of a file are on their way at once, 1 to 16; 4 if absent. */
  concurrency?: number
  /** Whether they take the place of other bytes under the same paths, which returns the model to draft; refused if absent. */
  replace?: boolean
  /** Whether a bar on standard error tells how far it is; where nobody looks at it, a line at the end. */
  progress?: boolean
  /** Hears how many bytes of how many arrived, in place of the bar. */
  onProgress?: (sent: number, total: number) => void
}

/** How files go to a dataset, and how they are written. */
export interface UploadDatasetOptions extends UploadFolderOptions, Pick<UploadDatasetFiles, 'format' | 'delimiter' | 'header' | 'encoding'> {}

export interface ConnectOptions extends Patience {
  /** The key to call with; `LLMOPS_API_KEY` if absent. */
  apiKey?: string
  /** The project to work in; `LLMOPS_PROJECT`, or the key's own, if absent. */
  project?: string
}

/** Opens a platform in this process. A folder is enough; `./llmops-data` if absent. */
export function open(dataDir?: string | URL, options?: OpenOptions): Promise<LlmOps>

/** The platform on a server; `LLMOPS_URL` or this machine if absent. Nothing is contacted before the first call. */
export function connect(url?: string | URL, options?: ConnectOptions): LlmOps

export const version: string

/** How a call is made. */
export interface CallOptions {
  /** Gives up waiting, hangs up a stream, breaks an upload off. */
  signal?: AbortSignal
}

/** How something is made or begun. */
export interface CreateOptions extends CallOptions {
  /** A repeated call with the same key happens once. */
  idempotencyKey?: string
}

/** How something is changed. */
export interface ChangeOptions extends CallOptions {
  /** The `etag` of what was read: if it changed since, the call is refused as `stale`. */
  ifMatch?: string
}

/** A failure: `kind` and `code` for programs, `message` and `hint` for people. */
export class LlmOpsError extends Error {
  private constructor()
  readonly kind: ErrorKind
  /** Finer than the kind, or the kind itself. */
  readonly code: string
  /** The field that broke a rule. */
  readonly field?: string
  /** What to do next. */
  readonly hint?: string
  /** More, for programs: what blocks, what is allowed. */
  readonly details?: unknown
  /** The request, as the log and the audit know it. */
  readonly requestId?: string
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** When to try again, in milliseconds. */
  readonly retryAfterMs?: number
}

/** One page of a list. Iterating goes on to the pages that follow, until the end. */
export interface Page<T> extends AsyncIterable<T> {
  readonly items: T[]
  /** Where the next page begins; absent on the last. */
  readonly nextCursor?: string
  /** The most items this page could hold. */
  readonly limit: number
  /** How many there are in all, if `includeTotal` asked for it. */
  readonly total?: number
  /** The page that follows; `undefined` after the last. */
  nextPage(): Promise<Page<T> | undefined>
  /** This page and those that follow. */
  pages(): AsyncIterable<Page<T>>
}

/** Items as they come; asked for when the first is awaited. Leaving the loop hangs up. */
export interface Stream<T> extends AsyncIterableIterator<T>, AsyncDisposable {
  return(value?: unknown): Promise<IteratorResult<T>>
  /** Hangs up. Whoever waits for an item gets none. */
  close(): void
}

/** The rows of a dataset; each loop reads them anew. */
export interface Rows<Row> {
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined>
}

/** Bytes as they come. Iterate over it, take it whole, or save it. */
export interface Download extends AsyncIterable<Buffer>, AsyncDisposable {
  /** How many bytes come, if that is known. */
  readonly length: number | null
  /** First byte, last byte and total of a partial answer. */
  readonly range: [number, number, number] | null
  readonly contentType: string
  /** The name to save it under. */
  readonly fileName: string
  /** The SHA-256 of the whole, in hex, if it is known. */
  readonly digest: string | null
  stream(): Readable
  bytes(): Promise<Buffer>
  text(): Promise<string>
  /** Writes it to a file, or under its own name into a folder; the path it got. */
  save(target: string): Promise<string>
  close(): void
}

/** A path, bytes, or anything that yields bytes, as a stream does. */
export type Source = string | URL | Uint8Array | ArrayBuffer | AsyncIterable<Uint8Array | string>

/** A path of a file or a folder, several paths, or sources by the name they get. */
export type Files = Source | Array<string | URL> | Map<string, Source> | Record<string, Source>
