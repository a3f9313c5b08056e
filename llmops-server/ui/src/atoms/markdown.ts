/** Markdown to HTML that does nothing. Loaded only where it is shown. */
import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false })

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('rel', 'noopener noreferrer nofollow')
    node.setAttribute('target', '_blank')
  }
  // The policy of the page would refuse them anyhow; so that nothing even asks another host, they become their words.
  if (node.tagName === 'IMG' && !/^data:image\/(png|jpeg|gif|webp);/.test(node.getAttribute('src') ?? '')) {
    node.replaceWith(document.createTextNode(node.getAttribute('alt') ?? ''))
  }
})

const ALLOWED = {
  ALLOWED_TAGS: [
    'a', 'b', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'img', 'li', 'ol', 'p', 'pre', 's',
    'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
  ],
  ALLOWED_ATTR: ['href', 'src', 'alt', 'title'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|data:image\/(?:png|jpeg|gif|webp);)/i,
}

export const rendered = (text: string): string => DOMPurify.sanitize(markdown.render(text), ALLOWED)
