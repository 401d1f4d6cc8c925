//! What the whole file defines, read before anything is lowered: methods and constants of classes, attributes that only hand out a
//! field, and which text belongs to which heredoc.

use std::collections::{HashMap, HashSet};
use tree_sitter::Node;

/// What the file defines.
#[derive(Default)]
pub(super) struct Survey<'n> {
    /// Methods of classes and modules, by name.
    pub methods: HashSet<String>,
    /// Attributes (`attr_reader :x`) that no method of the file defines.
    pub attributes: HashSet<String>,
    /// Constants of classes and modules.
    pub constants: HashSet<String>,
    /// The text of each heredoc, by the id of its beginning.
    pub heredocs: HashMap<usize, Node<'n>>,
}

impl<'n> Survey<'n> {
    /// Reads the tree once.
    pub(super) fn of(text: &[u8], root: Node<'n>) -> Survey<'n> {
        let mut survey = Survey::default();
        let (mut beginnings, mut bodies) = (Vec::new(), Vec::new());
        let mut depth = 0_usize;
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let is_class = matches!(node.kind(), "class" | "module") && node.is_named();
            match node.kind() {
                "heredoc_beginning" => beginnings.push(node),
                "heredoc_body" => bodies.push(node),
                "method" | "singleton_method" if depth > 0 => survey.method(text, node),
                "call" if depth > 0 => survey.attributes(text, node),
                "assignment" if depth > 0 => survey.constant(text, node),
                _ => {}
            }
            if cursor.goto_first_child() {
                depth += usize::from(is_class);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    survey.heredocs = beginnings.into_iter().map(|n| n.id()).zip(bodies).collect();
                    let Survey {
                        methods, attributes, ..
                    } = &mut survey;
                    attributes.retain(|a| !methods.contains(a));
                    return survey;
                }
                let left = cursor.node();
                depth -= usize::from(matches!(left.kind(), "class" | "module") && left.is_named());
            }
        }
    }

    fn method(&mut self, text: &[u8], node: Node<'_>) {
        if let Some(name) = node.child_by_field_name("name") {
            self.methods.insert(of(text, name));
        }
    }

    fn attributes(&mut self, text: &[u8], node: Node<'_>) {
        let declares = node
            .child_by_field_name("method")
            .is_some_and(|m| matches!(&*of(text, m), "attr_reader" | "attr_accessor"));
        let Some(arguments) = node.child_by_field_name("arguments").filter(|_| declares) else {
            return;
        };
        let mut cursor = arguments.walk();
        for name in arguments.named_children(&mut cursor) {
            let name = of(text, name);
            self.attributes.insert(name.trim_start_matches(':').to_owned());
        }
    }

    fn constant(&mut self, text: &[u8], node: Node<'_>) {
        if let Some(left) = node.child_by_field_name("left").filter(|l| l.kind() == "constant") {
            self.constants.insert(of(text, left));
        }
    }
}

fn of(text: &[u8], node: Node<'_>) -> String {
    String::from_utf8_lossy(text.get(node.byte_range()).unwrap_or_default()).into_owned()
}
