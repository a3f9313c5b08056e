<<<<<<<< HEAD:llmops-server/ui-dist/assets/useDeleted-DpGN6zmp.js
import{s as e}from"./atoms-B_5pIBv8.js";import{Q as t,tt as n}from"./base-B6bPcn5Q.js";import{t as r}from"./useRestore-CBoxbfEw.js";function i(){let{t:i}=n(),a=t(),{time:o}=e(),s=r();return(e,t,n)=>{let r=i(`trash.gone`,{name:`${t.name} ${t.version}`});if(!n)return a.good(r);a.offer(r,i(`trash.waits`,{time:o(n)}),{label:i(`trash.restore`),run:()=>void s(e,{...t})})}}export{i as t};
========
import{s as e}from"./atoms-DM-4FjNu.js";import{Q as t,tt as n}from"./base-BeHYRaXg.js";import{t as r}from"./useRestore-BViWEvTl.js";function i(){let{t:i}=n(),a=t(),{time:o}=e(),s=r();return(e,t,n)=>{let r=i(`trash.gone`,{name:`${t.name} ${t.version}`});if(!n)return a.good(r);a.offer(r,i(`trash.waits`,{time:o(n)}),{label:i(`trash.restore`),run:()=>void s(e,{...t})})}}export{i as t};
>>>>>>>> c7e2f942eb694bfe1417603bc65b1eba502e161b:llmops-server/ui-dist/assets/useDeleted-B99Vt-qw.js
