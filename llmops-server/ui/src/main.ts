import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { queries } from './api/query'
import { router } from './router'
import './styles/main.css'
import { startLayers } from './use/layers'
import { startTexts } from './use/texts'
import { startTheme } from './use/useTheme'

startTheme()
startLayers()
await startTexts()
createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')
