/** Whether the sidebar of a narrow screen is open. */
import { ref } from 'vue'

export const drawerOpen = ref(false)
