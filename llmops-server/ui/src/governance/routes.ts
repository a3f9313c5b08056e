import { KeyRound, ScrollText, Vault } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/governance/audit', name: 'audit', component: () => import('./AuditPage.vue'), meta: { texts: ['governance'], nav: { group: 'governance', order: 3, icon: ScrollText, keys: 'g a' } } },
  { path: '/admin/keys', name: 'keys', component: () => import('./KeysPage.vue'), meta: { texts: ['governance'], nav: { group: 'admin', order: 1, icon: KeyRound, keys: 'g k', op: 'governance.list_api_keys' } } },
  { path: '/admin/keys/new', name: 'key-create', component: () => import('./KeyCreatePage.vue'), meta: { texts: ['governance', 'forms'], action: 'governance.create_api_key' } },
  { path: '/admin/credentials', name: 'credentials', component: () => import('./CredentialsPage.vue'), meta: { texts: ['governance'], nav: { group: 'admin', order: 2, icon: Vault, keys: 'g r', op: 'governance.list_credentials' } } },
]
