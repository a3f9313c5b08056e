//! How deep JSON nests, told before anything is built of it.

/// Where the nesting of a JSON text first exceeds a limit, in bytes from its beginning.
///
/// ```
/// use llmops_core::base::nested_deeper;
///
/// assert_eq!(nested_deeper(br#"{"a": [[1]]}"#, 2), Some(7));
/// assert_eq!(nested_deeper(br#"{"a": "[[["}"#, 2), None);
/// ```
pub fn nested_deeper(text: &[u8], limit: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                if depth > limit {
                    return Some(at);
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
