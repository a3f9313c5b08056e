/** Lines of two texts, matched by their longest common subsequence. Beyond the limit all of one follows all of the other. */
export type Line = { sign: '+' | '-' | ' '; text: string }

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

const signed = (sign: Line['sign']) => (text: string): Line => ({ sign, text })
