/** How files of a dataset are written, as far as the sender says it, and which the server reads. Pure. */
import type { Wire } from '@/api/types'

/** Endings of files that are read; `.gz` and `.zst` stand behind one of the others. */
const ENDINGS = ['csv', 'tsv', 'jsonl', 'ndjson', 'txt', 'text', 'md', 'parquet', 'parq', 'pq', 'gz', 'gzip', 'zst', 'zstd']
export const FORMATS = ['csv', 'jsonl', 'text'] as const
export const DELIMITERS = { comma: ',', semicolon: ';', bar: '|', tab: '\t' } as const

/** What is empty is found out by the server. */
export type Written = { format: '' | (typeof FORMATS)[number]; encoding: string; delimiter: '' | keyof typeof DELIMITERS; header: '' | 'yes' | 'no' }
export const FOUND_OUT: Written = { format: '', encoding: '', delimiter: '', header: '' }

/** The same as the operation takes it. Of a file that is no table nothing is said about tables. */
export function toldOf({ format, encoding, delimiter, header }: Written) {
  const table = format === '' || format === 'csv'
  return {
    ...(format ? { format } : {}),
    ...(encoding.trim() ? { encoding: encoding.trim().toLowerCase() } : {}),
    ...(table && delimiter ? { delimiter: DELIMITERS[delimiter] } : {}),
    ...(table && header ? { header: header === 'yes' } : {}),
  }
}

/** What the browser's dialog offers: with a format said, a file may have any ending. */
export const offered = ({ format }: Pick<Written, 'format'>) => (format ? undefined : ENDINGS.map((ending) => `.${ending}`).join())

/** The format, of a table with what separates its values. */
export const formOf = ({ format, delimiter }: Pick<Wire<'DatasetFile'>, 'format' | 'delimiter'>) => (delimiter ? `${format} ${delimiter === '\t' ? '⇥' : delimiter}` : format)

type Kept = Pick<Wire<'DatasetFile'>, 'path' | 'encoding'>
export const encodingOf = ({ encoding }: Kept) => (encoding?.name ?? 'utf-8').toUpperCase()
/** Files whose encoding nobody said, and which may therefore read wrongly. */
export const guessedOf = (files: Kept[]) => files.filter(({ encoding }) => encoding?.guessed).map(({ path }) => path)
