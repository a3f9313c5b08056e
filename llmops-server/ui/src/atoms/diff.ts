/** Lines of two texts, matched by their longest common subsequence. Beyond the limit all of one follows all of the other. */
export type Line = { sign: '+' | '-' | ' '; text: string }

export type Word = { text: string; changed: boolean }

/** Stands for a line break within a word, since words are matched as lines. */
const BREAK = '\u0000'
const LIMIT = 2_000_000

export function lines(before: string, after: string): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  if (a.length * b.length > LIMIT) return [...a.map(signed('-')), ...b.map(signed('+'))]
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1])
  const rows: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ sign: ' ', text: b[j++] })
      i++
    }
    else if (i < a.length && (j >= b.length || common[i + 1][j] >= common[i][j + 1])) rows.push({ sign: '-', text: a[i++] })
    else rows.push({ sign: '+', text: b[j++] })
  }
  return rows
}

/** The words of two texts, each side's in its own order, and whether the other side lacks them. */
export function words(before: string, after: string): [Word[], Word[]] {
  const parts = (text: string) => (text.match(/\s+|[\p{L}\p{N}_]+|./gsu) ?? []).map((part) => part.replaceAll('\n', BREAK))
  const found = lines(parts(before).join('\n'), parts(after).join('\n'))
  const side = (sign: '+' | '-') =>
    found.filter((line) => line.text && line.sign !== (sign === '+' ? '-' : '+')).map((line) => ({ text: line.text.replaceAll(BREAK, '\n'), changed: line.sign === sign }))
  return [side('-'), side('+')]
}

const signed = (sign: Line['sign']) => (text: string): Line => ({ sign, text })
