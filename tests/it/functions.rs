//! Finds the functions of a Rust text and measures them.

use crate::tree::{closing, is_word, line_of, words};

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Lines of code between its braces: neither blank nor comment.
    pub lines: usize,
    /// Its parameters, `self` among them.
    pub parameters: usize,
}

/// The functions in a text without comments and strings.
pub fn functions(code: &str) -> Vec<Function> {
    words(code, "fn").filter_map(|at| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Function> {
    let after = skip_blank(code, at + 2);
    let name: String = code[after..].chars().take_while(|c| is_word(*c) || *c == '$').collect();
    if name.is_empty() {
        return None; // a pointer type, as in `fn(u32)`
    }
    let open = skip_generics(code, skip_blank(code, after + name.len()));
    if !code[open..].starts_with('(') {
        return None;
    }
    let close = closing(code, open);
    let body = body(code, close + 1)?;
    let inside = &code[body + 1..closing(code, body)];
    Some(Function {
        name,
        line: line_of(code, at),
        lines: inside.lines().filter(|l| !l.trim().is_empty()).count(),
        parameters: parameters(&code[open + 1..close]),
    })
}

/// Where the body opens after the parameters; a declaration has none. An array type holds a `;` of its own.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += code[at..].find(['{', ';', '[', '('])?;
        match code.as_bytes()[at] {
            b'{' => return Some(at),
            b';' => return None,
            _ => at = closing(code, at) + 1,
        }
    }
}

fn skip_blank(code: &str, at: usize) -> usize {
    code.len() - code[at..].trim_start().len()
}

fn skip_generics(code: &str, at: usize) -> usize {
    if !code[at..].starts_with('<') {
        return at;
    }
    let (mut depth, mut before) = (0_usize, ' ');
    for (i, c) in code[at..].char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        before = c;
        if depth == 0 {
            return skip_blank(code, at + i + 1);
        }
    }
    code.len()
}

fn parameters(list: &str) -> usize {
    let (mut depth, mut before, mut count, mut pending) = (0_i32, ' ', 0, false);
    for c in list.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' || before == '=' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => (count, pending) = (count + 1, false),
            _ => {}
        }
        pending |= c != ',' && !c.is_whitespace();
        before = c;
    }
    count + usize::from(pending)
}

#[cfg(test)]
mod tests {
    use super::{Function, functions};
    use crate::tree::Rust;

    fn check(text: &str, name: &str, lines: usize, parameters: usize) {
        let found = functions(&Rust::parse(text).code);
        assert_eq!(found, [Function { name: name.into(), line: 1, lines, parameters }], "{text}");
    }

    #[test]
    fn counts_lines_of_code_only() {
        check("fn a() {\n    // why\n\n    let s = \"{\n}\";\n    /* } */ b('}');\n}\n", "a", 3, 0);
    }

    #[test]
    fn counts_parameters_through_generics() {
        check("fn a<F: Fn(u8, u8) -> u8>(&self, f: F, m: Map<u8, (u8, u8)>,) -> [u8; 2] {\n    x\n}", "a", 1, 3);
    }

    #[test]
    fn leaves_out_pointers_and_declarations() {
        assert_eq!(functions("type A = fn(u8) -> u8; trait T { fn b(&self); }"), []);
    }

    #[test]
    fn tells_a_lifetime_from_a_character() {
        check("fn a<'a>(s: &'a str) {\n    t('\\'', '\"', '{', b'}', r#\"}\"}\"#);\n}", "a", 1, 1);
    }
}
