/** A conversation as the code that asks the same, for each kind of caller. */
import type { Message } from './talk'

export type Asked = { route: string; root: string; messages: Message[]; parameters: Record<string, number> }

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
/** JSON is a literal of Python as well, as long as it holds neither true nor null. */
const literal = (value: unknown) => JSON.stringify(value)

/** The parameters as OpenAI's protocol names them; `top_k` is an addition of ours. */
function named(parameters: Record<string, number>): Record<string, number> {
  const names: Record<string, string> = { maxTokens: 'max_tokens', topP: 'top_p', topK: 'top_k' }
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [names[name] ?? name, value]))
}

export function codeOf({ route, root, messages, parameters }: Asked): { name: string; text: string }[] {
  const model = route.replace(/^\//, '')
  const given = named(parameters)
  const { top_k: topK, ...plain } = given
  const body = JSON.stringify({ model, messages, ...given, stream: true }, null, 2)
  const curl = [`curl -N ${root}/v1/chat/completions`, `-H "Authorization: Bearer $LLMOPS_API_KEY"`, `-H 'Content-Type: application/json'`, `-d ${quoted(body)}`]
  const python = [
    'import os', 'import openai', '', `client = openai.OpenAI(base_url="${root}/v1", api_key=os.environ["LLMOPS_API_KEY"])`,
    'stream = client.chat.completions.create(', `    model=${literal(model)},`, '    messages=[', ...messages.map((message) => `        ${literal(message)},`), '    ],',
    ...Object.entries(plain).map(([name, value]) => `    ${name}=${value},`), ...(topK === undefined ? [] : [`    extra_body={"top_k": ${topK}},`]),
    '    stream=True,', ')', 'for chunk in stream:', '    if chunk.choices:', '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
  ]
  const js = [
    `import OpenAI from 'openai'`, '', `const client = new OpenAI({ baseURL: '${root}/v1', apiKey: process.env.LLMOPS_API_KEY })`,
    `const stream = await client.chat.completions.create(${body})`, `for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')`,
  ]
  return [
    { name: 'curl', text: curl.join(' \\\n  ') },
    { name: 'Python', text: python.join('\n') },
    { name: 'JavaScript', text: js.join('\n') },
    { name: 'CLI', text: `${cli(model, messages, parameters)} --url ${root}` },
  ]
}

/** The command asks one question; what was said before it is not carried along. */
function cli(model: string, messages: Message[], parameters: Record<string, number>): string {
  const system = messages.find((message) => message.role === 'system')?.content
  const question = messages.findLast((message) => message.role === 'user')?.content ?? ''
  const flags: Record<string, string> = { temperature: '--temperature', maxTokens: '--max-tokens', seed: '--seed' }
  const given = Object.entries(parameters).filter(([name]) => name in flags).map(([name, value]) => ` ${flags[name]} ${value}`)
  return `llmops-server chat ${model} ${quoted(question)}${system ? ` --system ${quoted(system)}` : ''}${given.join('')}`
}
