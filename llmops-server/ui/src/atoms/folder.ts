/** Files out of folders, each with its path. Of one folder alone its own name is left out, and hidden files always. Pure but for the reading. */
export type Found = { file: File; path: string }

type Entry = Pick<FileSystemEntry, 'isFile' | 'isDirectory' | 'name'>

const isHidden = (path: string) => path.split('/').some((part) => part.startsWith('.'))

/** What the browser's dialog gave: files, or all that is in one folder. */
export function chosen(files: Iterable<File>): Found[] {
  return [...files]
    .map((file) => ({ file, path: file.webkitRelativePath.replace(/^[^/]+\//, '') || file.name, inFolder: file.webkitRelativePath !== '' }))
    .filter(({ path, inFolder }) => !inFolder || !isHidden(path))
    .map(({ file, path }) => ({ file, path }))
}

/** The entries of what is dropped. They are there only while the event is told: this waits for nothing. */
export const entriesOf = (items: Iterable<DataTransferItem>): Entry[] =>
  [...items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? []) : []))

/** All files among what was dropped, with those in its folders. */
export async function dropped(entries: Entry[]): Promise<Found[]> {
  const [only] = entries
  if (entries.length === 1 && only.isDirectory) return inFolder(only, '')
  return (await Promise.all(entries.map((entry) => (entry.isDirectory ? inFolder(entry, `${entry.name}/`) : fileOf(entry, ''))))).flat()
}

async function inFolder(folder: Entry, before: string): Promise<Found[]> {
  const reader = (folder as FileSystemDirectoryEntry).createReader()
  const found: Found[] = []
  // A reader gives a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<Entry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const entry of some.filter(({ name }) => !isHidden(name))) {
      found.push(...(entry.isDirectory ? await inFolder(entry, `${before}${entry.name}/`) : await fileOf(entry, before)))
    }
  }
}

async function fileOf(entry: Entry, before: string): Promise<Found[]> {
  const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
  return [{ file, path: before + entry.name }]
}
