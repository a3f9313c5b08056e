import { readdirSync, readFileSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { effectScope, watchSyncEffect } from 'vue'
import { language } from '@/use/texts'
import { type Book, piecesOf, placesOf, reader } from './match'
import { openBook, said } from './said'

const rooms = Object.entries(import.meta.glob<Book>('./ko/*.json', { eager: true, import: 'default' }))
const all = rooms.flatMap(([room, book]) => Object.entries(book).map(([sentence, to]) => ({ room, sentence, to })))
const korean = reader(Object.assign({}, ...rooms.map(([, book]) => book)))

/** What the code of the server says: without comments and tests, its long texts in one line, its quotes as they are read. */
function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.name.endsWith('.rs') && !/tests?\b/.test(`${file.parentPath}/${file.name}`.slice(folder.length)))
    .map((file) => readFileSync(`${file.parentPath}/${file.name}`, 'utf8').replace(/^\s*\/\/.*$/gm, '').split(/^#\[cfg\(test\)\]\nmod \w+ \{/m)[0])
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .replaceAll('\\"', '"')
}

test('every sentence is still one of the server: each of its pieces stands in the code', () => {
  const code = ['llmops-core', 'llmops-server'].map((crate) => sources(`../../${crate}/src`)).join('\n')
  const gone = all.flatMap(({ room, sentence }) => piecesOf(sentence).filter((piece) => !code.includes(piece)).map((piece) => `${room}: '${piece}' of '${sentence}'`))
  expect(gone).toEqual([])
})

test('every sentence is there once, and no place of its Korean is filled by nothing', () => {
  const bare = all.map(({ sentence }) => sentence.replaceAll('¦', '').replace(/\{\w+/g, '{'))
  expect(bare.filter((sentence, at) => bare.indexOf(sentence) !== at)).toEqual([])
  expect(all.filter(({ sentence, to }) => placesOf(to).some((name) => !placesOf(sentence).includes(name)))).toEqual([])
  expect(all.filter(({ sentence, to }) => !/[가-힣]/.test(to) && !piecesOf(sentence).every((piece) => !/[a-z]{5}/.test(piece)))).toEqual([])
})

test.each([
  ['attempt 2 is training', '2번째 시도가 학습하고 있습니다'],
  ['its model is `capitals` 1.0.0', '모델 `capitals` 1.0.0이(가) 만들어졌습니다'],
  ['cancelled by ann: too slow: again', 'ann이(가) 취소했습니다: too slow: again'],
  // Forms of one and of many.
  ['one other is before it in the queue; it asks for 1 of 2 cores', '대기열에서 앞에 하나가 있습니다. 코어 2개 중 1개가 필요합니다'],
  ['3 others are before it in the queue; it asks for 0.5 of 2 cores', '대기열에서 앞에 3개가 있습니다. 코어 2개 중 0.5개가 필요합니다'],
  ['1 row repeats another: leave them out by `derive_dataset` with `dedupe`.', '1개 행이 다른 행과 같습니다. `derive_dataset`의 `dedupe`로 뺄 수 있습니다.'],
  ['12 rows repeat another: leave them out by `derive_dataset` with `dedupe`.', '12개 행이 다른 행과 같습니다. `derive_dataset`의 `dedupe`로 뺄 수 있습니다.'],
  ['The column b is missing: name the columns that play these parts with `columns` of `update_dataset`.', 'b 열이 없습니다. 이 역할을 하는 열을 `update_dataset`의 `columns`로 지정하세요.'],
  // Sentences in sentences.
  ['its dataset is gone; it is tried again', '데이터셋이 없어졌습니다. 다시 시도합니다'],
  ['no replica is ready: one keeps failing: it ran out of memory after saying: abort', '준비된 레플리카가 없습니다. 하나는 계속 실패합니다: 메모리가 부족했습니다. 마지막 출력: abort'],
  ['revision 1 answers and is ready; revision 2 waits: it is being started', '리비전 1이(가) 준비되어 응답하고 있습니다. 리비전 2: 시작하는 중입니다'],
  ['attempt 1 failed (node_lost): its end was not seen; attempt 2 begins in 30 seconds', '1번째 시도가 실패했습니다. 어떻게 끝났는지 알 수 없습니다. 30초 뒤 2번째 시도를 시작합니다'],
  ['m 1.0.0 cannot be approved: the model card lacks license; f1 is 0.1, and 0.7 is the least', 'm 1.0.0을(를) 승인할 수 없습니다: 모델 카드에 빠진 항목이 있습니다: license; f1 값이 0.1이고 최솟값은 0.7입니다'],
  ['`name` must be at most 128 characters', '`name` 항목: 128자를 넘을 수 없습니다'],
  ['there is no training job `0198`', '학습 작업 `0198`을(를) 찾을 수 없습니다'],
  ['from here it may become: draft, approved', '바꿀 수 있는 상태: 초안, 승인됨'],
  // What the most words fit is meant: not every text that ends so.
  ['it needs more memory than there is: x; y; halve `batchSize` or `maxSeqLen`, or train with `lora`', '있는 것보다 많은 메모리가 필요합니다: x; y. `batchSize`나 `maxSeqLen`을 절반으로 줄이거나 `lora`로 학습하세요'],
  ['`runs` must be 1 to 5, not 9', '`runs` 항목: 1에서 5 사이여야 하는데 9입니다'],
  ['m 1.0.0 cannot be approved: there is no evaluation by f1 over capitals:1.0.0', 'm 1.0.0을(를) 승인할 수 없습니다: capitals:1.0.0의 f1 평가가 없습니다'],
  ['`n` must be a number, not the text "two words"', '`n` 항목: 필요한 것은 숫자인데 텍스트 "two words"입니다'],
  // What is not known stays, also within what is.
  ['something nobody wrote down', 'something nobody wrote down'],
  ['`m` 1.0.0 is something nobody wrote down', '`m` 1.0.0 is something nobody wrote down'],
  ['the sky is low; it is tried again', 'the sky is low. 다시 시도합니다'],
  ['it went over the top of the world', 'it went over the top of the world'],
  ['attempt one is training', 'attempt one is training'],
  ['attempt  is training', 'attempt  is training'],
  ['', ''],
])('%s', (text, to) => {
  expect(korean(text)).toBe(to)
})

test('signs that mean something to patterns mean nothing here', () => {
  const say = reader({ 'a (b+ [{x}] $1?': '가 {x}', '{a}.*{b}': '나 {a} {b}', '^{n#}$': '다 {n}', '{x~}!': '라 {x}' })
  expect(['a (b+ [.*$&] $1?', 'xx.*yy', 'xxabyy', '^12$', '^x$', 'q!'].map(say)).toEqual(['가 .*$&', '나 xx yy', 'xxabyy', '다 12', '^x$', 'q!'])
  expect(korean('cancelled by $& {who} {n} `<b>`')).toBe('$& {who} {n} `<b>`이(가) 취소했습니다')
})

test.each([
  ['one letter', 'a'], ['what stands between', '; '], ['beginnings', '`a` '], ['numbers', '1 of '], ['a sentence', 'attempt 1 is training; '], ['ends', '; it is tried again'], ['colons', ': '],
])('a long text is read in no time: %s', (_, part) => {
  for (const length of [3_999, 100_000]) {
    const text = part.repeat(Math.ceil(length / part.length)).slice(0, length)
    korean(text)
    const began = performance.now()
    const said = korean(text)
    // On a busy machine too; to try every way to read it would take hours.
    expect(performance.now() - began).toBeLessThan(150)
    if (length > 4000) expect(said).toBe(text)
  }
})

beforeEach(() => void (language.value = 'en'))
test('what the page itself says is not looked for, what the server says of a Korean name is', async () => {
  language.value = 'ko'
  expect([said('승인된 모델은 `model` API로 배포합니다'), said('')]).toEqual(['승인된 모델은 `model` API로 배포합니다', ''])
  await openBook()
  expect(said('there is no model `수도`')).toBe('모델 `수도`을(를) 찾을 수 없습니다')
})

test('what is said follows the language, from when its sentences came', async () => {
  const shown: string[] = []
  const scope = effectScope()
  scope.run(() => watchSyncEffect(() => shown.push(said('the replica is ready'))))
  language.value = 'ko'
  await openBook()
  language.value = 'en'
  scope.stop()
  expect(shown.filter((text, at) => text !== shown[at - 1])).toEqual(['the replica is ready', '레플리카가 준비되었습니다', 'the replica is ready'])
})
