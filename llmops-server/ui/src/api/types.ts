/** Types of operations and of what goes over the wire, read off the generated schema. */
import type { components, operations } from './schema'

/** A type of the API by its name: `Wire<'Model'>`. */
export type Wire<N extends keyof components['schemas']> = components['schemas'][N]

export type OpId = keyof operations

/** What is not there asks for nothing. */
type Given<T> = [T] extends [never] ? unknown : T
type PathOf<O extends OpId> = operations[O]['parameters'] extends { path: infer P } ? P : unknown
type QueryOf<O extends OpId> = operations[O]['parameters'] extends { query?: infer Q } ? Given<NonNullable<Q>> : unknown
type BodyOf<O extends OpId> = operations[O] extends { requestBody: { content: { 'application/json': infer B } } } ? B : unknown

/** What an operation takes: the fields of path, query and body as one object, as every door of the platform has them. */
export type Input<O extends OpId> = PathOf<O> & QueryOf<O> & Omit<BodyOf<O>, keyof PathOf<O>>

type Answer<O extends OpId> = operations[O] extends { responses: { 200: { content: infer C } } } ? C : never

/** What an operation answers with, out of its envelope: a list's items with the page that lies beside them. */
export type Output<O extends OpId> =
  Answer<O> extends { 'application/json': { data: infer I extends unknown[]; page: infer P } } ? { items: I; page: P } :
  Answer<O> extends { 'application/json': { data: infer D } } ? D : Answer<O> extends { 'text/event-stream': infer E } ? E : unknown

/** Operations whose answer is a page of a list. */
export type ListOp = { [O in OpId]: Output<O> extends { items: unknown[]; page: Wire<'PageInfo'> } ? O : never }[OpId]

/** One row of a list operation. */
export type Item<O extends ListOp> = Output<O> extends { items: (infer I)[] } ? I : never
