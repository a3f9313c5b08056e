/** The sentences of the server in Korean. */
import { type Book, reader } from './match'

const rooms = import.meta.glob<Book>('./ko/*.json', { eager: true, import: 'default' })
export const say = reader(Object.assign({}, ...Object.values(rooms)))
