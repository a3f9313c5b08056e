/** Work on a dataset that goes on by itself: a derivation, a contamination check, a count of tokens. Pure. */
import type { Wire } from '@/api/types'

export type Work = Pick<Wire<'DatasetDerivation'> | Wire<'ContaminationCheck'> | Wire<'TokenCount'>, 'id' | 'datasetId' | 'digest' | 'state' | 'progress' | 'error' | 'createdBy' | 'createdAt' | 'finishedAt'>

export const isMoving = ({ state }: Pick<Work, 'state'>) => state === 'queued' || state === 'running'
export const shareOf = ({ state, progress }: Pick<Work, 'state' | 'progress'>) => (state === 'succeeded' ? 1 : progress.bytes / Math.max(1, progress.totalBytes))
