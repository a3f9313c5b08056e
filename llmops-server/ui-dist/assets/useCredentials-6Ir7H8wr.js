<<<<<<<< HEAD:llmops-server/ui-dist/assets/useCredentials-cj3LI1SV.js
import{At as e,Ft as t,ar as n}from"./base-B6bPcn5Q.js";function r(r=()=>!0){let i=e(`governance.list_credentials`),a=t(`governance.list_credentials`,{limit:1e3},{enabled:()=>i.value&&r()});return n(()=>i.value?a.data.value?.items:void 0)}export{r as t};
========
import{At as e,Ft as t,ar as n}from"./base-BeHYRaXg.js";function r(r=()=>!0){let i=e(`governance.list_credentials`),a=t(`governance.list_credentials`,{limit:1e3},{enabled:()=>i.value&&r()});return n(()=>i.value?a.data.value?.items:void 0)}export{r as t};
>>>>>>>> c7e2f942eb694bfe1417603bc65b1eba502e161b:llmops-server/ui-dist/assets/useCredentials-6Ir7H8wr.js
