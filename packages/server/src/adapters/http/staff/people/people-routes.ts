import type { StaffRoute } from '../staff-route.ts'
import { askErase, compareForMerge, eraseOnPage, mergeOnPage, unmergeOnPage } from './dangerous-acts.ts'
import { exportToFile, exportToRead } from './export-acts.ts'
import { recordOnPage, undoOnPage } from './record-acts.ts'
import { searchPeople, showMasked, showPeople, showPerson } from './show-people.ts'

/** Who somebody is to the hub, what they said, and what staff do for them. */
export const peopleRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/people', access: 'people', handle: showPeople },
  { method: 'POST', url: '/people/search', access: 'people', handle: searchPeople },
  { method: 'GET', url: '/people/:key', access: 'people', handle: showMasked },
  { method: 'POST', url: '/people/show', access: 'people', handle: showPerson },
  { method: 'POST', url: '/people/record', access: 'people_change', handle: recordOnPage },
  { method: 'POST', url: '/people/undo', access: 'people_change', handle: undoOnPage },
  { method: 'POST', url: '/people/merge/compare', access: 'people_change', fresh: true, handle: compareForMerge },
  { method: 'POST', url: '/people/merge', access: 'people_change', fresh: true, handle: mergeOnPage },
  { method: 'POST', url: '/people/unmerge', access: 'people_change', fresh: true, handle: unmergeOnPage },
  { method: 'POST', url: '/people/export/read', access: 'people_change', fresh: true, handle: exportToRead },
  { method: 'POST', url: '/people/export/file', access: 'people_change', fresh: true, handle: exportToFile },
  { method: 'POST', url: '/people/erase/ask', access: 'people_change', fresh: true, handle: askErase },
  { method: 'POST', url: '/people/erase', access: 'people_change', fresh: true, handle: eraseOnPage },
]
